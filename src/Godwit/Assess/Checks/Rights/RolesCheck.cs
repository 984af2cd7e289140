using Godwit.Faults;
using Godwit.Postgres;
using Godwit.Providers;

namespace Godwit.Assess.Checks.Rights;

/// <summary>Roles of the source that the target lacks, and what is lost with them.</summary>
internal sealed class RolesCheck : ICheck
{
    // pg_shdepend lists every owner ('o') and grantee ('a') except the bootstrap superuser, who owns the system's
    // objects.
    private const string Possessions = """
        SELECT r.rolname::text, d.deptype = 'o', d.classid = 'pg_catalog.pg_default_acl'::pg_catalog.regclass,
               CASE d.classid::pg_catalog.regclass::pg_catalog.text
                   WHEN 'pg_class' THEN CASE (SELECT c.relkind FROM pg_catalog.pg_class c WHERE c.oid = d.objid)
                       WHEN 'v' THEN 'view' WHEN 'm' THEN 'view' WHEN 'S' THEN 'sequence' WHEN 'c' THEN 'type'
                           ELSE 'table' END
                   WHEN 'pg_proc' THEN 'function' WHEN 'pg_namespace' THEN 'schema' WHEN 'pg_type' THEN 'type'
                       WHEN 'pg_largeobject' THEN 'large object'
                   ELSE 'other object' END,
               pg_catalog.count(DISTINCT d.objid)
        FROM pg_catalog.pg_shdepend d JOIN pg_catalog.pg_roles r ON r.oid = d.refobjid
        WHERE d.dbid = (SELECT b.oid FROM pg_catalog.pg_database b WHERE b.datname = pg_catalog.current_database())
          AND d.refclassid = 'pg_catalog.pg_authid'::pg_catalog.regclass AND d.deptype IN ('o', 'a')
          AND d.objid >= 16384
          AND d.classid <> 'pg_catalog.pg_user_mapping'::pg_catalog.regclass
          AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend e
              WHERE e.classid = d.classid AND e.objid = d.objid AND e.deptype = 'e')
          AND NOT (d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
                   AND EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.oid = d.objid AND c.relpersistence = 't'))
        GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 5 DESC, 4
        """;

    private const string Definers = """
        SELECT pg_catalog.format('%I.%I(%s)', n.nspname, p.proname,
            pg_catalog.pg_get_function_identity_arguments(p.oid)), pg_catalog.pg_get_userbyid(p.proowner)
        FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
        WHERE p.prosecdef AND p.oid >= 16384 AND n.nspname !~ '^pg_'
          AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
              WHERE d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.objid = p.oid AND d.deptype = 'e')
        ORDER BY 1
        """;

    // A restore does not check bodies and settings, so it accepts such a function. The function fails when called.
    private const string BecomingRoles = """
        SELECT pg_catalog.format('%I.%I(%s)', n.nspname, p.proname,
            pg_catalog.pg_get_function_identity_arguments(p.oid)),
               pg_catalog.split_part(c, '=', 1), pg_catalog.substr(c, pg_catalog.strpos(c, '=') + 1)
        FROM pg_catalog.pg_proc p
             JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace, pg_catalog.unnest(p.proconfig) c
        WHERE p.oid >= 16384 AND pg_catalog.split_part(c, '=', 1) IN ('role', 'session_authorization')
            AND pg_catalog.split_part(c, '=', 2) <> 'none'
          AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
              WHERE d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.objid = p.oid AND d.deptype = 'e')
        ORDER BY 1, 2
        """;

