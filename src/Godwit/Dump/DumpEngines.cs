using Godwit.Dump.Parallel;
using Godwit.Extract;
using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Dump;

/// <summary>The engine that was asked for.</summary>
public static class DumpEngines
{
    public static EnumWords<DumpEngineKind> Words { get; } = new(DumpEngineKind.Godwit,
        (DumpEngineKind.Godwit, "godwit"), (DumpEngineKind.PgDump, "pg_dump"));

    /// <param name="call">The pg_dump that fits the source; both need it.</param>
    public static IDumpEngine Open(PgDumpCall call, DumpOptions options) => options.Engine switch
    {
        DumpEngineKind.PgDump => new PgDumpEngine(call, options),
        _ => new GodwitEngine(call, options),
    };

    /// <summary>Asks the source for its version first, because that decides which pg_dump fits; and whether it is a
    /// standby whose sessions may not share a snapshot. Such a one is left to stock pg_dump: definitions and rows come
    /// from one transaction of one session there, so the archive is of one moment by construction. Our own engine would
    /// need pg_dump for the definitions and a session beside it for the rows.</summary>
    /// <exception cref="FaultException">The source cannot be reached, or there is no pg_dump for it; or the snapshot of
    /// <paramref name="options"/> is one of such a standby.</exception>
    public static async Task<IDumpEngine> FindAsync(
        PostgresAddress source, DumpOptions options, PgTools tools, IProcessRunner processes, CancellationToken ct)
    {
        await using var session = await PostgresSession.OpenAsync(source, ct);
        var call = await PgDumpCall.FindAsync(source, session.ServerMajor, tools, processes, ct);
        if (await StandbyFacts.FindAsync(session, ct) is not { } standby)
            return Open(call, options);
        if (options.Snapshot is { } held)
            standby.Sharing.RequireShared(source, held);
        IReadOnlyList<StandbyNote> notes = [.. standby.Notes("the source", options.HasRows,
            "pg_dump leaves their rows out; their definitions are in the dump")];
        return standby.Sharing.MayShare && options.Engine == DumpEngineKind.Godwit
            ? new GodwitEngine(call, options) { Notes = notes } : new PgDumpEngine(call, options) { Notes = notes };
    }
}
