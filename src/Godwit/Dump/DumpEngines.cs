using Godwit.Dump.Parallel;
using Godwit.Extract;
using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Dump;

/// <summary>The engine that was asked for.</summary>
public static class DumpEngines
{
    /// <param name="call">The pg_dump that fits the source; both need it.</param>
    public static IDumpEngine Open(PgDumpCall call, DumpOptions options) => options.Engine switch
    {
        DumpEngineKind.PgDump => new PgDumpEngine(call, options),
        _ => new GodwitEngine(call, options),
    };

    /// <summary>Asks the source for its version first, because that decides which pg_dump fits.</summary>
    /// <exception cref="FaultException">The source cannot be reached, or there is no pg_dump for it.</exception>
    public static async Task<IDumpEngine> FindAsync(
        PostgresAddress source, DumpOptions options, PgTools tools, IProcessRunner processes, CancellationToken ct)
    {
        await using var session = await PostgresSession.OpenAsync(source, ct);
        return Open(await PgDumpCall.FindAsync(source, session.ServerMajor, tools, processes, ct), options);
    }
}