    // Rights that PUBLIC has by default. Without grants in the dump they are not revoked.
    private const string Revoked = """
        SELECT pg_catalog.format('EXECUTE ON ROUTINE %I.%I(%s)', n.nspname, p.proname,
            pg_catalog.pg_get_function_identity_arguments(p.oid))
        FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
        WHERE p.proacl IS NOT NULL AND p.oid >= 16384 AND n.nspname !~ '^pg_'
          AND NOT EXISTS (SELECT FROM pg_catalog.aclexplode(p.proacl) a WHERE a.grantee = 0)
          AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                          WHERE d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.objid = p.oid
                              AND d.deptype IN ('e', 'i'))
        UNION ALL
        SELECT pg_catalog.format('USAGE ON TYPE %I.%I', n.nspname, t.typname)
        FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
        WHERE t.typacl IS NOT NULL AND t.oid >= 16384 AND n.nspname !~ '^pg_'
          AND NOT EXISTS (SELECT FROM pg_catalog.aclexplode(t.typacl) a WHERE a.grantee = 0)
          AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
              WHERE d.classid = 'pg_catalog.pg_type'::pg_catalog.regclass AND d.objid = t.oid AND d.deptype = 'e')
        ORDER BY 1
        """;

    // Includes the bootstrap superuser, who owns most objects of many private servers.
    private const string TableOwners = """
        SELECT pg_catalog.pg_get_userbyid(c.relowner)
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p') AND c.oid >= 16384 AND n.nspname !~ '^pg_'
          AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                          WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid
                              AND d.deptype = 'e')
        GROUP BY c.relowner
            ORDER BY pg_catalog.count(*) DESC, pg_catalog.pg_get_userbyid(c.relowner) = current_user DESC, 1
        """;

    public string Name => "roles and grants";

    public IReadOnlyList<string> Acceptable => [];

    public async Task RunAsync(AssessWorld world, IAssessNotes notes, CancellationToken ct)
    {
        var roles = world.Target is null ? [] : await TargetRole.AllAsync(world.Target, ct);
        var there = roles.Select(role => role.Name).ToList();
        // Grants of a role mapped to PUBLIC are lost: PUBLIC does not get them.
        var mapped = world.Request.RoleMap.Pairs
            .Where(pair => pair.Value == RoleMap.CurrentUser || there.Contains(pair.Value)).ToList();
        HashSet<string> known = world.Request.Cleans ? [.. world.Provider.Roles, .. there,
            .. mapped.Select(pair => pair.Key)] : [.. world.Provider.Roles];
        var mayOwn = roles.Where(role => role.MayOwn).Select(role => role.Name).ToHashSet(StringComparer.Ordinal);
        HashSet<string> owning = !world.Request.Cleans ? known
            : [.. world.Provider.Roles, .. mayOwn, .. mapped.Where(pair =>
                pair.Value == RoleMap.CurrentUser || mayOwn.Contains(pair.Value)).Select(pair => pair.Key)];
        var all = (await world.Source.RowsAsync(Possessions,
                row => new Possession(row.GetString(0), row.GetBoolean(1), row.GetBoolean(2), row.GetString(3),
                    row.GetInt64(4)), ct))
            .Where(one => !(one.IsOwner ? owning : known).Contains(one.Role)).ToList();

        // The target's owner replaces the role that owns most tables, so nothing changes for it. At some providers that
        // role is their own (doadmin).
        var main = await world.Source.RowsAsync(TableOwners, row => row.GetString(0), ct) is [var most, ..]
            ? most : world.Source.Address.User;
        bool IsLost(string role) => role != main && role != world.Source.Address.User;

        if (all.Where(one => one is { IsOwner: true, IsDefault: false } && IsLost(one.Role)).ToList()
            is { Count: > 0 } owners)
            notes.Add(RolesFindings.Owners(Phrase.Count(Roles(owners), "role owns objects", "roles own objects"),
                Summary(owners)));
        if (all.Where(one => !one.IsOwner && !one.IsDefault && IsLost(one.Role)).ToList() is { Count: > 0 } granted)
            notes.Add(await GrantsLostAsync(world, granted, ct));
        if (all.Where(one => one is { IsOwner: true, IsDefault: true } && (!world.Request.Cleans || IsLost(one.Role)))
            .Select(one => one.Role).Distinct(StringComparer.Ordinal).ToList() is { Count: > 0 } defaults)
            notes.Add(RolesFindings.DefaultPrivileges(Phrase.List(defaults)));

        await LookAtFunctionsAsync(world, role => IsLost(role) && !owning.Contains(role), there, notes, ct);
    }

