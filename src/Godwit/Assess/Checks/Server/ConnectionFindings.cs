using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Assess.Checks.Server;

internal static class ConnectionFindings
{
    public static IReadOnlyList<string> Acceptable { get; } = ["assess.pooler"];

    public static Finding Pooler(PostgresAddress source, string why, string instead) => new(
        "assess.pooler", Severity.Blocker,
        What: $"A connection pooler answers at {source}",
        Why: $"{why}; a pooler may run each transaction in another session of the server, "
            + "and a dump needs sessions that keep their settings",
        Remedy: $"Connect to the server itself: in --from, use {instead}. "
            + "A pooler in session mode may work: then add --accept assess.pooler.");

    public static Finding SeveralServers(PostgresAddress source, string seen) => new(
        "assess.several_servers", Severity.Blocker,
        What: $"Several servers answer at {source}",
        Why: $"connections opened one after another reached {seen}; the dump and the freeze must reach the same one",
        Remedy: "Give the address of the primary itself, "
            + "not that of a load balancer or a name that several servers share.");

    public static Finding Plain(PostgresAddress source, string why, string remedy) => new(
        "assess.no_tls", Severity.Warning,
        What: $"The connection to {source} is not encrypted",
        Why: $"{why}; anyone on the network path can read every row of the database",
        Remedy: remedy);
}
