using Godwit.Faults;

namespace Godwit.Assess.Checks.Time;

internal static class RouteFindings
{
    /// <param name="instead">How to use a store instead: a sentence.</param>
    public static Finding Direct(string why, string instead) => new("assess.direct_route", Severity.Note,
        What: "Godwit copies directly from server to server (route direct), without a dump and without a store",
        Why: why,
        Remedy: "Run Godwit near both servers: it reads from one and writes to the other all the time. " + instead);

    public static Finding DumpFlags(IReadOnlyCollection<string> flags) => new("assess.dump_flags", Severity.Note,
        What: $"Options of the dump have no effect ({Phrase.List(flags)})",
        Why: "the route direct makes no dump",
        Remedy: "Leave them out.");
}
