using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Assess.Checks.Schema;

/// <summary>Whether the source's indexes were built with the present version of the collation library.</summary>
internal static class CollationVersions
{
    private const int DatabaseVersionSince = 15;

    // Before 15 the version of the database's own collation was not stored.
    private const string OfDatabase = """
        SELECT datcollversion, pg_catalog.pg_database_collation_actual_version(oid) FROM pg_catalog.pg_database
        WHERE datname = pg_catalog.current_database()
            AND datcollversion <> pg_catalog.pg_database_collation_actual_version(oid)
        """;

    // Only those that an index uses: no other version is looked up.
    private const string OfCollations = $"""
        WITH used AS MATERIALIZED (
            SELECT pg_catalog.format('%I.%I', n.nspname, i.relname) AS named, k.coll
            FROM pg_catalog.pg_index x JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
                 JOIN pg_catalog.pg_class c ON c.oid = x.indrelid
                 JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace,
                 pg_catalog.unnest(x.indcollation::pg_catalog.oid[]) AS k(coll)
            WHERE k.coll NOT IN (0, 100) AND i.relkind = 'i' AND {Wording.IsOwn}),
        changed AS MATERIALIZED (
            SELECT l.oid, pg_catalog.format('%I.%I', n.nspname, l.collname) AS name
            FROM pg_catalog.pg_collation l JOIN pg_catalog.pg_namespace n ON n.oid = l.collnamespace
            WHERE l.collversion IS NOT NULL AND CASE WHEN l.oid IN (SELECT coll
                FROM used) THEN l.collversion <> pg_catalog.pg_collation_actual_version(l.oid) END)
        SELECT c.name, pg_catalog.array_agg(DISTINCT u.named) FROM changed c JOIN used u ON u.coll = c.oid
        GROUP BY c.name ORDER BY 1
        """;

    public static async Task LookAsync(PostgresSession source, IAssessNotes notes, CancellationToken ct)
    {
        var statements = new List<string>();
        var changed = new List<string>();
        if (source.ServerMajor >= DatabaseVersionSince)
        {
            foreach (var (then, now) in await source.RowsAsync(OfDatabase,
                row => (row.GetString(0), row.GetString(1)), ct))
            {
                var database = ServerCatalog.Quote(source.Address.Database);
                changed.Add($"the database's own (made with {then}, now {now})");
                statements.AddRange([$"REINDEX DATABASE CONCURRENTLY {database}",
                    $"ALTER DATABASE {database} REFRESH COLLATION VERSION"]);
            }
        }

        foreach (var (name, indexes) in await source.RowsAsync(OfCollations,
            row => (row.GetString(0), row.GetFieldValue<string[]>(1)), ct))
        {
            changed.Add(name);
            if (statements.Count == 0)
                statements.AddRange(indexes.Select(index => $"REINDEX INDEX CONCURRENTLY {index}"));
            statements.Add($"ALTER COLLATION {name} REFRESH VERSION");
        }

        if (changed.Count > 0)
            notes.Add(CollationFindings.Version(Phrase.List(changed), Wording.Statements(statements)));
    }
}
