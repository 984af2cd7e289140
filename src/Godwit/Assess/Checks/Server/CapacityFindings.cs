using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Assess.Checks.Server;

internal static class CapacityFindings
{
    public static IReadOnlyList<string> Acceptable { get; } = ["assess.locks_exhausted"];

    public static Finding LocksExhausted(long tables, long room, long needed) => new(
        "assess.locks_exhausted", Severity.Blocker,
        What: $"A dump needs a lock on each of the source's {Phrase.Count(tables, "table")}, "
            + $"and the server has room for about {ServerCatalog.Number(room)}",
        Why: "pg_dump locks all tables at once, so that nobody changes them during the dump, and would fail with "
            + "'out of shared memory'",
        Remedy: $"Set max_locks_per_transaction to at least {needed} at the source and restart it; or move its "
            + "schemas one after the other.");

    public static Finding LocksTight(long tables, long room, long needed) => new("assess.locks_tight", Severity.Warning,
        What: $"A dump needs a lock on each of the source's {Phrase.Count(tables, "table")}, "
            + $"and the server guarantees room for only {ServerCatalog.Number(room)}",
        Why: "the server may have spare room; if not, the dump, or an application that needs locks at the same "
            + "time, fails with 'out of shared memory'",
        Remedy: $"Set max_locks_per_transaction to at least {needed} at the source and restart it, or move while "
            + "little else runs.");

    public static Finding Connections(long free, string wanted, string limits) => new(
        "assess.connections", Severity.Warning,
        What: $"The source has only {Phrase.Count(free, "connection")} left for Godwit",
        Why: $"{wanted}; with fewer connections the move is slower or fails; {limits}",
        Remedy: "Scale down workers and close idle sessions before the move, raise the limit, or move with fewer "
            + "connections: --jobs N.");
}
