using Godwit.Faults;
using Godwit.Postgres;
using Godwit.Providers;

namespace Godwit.Assess.Checks.Rights;

/// <summary>Whether the target has the roles that row security policies name. Policies are moved, grants and owners are
/// not.</summary>
internal sealed class PolicyRolesCheck : ICheck
{
    private const string Policies = """
        SELECT p.polname::text, pg_catalog.format('%I.%I', n.nspname, c.relname), r.rolname::text, p.polpermissive
        FROM pg_catalog.pg_policy p JOIN pg_catalog.pg_class c ON c.oid = p.polrelid
             JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
             JOIN pg_catalog.pg_roles r ON r.oid = ANY(p.polroles)
        WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
            WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid AND d.deptype = 'e')
        ORDER BY 2, 1, 3
        """;

    public string Name => "policies";

    public IReadOnlyList<string> Acceptable => PolicyRolesFindings.Acceptable;

    public async Task RunAsync(AssessWorld world, IAssessNotes notes, CancellationToken ct)
    {
        var policies = await world.Source.RowsAsync(Policies,
            row => new PolicyRole(row.GetString(0), row.GetString(1), row.GetString(2), row.GetBoolean(3)), ct);
        if (policies.Count == 0)
            return;
        // A new Heroku database has one role, whose name is not known yet.
        var there = world.Target is { } target
            ? (await target.RowsAsync("SELECT rolname::text FROM pg_catalog.pg_roles", row => row.GetString(0), ct))
                .ToHashSet(StringComparer.Ordinal) : [];
        var lost = policies
            .Where(one => !there.Contains(one.Role) && world.Request.RoleMap.Find(one.Role) is null).ToList();
        if (lost.Count > 0)
        {
            notes.Add(PolicyRolesFindings.RoleLost(Phrase.List([.. lost.Select(one =>
                $"{ServerCatalog.Quote(one.Policy)} on {one.Table} is for {one.Role}")]),
                Flags(lost.Select(one => one.Role).Distinct(StringComparer.Ordinal))));
        }

        var toNobody = world.Request.RoleMap.Pairs.Where(pair =>
            world.Target is not null && !RoleMap.IsWord(pair.Value) && !there.Contains(pair.Value)).ToList();
        if (toNobody.Count > 0)
            notes.Add(PolicyRolesFindings.MappedToNobody(
                string.Join(", ", toNobody.Select(pair => pair.Value).Distinct()),
                Flags(toNobody.Select(pair => pair.Key))));
        var added = policies.Where(one => one.IsPermissive).GroupBy(one => one.Table)
            .SelectMany(table => Added(table.Key, [.. table], world.Request.RoleMap)).ToList();
        if (added.Count > 0)
            notes.Add(PolicyRolesFindings.AddedTogether(Phrase.List(added)));
    }

    // Roles whose separate policies will apply to one role. Policies mapped to PUBLIC add to each.
    private static IEnumerable<string> Added(string table, IReadOnlyList<PolicyRole> policies, RoleMap map)
    {
        string Place(PolicyRole one) => map.Find(one.Role) ?? one.Role;
        var places = policies.Select(Place).Distinct(StringComparer.Ordinal).ToList();
        foreach (var place in places.Where(place => place != RoleMap.Public || places.Count == 1))
        {
            var same = policies.Where(one => Place(one) == place || map.Find(one.Role) == RoleMap.Public).ToList();
            var roles = same.Select(one => one.Role).Distinct(StringComparer.Ordinal).ToList();
            if (roles.Count > 1 && same.Select(one => one.Policy).Distinct(StringComparer.Ordinal).Count() > 1
                && roles.Any(role => map.Find(role) is not null))
                yield return $"on {table} those of {string.Join(" and ", roles)} for {place}";
        }
    }

    // NEW is left open: Godwit must not guess which role may see which rows.
    private static string Flags(IEnumerable<string> roles) =>
        string.Join(' ', roles.Select(role => $"--map-role {Argument($"{role}={RoleMap.ToFillIn}")}"));

    // Quotes for a shell.
    private static string Argument(string text) =>
        text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '=' or '-')
            ? text : $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    private sealed record PolicyRole(string Policy, string Table, string Role, bool IsPermissive);
}
