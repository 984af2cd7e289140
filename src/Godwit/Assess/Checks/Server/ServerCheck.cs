// Checks.Server: the source's server: its version and settings, the way to it, who uses it and how much room it has.
using Godwit.Faults;

namespace Godwit.Assess.Checks.Server;

/// <summary>Whether a program here can dump the source's version.</summary>
internal sealed class ServerCheck : ICheck
{
    private const int MajorMin = 12;

    /// <summary>Minor releases of 2026-11-12, by major. From these on servers keep internal options of columns, and
    /// pg_dump leaves them out.</summary>
    /// <remarks>https://www.postgresql.org/docs/current/release.html</remarks>
    private static readonly Dictionary<int, int> InternalOptionsSince =
        new() { [14] = 25, [15] = 20, [16] = 16, [17] = 12, [18] = 6 };

    public string Name => "server";

    public IReadOnlyList<string> Acceptable => [];

    public async Task RunAsync(AssessWorld world, IAssessNotes notes, CancellationToken ct)
    {
        var source = world.Source;
        notes.AddFact("source", $"PostgreSQL {source.ServerVersion}, {world.Provider.Title}");
        notes.AddFact("backup first", world.Provider.Remedies.TakeBackup(source.Address));
        if (source.ServerMajor < MajorMin)
            notes.Add(ServerFindings.TooOld(source.Address, source.ServerMajor));
        if (await world.FindDumperAsync(ct) is { } dumper)
            Judge(dumper, source.ServerVersion, notes);
        else if (world.DumperFault is { } fault)
            notes.Add(Finding.Of(fault));
    }

    private static void Judge(AssessDumper dumper, Version server, IAssessNotes notes)
    {
        notes.AddFact("dumped by", dumper.Name);
        if (IsOlder(dumper.Version, server))
            notes.Add(ServerFindings.PgDumpOlder(dumper.Name, dumper.Major, server));
    }

    /// <summary>Different majors are ordered only by <see cref="InternalOptionsSince"/>.</summary>
    internal static bool IsOlder(Version dumper, Version server) => dumper.Major == server.Major
        ? dumper.Minor < server.Minor : !KnowsInternalOptions(dumper) && KnowsInternalOptions(server);

    private static bool KnowsInternalOptions(Version version) =>
        version.Minor >= InternalOptionsSince.GetValueOrDefault(
            version.Major, version.Major > InternalOptionsSince.Keys.Max() ? 0 : int.MaxValue);
}
