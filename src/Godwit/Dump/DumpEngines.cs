using Godwit.Dump.Parallel;
using Godwit.Extract;
using Godwit.Faults;
using Godwit.PgArchive;
using Godwit.Postgres;

namespace Godwit.Dump;

public static class DumpEngines
{
    public static EnumWords<DumpEngineKind> Words { get; } = new(DumpEngineKind.Godwit,
        (DumpEngineKind.Godwit, "godwit"), (DumpEngineKind.PgDump, "pg_dump"));

    // The first that has other compressions than gzip.
    private const int PgDumpOfCompressions = 16;

    /// <param name="call">The pg_dump that fits the source; both need it.</param>
    /// <exception cref="FaultException">This pg_dump does not know the compression.</exception>
    public static IDumpEngine Open(PgDumpCall call, DumpOptions options) => options.Engine switch
    {
        DumpEngineKind.PgDump => Stock(call, options, []),
        _ => new GodwitEngine(call, options),
    };

    private static PgDumpEngine Stock(PgDumpCall call, DumpOptions options, IReadOnlyList<Finding> notes) =>
        options.Compression.Algorithm > ArchiveCompression.Gzip && call.Version.Major < PgDumpOfCompressions
            ? throw new FaultException(DumpFaults.NoSuchCompression($"{options.Compression}", call.Name))
            : new(call, options) { Notes = notes };

    /// <summary>Asks the source for its version, which decides on the pg_dump, and whether it is a standby whose
    /// sessions cannot share a snapshot. Stock pg_dump dumps such a standby: it reads definitions and rows in one
    /// transaction, so the archive is of one moment. Our own engine reads the rows in other sessions than
    /// pg_dump's.</summary>
    /// <exception cref="FaultException">No pg_dump fits, or <paramref name="options"/> names a snapshot of such a
    /// standby.</exception>
    public static async Task<IDumpEngine> FindAsync(
        PostgresAddress source, DumpOptions options, PgTools tools, IProcessRunner processes, CancellationToken ct)
    {
        await using var session = await PostgresSession.OpenAsync(source, ct);
        var call = await PgDumpCall.FindAsync(source, session.ServerMajor, tools, processes, ct);
        if (await StandbyFacts.FindAsync(session, ct) is not { } standby)
            return Open(call, options);
        if (options.Snapshot is { } held)
            standby.Sharing.RequireShared(source, held);
        IReadOnlyList<Finding> notes = [.. standby.Notes("the source", options.HasRows,
            "pg_dump leaves their rows out; their definitions are in the dump")];
        return standby.Sharing.MayShare && options.Engine == DumpEngineKind.Godwit
            ? new GodwitEngine(call, options) { Notes = notes } : Stock(call, options, notes);
    }
}
