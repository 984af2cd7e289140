using System.Net;
using System.Net.Sockets;
using Godwit.Faults;

namespace Godwit.Assess.Checks.Schema;

/// <summary>Foreign servers, their user mappings and foreign tables.</summary>
internal sealed class ForeignDataCheck : ICheck
{
    // Only a server's host and a mapping's user are shown: other options may be secret.
    private const string Servers = """
        SELECT s.srvname::text, w.fdwname::text,
               (SELECT pg_catalog.max(pg_catalog.substr(o, pg_catalog.strpos(o, '=') + 1))
                   FROM pg_catalog.unnest(s.srvoptions) o
                WHERE pg_catalog.split_part(o, '=', 1) IN ('host', 'hostaddr', 'servername'))
        FROM pg_catalog.pg_foreign_server s JOIN pg_catalog.pg_foreign_data_wrapper w ON w.oid = s.srvfdw
        WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                          WHERE d.classid = 'pg_catalog.pg_foreign_server'::pg_catalog.regclass AND d.objid = s.oid
                              AND d.deptype = 'e')
        ORDER BY 1
        """;

    private const string Logins = "SELECT m.srvname::text, pg_catalog.quote_ident(m.srvname), CASE m.umuser WHEN 0 "
        + "THEN 'PUBLIC' ELSE m.usename::text END FROM pg_catalog.pg_user_mappings m ORDER BY 1, 2";

    private const string Tables = """
        SELECT pg_catalog.format('%I.%I', n.nspname, c.relname)
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind = 'f'
          AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                          WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid
                              AND d.deptype = 'e')
        ORDER BY 1
        """;

    public string Name => "foreign servers";

    public IReadOnlyList<string> Acceptable => [];

    public async Task RunAsync(AssessWorld world, IAssessNotes notes, CancellationToken ct)
    {
        var servers = await world.Source.RowsAsync(Servers,
            row => new ForeignServer(row.GetString(0), row.GetString(1), row.IsDBNull(2) ? null : row.GetString(2)),
            ct);
        var near = servers.Where(server => IsNear(server.Host)).ToList();
        if (near.Count > 0)
            notes.Add(ForeignDataFindings.Unreachable(Phrase.Count(near.Count, "foreign server"),
                Phrase.List([.. near.Select(server => $"{server}")])));
        if (servers.Except(near).ToList() is { Count: > 0 } far)
            notes.Add(ForeignDataFindings.Servers(Phrase.Count(far.Count, "foreign server"),
                Phrase.List([.. far.Select(server => $"{server}")])));

        var logins = await world.Source.RowsAsync(Logins,
            row => (Server: row.GetString(0), Quoted: row.GetString(1), User: row.GetString(2)), ct);
        if (logins.Count > 0)
        {
            notes.Add(ForeignDataFindings.Logins(Phrase.Count(logins.Count, "login"),
                Phrase.List([.. logins.Select(login => $"{login.Server} for {login.User}")]),
                string.Join('\n', logins.Select(login => login.Quoted).Distinct(StringComparer.Ordinal)
                    .Select(server =>
                        $"CREATE USER MAPPING FOR CURRENT_USER SERVER {server} OPTIONS (user '…', password '…');"))));
        }

        var tables = await world.Source.RowsAsync(Tables, row => row.GetString(0), ct);
        if (tables.Count > 0)
            notes.Add(ForeignDataFindings.Tables(Phrase.Count(tables.Count, "foreign table"), Phrase.List(tables)));
    }

    // Only the server itself or its network can reach the host. No host: a socket or the server's own machine.
    private static bool IsNear(string? host)
    {
        if (host is null || host.StartsWith('/'))
            return true;
        if (!IPAddress.TryParse(host, out var address))
            return !host.Contains('.', StringComparison.Ordinal) || host.EndsWith(".internal",
                StringComparison.OrdinalIgnoreCase) || host.EndsWith(".local", StringComparison.OrdinalIgnoreCase);
        if (IPAddress.IsLoopback(address) || address.IsIPv6LinkLocal || address.IsIPv6UniqueLocal)
            return true;
        return address.AddressFamily == AddressFamily.InterNetwork
            && address.GetAddressBytes() is [10, ..] or [192, 168, ..] or [172, >= 16 and < 32, ..] or [169, 254, ..];
    }

    private sealed record ForeignServer(string Name, string Wrapper, string? Host)
    {
        public override string ToString() => $"{Name} ({Wrapper}{(Host is null ? "" : $", {Host}")})";
    }
}
