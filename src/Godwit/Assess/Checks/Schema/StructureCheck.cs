// Checks.Schema: whether the target accepts the source's definitions.
using Godwit.Faults;

namespace Godwit.Assess.Checks.Schema;

/// <summary>Invalid indexes, constraints that are not validated, and tables without a key.</summary>
internal sealed class StructureCheck : ICheck
{
    // Those that pg_dump leaves out, including one that is being built: getIndexes in PostgreSQL's pg_dump.c.
    private const string InvalidIndexes = $"""
        SELECT pg_catalog.format('%I.%I', n.nspname, i.relname), i.relname ~ '_cc(new|old)[0-9]*$', x.indisunique
        FROM pg_catalog.pg_index x
             JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
             JOIN pg_catalog.pg_class c ON c.oid = x.indrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE NOT (x.indisvalid AND x.indisready) AND c.relkind IN ('r', 'm') AND {Wording.IsOwn}
        ORDER BY 1
        """;

    // Constraints of partitions belong to their table. NOT ENFORCED ones (PostgreSQL 18) are intentional.
    private const string NotValid = $"""
        SELECT pg_catalog.format('%I.%I (%I)', n.nspname, c.relname, k.conname),
               pg_catalog.format('ALTER TABLE %I.%I VALIDATE CONSTRAINT %I', n.nspname, c.relname, k.conname)
        FROM pg_catalog.pg_constraint k
             JOIN pg_catalog.pg_class c ON c.oid = k.conrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE NOT k.convalidated AND k.conparentid = 0
            AND coalesce((pg_catalog.to_jsonb(k) ->> 'conenforced')::boolean, true) AND {Wording.IsOwn}
        ORDER BY 1
        """;

    // Only tables that may have rows: others are not compared or replicated. Partitions are reported as their table.
    private const string NoKey = $"""
        SELECT pg_catalog.format('%I.%I', n.nspname, c.relname)
        FROM (SELECT coalesce(CASE WHEN t.relispartition THEN pg_catalog.pg_partition_root(t.oid) END, t.oid) AS oid,
            pg_catalog.sum(pg_catalog.pg_relation_size(t.oid)) AS bytes
              FROM pg_catalog.pg_class t
              WHERE t.relkind = 'r' AND t.relpersistence = 'p'
                  AND t.relnamespace <> 'pg_catalog'::pg_catalog.regnamespace
                AND NOT EXISTS (SELECT FROM pg_catalog.pg_index x WHERE x.indrelid = t.oid AND x.indisvalid
                                AND ((x.indisprimary AND t.relreplident <> 'n')
                                    OR (x.indisreplident AND t.relreplident = 'i')))
              GROUP BY 1) AS without
             JOIN pg_catalog.pg_class c ON c.oid = without.oid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE without.bytes > 0 AND {Wording.IsOwn}
        ORDER BY without.bytes DESC, 1
        """;

    public string Name => "indexes and constraints";

    public IReadOnlyList<string> Acceptable => [];

    public async Task RunAsync(AssessWorld world, IAssessNotes notes, CancellationToken ct)
    {
        var invalid = await world.Source.RowsAsync(InvalidIndexes,
            row => (Name: row.GetString(0), IsLeftOver: row.GetBoolean(1), IsUnique: row.GetBoolean(2)), ct);
        if (invalid.Count > 0)
        {
            // A failed REINDEX leaves an invalid copy beside the valid index. The copy can be dropped.
            notes.Add(StructureFindings.InvalidIndexes(
                Phrase.List([.. invalid.Select(index => index.Name + (index.IsUnique ? " (unique)" : ""))]),
                Wording.Statements([.. invalid.Select(index =>
                    $"{(index.IsLeftOver ? "DROP" : "REINDEX")} INDEX CONCURRENTLY {index.Name}")])));
        }

        var notValid = await world.Source.RowsAsync(NotValid,
            row => (Name: row.GetString(0), Validate: row.GetString(1)), ct);
        if (notValid.Count > 0)
            notes.Add(StructureFindings.NotValid(Phrase.List([.. notValid.Select(one => one.Name)]),
                Wording.Statements([.. notValid.Select(one => one.Validate)])));
        var noKey = await world.Source.RowsAsync(NoKey, row => row.GetString(0), ct);
        if (noKey.Count > 0)
            notes.Add(StructureFindings.NoKey(Phrase.Count(noKey.Count, "table has", "tables have"),
                Phrase.List(noKey)));
    }
}
