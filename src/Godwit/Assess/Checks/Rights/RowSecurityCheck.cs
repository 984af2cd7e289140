using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Assess.Checks.Rights;

/// <summary>A dump sets <c>row_security = off</c>: the server refuses to read a table with rows hidden from the
/// role.</summary>
internal sealed class RowSecurityCheck : ICheck
{
    private const string Filtered = """
        SELECT pg_catalog.format('%I.%I', n.nspname, c.relname), pg_catalog.pg_get_userbyid(c.relowner),
               pg_catalog.pg_has_role(c.relowner, 'USAGE'), c.relforcerowsecurity,
               (SELECT r.rolsuper FROM pg_catalog.pg_roles r WHERE r.oid = c.relowner)
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relrowsecurity AND c.relkind = 'r' AND c.relpersistence <> 't' AND n.nspname !~ '^pg_'
          AND pg_catalog.row_security_active(c.oid)
          AND (NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                           WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid
                               AND d.deptype = 'e')
               OR EXISTS (SELECT FROM pg_catalog.pg_extension e WHERE c.oid = ANY (e.extconfig) AND e.oid <> ALL ($1)))
        ORDER BY 1
        """;

    public string Name => "row security";

    /// <summary>None: the dump would fail.</summary>
    public IReadOnlyList<string> Acceptable => [];

    public bool IsVital => true;

    public async Task RunAsync(AssessWorld world, IAssessNotes notes, CancellationToken ct)
    {
        var filtered = await world.Source.RowsAsync(Filtered,
            row => new FilteredTable(row.GetString(0), row.GetString(1), row.GetBoolean(2), row.GetBoolean(3),
                row.GetBoolean(4)), ct, await world.UnreadExtensionsAsync(ct));
        if (filtered.Count > 0)
        {
            var user = world.Source.Address.User;
            notes.Add(RowSecurityFindings.RowsHidden(user, Phrase.List([.. filtered.Select(table => table.Name)]),
                string.Join('\n', Ways(filtered, ServerCatalog.Quote(user)))));
        }
    }

    private static IEnumerable<string> Ways(IReadOnlyList<FilteredTable> filtered, string role)
    {
        yield return $"-- a superuser, or your provider's administrator:\nALTER ROLE {role} BYPASSRLS;";
        var others = filtered.Where(table => !table.IsOwn).ToList();
        // Membership in a superuser gives far more than the missing right: not offered.
        if (others.Any(table => table.IsSuperusers))
            yield break;
        if (others.Count > 0)
        {
            var owners = others.Select(table => table.Owner).Distinct().Order(StringComparer.Ordinal)
                .Select(ServerCatalog.Quote);
            yield return "-- or let the user count as their owner, for as long as the move takes:\n"
                + $"GRANT {string.Join(", ", owners)} TO {role};";
        }

        // FORCE also subjects the owner to the policies.
        var forced = filtered.Where(table => table.IsForced)
            .Select(table => $"ALTER TABLE {table.Name} NO FORCE ROW LEVEL SECURITY;").ToList();
        if (forced.Count > 0)
            yield return $"-- {(others.Count > 0 ? "and" : "or")} free the owner from the policies; "
                + $"afterwards put FORCE back, here and at the target:\n{string.Join('\n', forced)}";
    }

    private sealed record FilteredTable(string Name, string Owner, bool IsOwn, bool IsForced, bool IsSuperusers);
}
