using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Assess.Checks.Server;

internal static class ConnectionFindings
{
    public static IReadOnlyList<string> Acceptable { get; } = ["assess.pooler"];

    public static Finding Pooler(PostgresAddress source, string why, string instead) => new(
        "assess.pooler", Severity.Blocker,
        What: $"A connection pooler answers at {source}",
        Why: $"{why}; a pooler may give each transaction another session of the server, "
            + "and a dump needs sessions that keep what they have set",
        Remedy: $"Go to the server itself: in --from, use {instead}. "
            + "A pooler in session mode may work: then add --accept assess.pooler.");

    public static Finding SeveralServers(PostgresAddress source, string seen) => new(
        "assess.several_servers", Severity.Blocker,
        What: $"Several servers answer at {source}",
        Why: $"connections opened one after another reached {seen}; a dump and its freeze must all reach the same one",
        Remedy: "Give the address of the primary itself, "
            + "not that of a load balancer or a name that stands for several servers.");

    public static Finding Plain(PostgresAddress source, string why, string remedy) => new(
        "assess.no_tls", Severity.Warning,
        What: $"The connection to {source} is not encrypted",
        Why: $"{why}; everybody on the way can read the rows of the whole database",
        Remedy: remedy);
}
