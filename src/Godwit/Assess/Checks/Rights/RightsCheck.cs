// Checks.Rights: what the source's user may read, and what happens to roles and superusers' objects at the target.
using Godwit.Assess.Checks.Rows;
using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Assess.Checks.Rights;

/// <summary>Whether the role may read all that a dump reads.</summary>
/// <remarks>pg_dump locks every table, also partitioned ones and those whose rows are left out, and reads every
/// sequence. Both need rights on the schema. Rows that an extension declares as the user's belong to
/// <see cref="ExtensionRowsCheck"/> unless cleaning is off. Materialized views are counted later on both
/// sides.</remarks>
internal sealed class RightsCheck : ICheck
{
    // Above, the statements grant by schema, to fit on the screen.
    private const int ByNameMax = 20;

    // First with the role pg_read_all_data.
    private const int ReadAllDataMajor = 14;

    private const string Closed = """
        WITH owners AS (SELECT relnamespace, relkind = 'S' AS is_sequence, pg_catalog.count(DISTINCT relowner) AS number
                        FROM pg_catalog.pg_class WHERE relkind IN ('r', 'p', 'v', 'm', 'f', 'S') GROUP BY 1, 2)
        SELECT pg_catalog.format('%I.%I', n.nspname, c.relname), pg_catalog.quote_ident(n.nspname), c.relkind = 'S',
               pg_catalog.pg_get_userbyid(c.relowner), pg_catalog.pg_get_userbyid(n.nspowner), o.number = 1,
               pg_catalog.has_schema_privilege(n.oid, 'USAGE'), pg_catalog.has_table_privilege(c.oid, 'SELECT')
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
             JOIN owners o ON o.relnamespace = n.oid AND o.is_sequence = (c.relkind = 'S')
        WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND c.relpersistence <> 't'
          AND (c.relkind IN ('r', 'p', 'S') OR (c.relkind = 'm' AND c.relispopulated))
          AND NOT (pg_catalog.has_schema_privilege(n.oid, 'USAGE') AND pg_catalog.has_table_privilege(c.oid, 'SELECT'))
          AND (NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                           WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid
                               AND d.deptype = 'e')
               OR EXISTS (SELECT FROM pg_catalog.pg_extension e WHERE c.oid = ANY (e.extconfig) AND e.oid <> ALL ($1)))
        ORDER BY n.nspname, c.relname
        """;

    private const string ClosedLargeObjects = """
        SELECT pg_catalog.pg_get_userbyid(l.lomowner), pg_catalog.count(*), pg_catalog.min(l.oid)::bigint
        FROM pg_catalog.pg_largeobject_metadata l
        WHERE pg_catalog.current_setting('lo_compat_privileges') = 'off'
            AND NOT pg_catalog.pg_has_role(l.lomowner, 'USAGE')
          AND NOT EXISTS (SELECT FROM pg_catalog.aclexplode(l.lomacl) a
                          WHERE a.privilege_type = 'SELECT'
                              AND (a.grantee = 0 OR pg_catalog.pg_has_role(a.grantee, 'USAGE')))
        GROUP BY 1 ORDER BY 2 DESC, 1
        """;

    public string Name => "rights on tables, sequences and large objects";

    /// <summary>None: the dump would fail.</summary>
    public IReadOnlyList<string> Acceptable => [];

    public bool IsVital => true;

    public async Task RunAsync(AssessWorld world, IAssessNotes notes, CancellationToken ct)
    {
        var user = world.Source.Address.User;
        var closed = await world.Source.RowsAsync(Closed, row => new ClosedRelation
        {
            Name = row.GetString(0), Schema = row.GetString(1), IsSequence = row.GetBoolean(2),
            Owner = row.GetString(3), SchemaOwner = row.GetString(4),
            HasOneOwner = row.GetBoolean(5), MayUseSchema = row.GetBoolean(6), MaySelect = row.GetBoolean(7),
        }, ct, await world.UnreadExtensionsAsync(ct));
        if (closed.Count > 0)
        {
            var named = Phrase.List([.. closed.Select(relation =>
                relation.IsSequence ? $"{relation.Name} (a sequence)" : relation.Name)]);
            notes.Add(RightsFindings.Unreadable(user, named, closed.Count > ByNameMax
                ? "-- a superuser or your provider's administrator, once for everything:\n"
                    + $"{GrantOfAll(closed, user, world.Source.ServerMajor)}\n-- or piece by piece.\n"
                    + $"{Grants(closed, user)}"
                : Grants(closed, user)));
        }

        var objects = await world.Source.RowsAsync(ClosedLargeObjects,
            row => (Owner: row.GetString(0), Count: row.GetInt64(1), First: row.GetInt64(2)), ct);
        if (objects.Count > 0)
        {
            notes.Add(RightsFindings.UnreadableLargeObjects(user,
                Phrase.Count(objects.Sum(some => some.Count), "large object"),
                Phrase.List([.. objects.Select(some =>
                    $"{some.Owner} owns {Phrase.Count(some.Count, "of them", "of them")}")]),
                GrantOnLargeObjects(user)));
        }
    }

