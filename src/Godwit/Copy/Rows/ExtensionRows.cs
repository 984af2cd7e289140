using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Copy.Rows;

/// <summary>Rows in tables that an extension has made. At a managed server such a table may be the superuser's, who lets others read it and nothing else: PostGIS'
/// spatial_ref_sys is. pg_restore warns and goes on without its rows; so does a copy.</summary>
internal static class ExtensionRows
{
    private const string Refused = """
        SELECT DISTINCT name FROM pg_catalog.unnest($1) AS name
        WHERE NOT pg_catalog.has_table_privilege(pg_catalog.to_regclass(name)::pg_catalog.oid, 'INSERT')
          AND EXISTS (SELECT FROM pg_catalog.pg_depend d
                      WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = pg_catalog.to_regclass(name)::pg_catalog.oid AND d.deptype = 'e')
        """;

    /// <summary>Tells which tables have rows that are left out.</summary>
    /// <param name="source">In the snapshot.</param>
    /// <param name="target">What is defined is there.</param>
    /// <returns>The parts that can be brought.</returns>
    public static async Task<IReadOnlyList<RowPart>> WithoutRefusedAsync(
        IReadOnlyList<RowPart> parts, PostgresSession source, PostgresSession target, CopyWatch watch, CancellationToken ct)
    {
        string[] names = [.. parts.Select(part => part.Table).Distinct(StringComparer.Ordinal)];
        var refused = (await target.RowsAsync(Refused, row => row.GetString(0), ct, new object[] { names })).ToHashSet(StringComparer.Ordinal);
        var filled = new List<string>();
        foreach (var part in parts.Where(part => part.Number == 0 && refused.Contains(part.Table)))
        {
            if (await source.ScalarAsync<bool>($"SELECT EXISTS (SELECT FROM {(part.Rows.StartsWith('(') ? $"{part.Rows} AS one" : $"ONLY {part.Table}")})", ct))
                filled.Add(part.Title);
        }

        if (filled.Count > 0)
        {
            watch.Note("copy.extension_rows", $"Rows of {Named.Some(filled)} are left out", "the table is an extension's, and the target lets this role put nothing into it",
                "What the extension brings itself is there. See whether rows of your own are missing, and ask the target's provider to add them.");
        }

        return [.. parts.Where(part => !refused.Contains(part.Table))];
    }
}