    // A credential belongs to one database, and the app may have others.
    private static async Task<Finding> GrantsLostAsync(
        AssessWorld world, IReadOnlyList<Possession> granted, CancellationToken ct)
    {
        var names = granted.Select(one => one.Role).Distinct(StringComparer.Ordinal).ToList();
        var (plan, addOn) = (await world.PlanAsync(ct), await world.FindAddOnAsync(ct));
        var (database, app) = (addOn?.Name ?? "DATABASE", world.Parts.Target?.Heroku?.App ?? "APP");
        var statements = !world.IsForHeroku ? names.Select(name => $"CREATE ROLE {ServerCatalog.Quote(name)};")
            : plan?.Split('-')[0] == "essential" ? [$"# The plan {plan} has no credentials."]
            : names.Select(name =>
                $"heroku pg:credentials:create {database} --app {app} --name {ShellWord.Of(name)}");
        return RolesFindings.Grants(Phrase.Count(names.Count, "role"), Summary(granted),
            string.Join('\n', statements));
    }

    private static async Task LookAtFunctionsAsync(
        AssessWorld world, Func<string, bool> isLost, IReadOnlyList<string> there, IAssessNotes notes,
        CancellationToken ct)
    {
        var source = world.Source;
        var definers = (await source.RowsAsync(Definers, row => (Name: row.GetString(0), Owner: row.GetString(1)), ct))
            .Where(one => isLost(one.Owner)).ToList();
        if (definers.Count > 0)
        {
            notes.Add(RolesFindings.Definers(Phrase.Count(definers.Count, "function"),
                Phrase.List([.. definers.Select(one => $"{one.Name} of {one.Owner}")]),
                string.Join('\n', definers.Select(one => $"ALTER ROUTINE {one.Name} SECURITY INVOKER;"))));
        }

        // Even the source's main role has another name at the target.
        var becoming = (await source.RowsAsync(BecomingRoles,
            row => (Name: row.GetString(0), Setting: row.GetString(1), Role: row.GetString(2)), ct))
            .Where(one => !there.Contains(one.Role)).ToList();
        if (becoming.Count > 0)
        {
            notes.Add(RolesFindings.BecomingRoles(Phrase.Count(becoming.Count, "function"),
                Phrase.List([.. becoming.Select(one => $"{one.Name} ({one.Role})")]),
                string.Join('\n', becoming.Select(one => $"ALTER ROUTINE {one.Name} RESET {one.Setting};"))));
        }

        // Cleaning moves REVOKE … FROM PUBLIC too.
        var revoked = world.Request.Cleans ? [] : await source.RowsAsync(Revoked, row => row.GetString(0), ct);
        if (revoked.Count > 0)
        {
            notes.Add(RolesFindings.PublicAgain(Phrase.Count(revoked.Count, "function or type", "functions and types"),
                Phrase.List(revoked), string.Join('\n', revoked.Select(one => $"REVOKE {one} FROM PUBLIC;"))));
        }
    }

    private static int Roles(IEnumerable<Possession> possessions) =>
        possessions.Select(one => one.Role).Distinct(StringComparer.Ordinal).Count();

    // report (12 tables, 1 schema), Odd one (1 function).
    private static string Summary(IEnumerable<Possession> possessions) => Phrase.List(
    [
        .. from one in possessions
           group Phrase.Count(one.Number, one.Kind) by one.Role into role
           select $"{role.Key} ({string.Join(", ", role)})",
    ]);

    private sealed record Possession(string Role, bool IsOwner, bool IsDefault, string Kind, long Number);
}
