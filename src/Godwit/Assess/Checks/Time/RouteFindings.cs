using Godwit.Faults;

namespace Godwit.Assess.Checks.Time;

internal static class RouteFindings
{
    /// <param name="instead">How to use a store instead: a sentence.</param>
    public static Finding Direct(string why, string instead) => new("assess.direct_route", Severity.Note,
        What: "The contents go straight from server to server (route direct), without a dump and without a store",
        Why: why,
        Remedy: "Godwit reads from the one and writes to the other all the while, so run it near both. " + instead);

    public static Finding DumpFlags(IReadOnlyCollection<string> flags) => new("assess.dump_flags", Severity.Note,
        What: $"What was said about the dump has no effect ({Phrase.List(flags)})",
        Why: "nothing is dumped on the route direct",
        Remedy: "Leave it out.");
}
