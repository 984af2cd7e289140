using System.Globalization;
using Godwit.Faults;
using Godwit.Postgres;
using Godwit.Providers;
using Npgsql;

namespace Godwit.Assess.Checks.Server;

/// <summary>Whether the address leads directly to one server, and whether the connection is encrypted.</summary>
internal sealed class ConnectionCheck : ICheck
{
    // Extra connections, to see whether they reach the same server. The first detects a round-robin balancer, all three
    // a random choice of two servers in seven of eight cases.
    private const int FurtherConnections = 3;

    public string Name => "connection";

    public IReadOnlyList<string> Acceptable => ConnectionFindings.Acceptable;

    public async Task RunAsync(AssessWorld world, IAssessNotes notes, CancellationToken ct)
    {
        var source = world.Source;
        if (await PoolerAsync(world, ct) is { } pooler)
        {
            // Behind a pooler we cannot check encryption and server.
            notes.Add(pooler);
            return;
        }

        var servers = new HashSet<string>(StringComparer.Ordinal) { await ServerAsync(source, ct) };
        for (var n = 0; n < FurtherConnections && servers.Count == 1; n++)
        {
            await using var further = await PostgresSession.OpenAsync(source.Address, ct);
            servers.Add(await ServerAsync(further, ct));
        }

        if (servers.Count > 1)
            notes.Add(ConnectionFindings.SeveralServers(source.Address,
                string.Join(" and ", servers.Order(StringComparer.Ordinal))));
        if (!source.Address.IsLoopback && !await source.ScalarAsync<bool>(
            "SELECT ssl FROM pg_catalog.pg_stat_ssl WHERE pid = pg_catalog.pg_backend_pid()", ct))
            notes.Add(Plain(source.Address));
    }

    private static async Task<Finding?> PoolerAsync(AssessWorld world, CancellationToken ct)
    {
        var address = world.Source.Address;
        if (world.Provider.EndPoint(EndPointKind.Pooler, address) is { } known)
            return ConnectionFindings.Pooler(address, known.Why, known.Instead(address));
        var database = await world.Source.ScalarAsync<string>("SELECT pg_catalog.current_database()::text", ct);
        var why = world.Source.IsPooled ? "the process that answers is not the one that was named at login"
            : database != address.Database ? $"the database '{address.Database}' is called '{database}' by the server"
            : null;
        return why is null ? null : ConnectionFindings.Pooler(address, why,
            "host and port of the server itself as "
            + $"{(world.Provider == KnownProviders.Unknown ? "its operator" : world.Provider.Title)} names them, "
            + $"and the database '{database}'");
    }

    // Two servers never start in the same microsecond. A standby shares the primary's system identifier, not its start.
    private static async Task<string> ServerAsync(PostgresSession session, CancellationToken ct)
    {
        var (started, isStandby) = (await session.RowsAsync(
            "SELECT pg_catalog.pg_postmaster_start_time(), pg_catalog.pg_is_in_recovery()",
            row => (row.GetDateTime(0), row.GetBoolean(1)), ct))[0];
        return $"a {(isStandby ? "standby" : "primary")} started at "
            + $"{started.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture)} UTC";
    }

    private static Finding Plain(PostgresAddress source) => source.Ssl == SslMode.Disable
        ? ConnectionFindings.Plain(source, "the URL asks for that: sslmode=disable",
            "Ask for encryption in the URL: sslmode=require")
        : ConnectionFindings.Plain(source, "the server offers no TLS",
            "Turn on ssl at the server and add sslmode=require to the URL, "
            + "or run Godwit inside of the server's own network.");
}
