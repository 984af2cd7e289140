using Godwit.Faults;

namespace Godwit.Assess.Checks.Schema;

/// <summary>Unlogged and temporary tables, and materialized views that are not populated.</summary>
internal sealed class TablesCheck : ICheck
{
    private const string Special = """
        SELECT CASE WHEN c.relkind = 'm' THEN 'unfilled' WHEN c.relpersistence = 't' THEN 'temporary'
            ELSE 'unlogged' END,
               pg_catalog.format('%I.%I', n.nspname, c.relname)
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE (c.relkind = 'r' AND c.relpersistence <> 'p' OR c.relkind = 'm' AND NOT c.relispopulated)
          AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                          WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid
                              AND d.deptype = 'e')
        ORDER BY 1, 2
        """;

    public string Name => "special tables";

    public IReadOnlyList<string> Acceptable => [];

    public async Task RunAsync(AssessWorld world, IAssessNotes notes, CancellationToken ct)
    {
        var special = (await world.Source.RowsAsync(Special, row => (Kind: row.GetString(0), Name: row.GetString(1)),
            ct)).ToLookup(one => one.Kind, one => one.Name, StringComparer.Ordinal);
        if (special["unlogged"].ToList() is { Count: > 0 } unlogged)
        {
            notes.Add(TablesFindings.Unlogged(Phrase.Count(unlogged.Count, "unlogged table is", "unlogged tables are"),
                Phrase.List(unlogged), string.Join('\n', unlogged.Select(name => $"ALTER TABLE {name} SET LOGGED;"))));
        }

        if (special["temporary"].ToList() is { Count: > 0 } temporary)
            notes.Add(TablesFindings.Temporary(
                Phrase.Count(temporary.Count, "temporary table is", "temporary tables are"), Phrase.List(temporary)));
        if (special["unfilled"].ToList() is { Count: > 0 } unfilled)
            notes.Add(TablesFindings.Unfilled(
                Phrase.Count(unfilled.Count, "materialized view was", "materialized views were"),
                Phrase.List(unfilled)));
    }
}