    private static string GrantOfAll(IReadOnlyList<ClosedRelation> closed, string user, int major)
    {
        var schemas = string.Join(", ", closed.Select(relation => relation.Schema).Distinct(StringComparer.Ordinal));
        var role = ServerCatalog.Quote(user);
        return major >= ReadAllDataMajor ? $"GRANT pg_read_all_data TO {role};"
            : $"GRANT USAGE ON SCHEMA {schemas} TO {role};\nGRANT SELECT ON ALL TABLES IN SCHEMA {schemas} TO {role};\n"
                + $"GRANT SELECT ON ALL SEQUENCES IN SCHEMA {schemas} TO {role};";
    }

    // One statement a line, below the name of the role that may run them.
    private static string Grants(IReadOnlyList<ClosedRelation> closed, string user)
    {
        var to = $"TO {ServerCatalog.Quote(user)};";
        var usage = from relation in closed
                    where !relation.MayUseSchema
                    group relation.Schema by relation.SchemaOwner into owned
                    select (Owner: owned.Key, Statement: "GRANT USAGE "
                        + $"ON SCHEMA {string.Join(", ", owned.Distinct(StringComparer.Ordinal))} {to}");
        var select = from relation in closed
                     where !relation.MaySelect
                     group relation by (relation.Owner, relation.IsSequence) into owned
                     from what in What(owned.Key.IsSequence, [.. owned])
                     select (owned.Key.Owner, Statement: $"GRANT SELECT ON {what} {to}");
        var byOwner = from grant in usage.Concat(@select)
                      group grant.Statement by grant.Owner into owned
                      orderby owned.Key
                      select $"-- {owned.Key.ReplaceLineEndings(" ")}:\n{string.Join('\n', owned)}";
        return string.Join('\n', byOwner);
    }

    // By schema if there are many and one role owns all of them.
    private static IEnumerable<string> What(bool isSequence, IReadOnlyList<ClosedRelation> owned)
    {
        var whole = (from relation in owned
                     where relation.HasOneOwner
                     group relation by relation.Schema into schema
                     where schema.Count() > ByNameMax
                     select schema.Key).ToList();
        var single = owned.Where(relation => !whole.Contains(relation.Schema))
            .Select(relation => relation.Name).ToList();
        if (whole.Count > 0)
            yield return $"ALL {(isSequence ? "SEQUENCES" : "TABLES")} IN SCHEMA {string.Join(", ", whole)}";
        if (single.Count > 0)
            yield return $"{(isSequence ? "SEQUENCE " : "")}{string.Join(", ", single)}";
    }

    // Large objects may be millions: a loop grants on all that the current role owns; a superuser grants on all.
    private static string GrantOnLargeObjects(string user) =>
        $"""
        DO $$ DECLARE lo oid; BEGIN
        FOR lo IN SELECT oid FROM pg_catalog.pg_largeobject_metadata
                  WHERE pg_catalog.pg_has_role(lomowner, 'USAGE') LOOP
        EXECUTE pg_catalog.format('GRANT SELECT ON LARGE OBJECT %s TO %I', lo, {Literal(user)}); END LOOP; END $$;
        """.ReplaceLineEndings("\n");

    // Within $$, so a $ in a name must not end the block.
    private static string Literal(string text)
    {
        var quoted = text.Replace("'", "''", StringComparison.Ordinal);
        return $"'{quoted.Replace("$", "'||chr(36)||'", StringComparison.Ordinal)}'";
    }

    private sealed record ClosedRelation
    {
        public required string Name { get; init; }

        public required string Schema { get; init; }

        public required bool IsSequence { get; init; }

        public required string Owner { get; init; }

        public required string SchemaOwner { get; init; }

        /// <summary>One role owns all tables, or all sequences, of the schema.</summary>
        public required bool HasOneOwner { get; init; }

        public required bool MayUseSchema { get; init; }

        public required bool MaySelect { get; init; }
    }
}
