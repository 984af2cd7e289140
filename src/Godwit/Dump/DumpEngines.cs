using Godwit.Dump.Parallel;

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
}
