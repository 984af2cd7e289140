using System.Text.Json.Nodes;
using Godwit.EndToEnd.Migration;
using Npgsql;

namespace Godwit.EndToEnd.Chaos;

/// <summary>Everything that a run may change and must put back, a line each, as it is at one moment.</summary>
/// <param name="Source">Settings, grants, roles.</param>
/// <param name="App">Maintenance, formation, config vars, attachments.</param>
/// <param name="AddOns">The databases of the app.</param>
internal sealed record Snapshot(IReadOnlyList<string> Source, IReadOnlyList<string> App, IReadOnlySet<string> AddOns)
{
    /// <summary>A list of grants that is the default is as good as none: only a superuser can make it none
    /// again.</summary>
    private const string Grants = "(SELECT string_agg(one::text, ' ' ORDER BY one::text) "
        + "FROM unnest(coalesce(datacl, acldefault('d', datdba))) one)";

    private const string Sql = $"""
        SELECT format('database: owner %s, limit %s, allowed %s, grants %s', datdba::regrole, datconnlimit,
            datallowconn, {Grants})
        FROM pg_database WHERE datname = current_database()
        UNION ALL
        SELECT format('settings of %s, %s: %s', coalesce(d.datname, '*'), coalesce(r.rolname, '*'), setconfig)
        FROM pg_db_role_setting s LEFT JOIN pg_database d ON d.oid = setdatabase LEFT JOIN pg_roles r ON r.oid = setrole
        WHERE d.datname = current_database() OR r.rolname LIKE current_database() || '%'
        UNION ALL
        SELECT format('one setting of %s, %s: %s', coalesce(d.datname, '*'), coalesce(r.rolname, '*'), one)
        FROM pg_db_role_setting s LEFT JOIN pg_database d ON d.oid = setdatabase
             LEFT JOIN pg_roles r ON r.oid = setrole, unnest(setconfig) one
        WHERE d.datname = current_database() OR r.rolname LIKE current_database() || '%'
        UNION ALL
        SELECT format('role %s: %s %s %s %s %s', rolname, rolsuper, rolcanlogin, rolconnlimit, rolvaliduntil, rolconfig)
        FROM pg_roles WHERE rolname LIKE current_database() || '%'
        UNION ALL
        SELECT format('member %s of %s', member::regrole, roleid::regrole) FROM pg_auth_members
        WHERE member::regrole::text LIKE current_database() || '%'
            OR roleid::regrole::text LIKE current_database() || '%'
        UNION ALL
        SELECT format('schema %s: %s, %s', nspname, nspowner::regrole, nspacl) FROM pg_namespace
        WHERE nspname NOT LIKE 'pg\_t%'
        UNION ALL
        SELECT format('relation %s: %s, %s, %s', c.oid::regclass, relkind, relowner::regrole, relacl)
        FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
        WHERE nspname NOT IN ('pg_catalog', 'information_schema') AND nspname NOT LIKE 'pg\_t%'
        UNION ALL
        SELECT format('event trigger %s', evtname) FROM pg_event_trigger
        UNION ALL
        SELECT format('publication %s', pubname) FROM pg_publication
        """;

    /// <param name="source">A superuser's connection string.</param>
    /// <param name="before">A database that a run ordered may stay at the app, under whatever names, and so may an app
    /// that a run made: what is not in here is left out. Null: nothing is.</param>
    public static async Task<Snapshot> TakeAsync(
        GodwitRig rig, ChaosApps apps, string source, Snapshot? before, CancellationToken ct)
    {
        var (lines, addOns) = (new List<string>(), new HashSet<string>(StringComparer.Ordinal));
        foreach (var app in apps.Names)
        {
            if (!await apps.ExistsAsync(app)
                || before?.App.Any(line => line.StartsWith(app + ":", StringComparison.Ordinal)) == false)
                continue;
            var attachments = (await rig.GetAsync($"/apps/{app}/addon-attachments"))
                .AsArray().Select(one => one!).ToList();
            addOns.UnionWith(attachments.Select(NameOf));
            var unknown = attachments.Where(one => before?.AddOns.Contains(NameOf(one)) == false).ToList();
            var vars = unknown.ConvertAll(one => $"config {one["name"]!.GetValue<string>()}_URL=");
            lines.AddRange((await AppAsync(rig, app, attachments.Except(unknown)))
                .Where(line => !vars.Exists(one => line.StartsWith(one, StringComparison.Ordinal)))
                .Select(line => $"{app}: {line}"));
        }

        return new(await SourceAsync(source, ct), lines, addOns);
    }

    private static string NameOf(JsonNode attachment) => attachment["addon"]!["name"]!.GetValue<string>();

    private static async Task<IReadOnlyList<string>> AppAsync(
        GodwitRig rig, string app, IEnumerable<JsonNode> attachments)
    {
        var lines = new List<string> { $"maintenance {(await rig.GetAsync($"/apps/{app}"))["maintenance"]}" };
        lines.AddRange((await rig.GetAsync($"/apps/{app}/formation")).AsArray()
            .Select(one => $"process {one!["type"]}: {one["quantity"]} of {one["size"]}, {one["command"]}"));
        lines.AddRange((await rig.GetAsync($"/apps/{app}/config-vars"))
            .AsObject().Select(one => $"config {one.Key}={one.Value}"));
        lines.AddRange(attachments.Select(one => $"attachment {one["name"]}: {NameOf(one)} {one["namespace"]}"));
        lines.Sort(StringComparer.Ordinal);
        return lines;
    }

    private static async Task<IReadOnlyList<string>> SourceAsync(string source, CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(source);
        await connection.OpenAsync(ct);
        await using var command = new NpgsqlCommand(Sql, connection);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var lines = new List<string>();
        while (await reader.ReadAsync(ct))
            lines.Add(reader.GetString(0));
        lines.Sort(StringComparer.Ordinal);
        return lines;
    }
}
