using Godwit.Faults;
using Godwit.PgArchive;
using Godwit.Postgres;

namespace Godwit.Copy.Rows;

/// <summary>Rows in tables that an extension has made. At a managed server such a table may be the superuser's, who
/// lets others read it and nothing else: PostGIS' spatial_ref_sys is. pg_restore warns and goes on without its rows; so
/// does a copy.</summary>
internal static class ExtensionRows
{
    private const string Refused = """
        SELECT DISTINCT name FROM pg_catalog.unnest($1) AS name
        WHERE NOT pg_catalog.has_table_privilege(pg_catalog.to_regclass(name)::pg_catalog.oid, 'INSERT')
          AND EXISTS (SELECT FROM pg_catalog.pg_depend d
                      WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
                          AND d.objid = pg_catalog.to_regclass(name)::pg_catalog.oid AND d.deptype = 'e')
        """;

    /// <summary>Tables of extensions are there with all their constraints before any row, and refer to each other: a
    /// layer to its topology. They come first, and in the archive's order, in which pg_dump has a table behind those it
    /// refers to. Everybody else waits for them: an index over a function of the extension's may read them.</summary>
    /// <param name="isOfExtension">Made by one; else the copy makes the table, and its constraints behind the
    /// rows.</param>
    public static IReadOnlyList<CopyPart> First(
        ArchiveHead head, IReadOnlyList<CopyPart> parts, Func<RowPart, bool> isOfExtension)
    {
        var places = head.Entries.Index().ToDictionary(one => one.Item.DumpId, one => one.Index);
        var first = parts.OfType<RowPart>().Where(isOfExtension).OrderBy(part => places[part.Entry.DumpId]).ToList();
        if (first.Count == 0)
            return parts;
        var ids = first.Select(part => part.Entry.DumpId).Distinct().ToList();
        return
        [
            .. first.Select(part => part with { Needs = [.. ids.TakeWhile(id => id != part.Entry.DumpId)] }),
            .. parts.Where(part => part is not RowPart rows || !isOfExtension(rows))
                .Select(part => part is RowPart rows ? rows with { Needs = ids } : part),
        ];
    }

    /// <summary>Tells which tables have rows that are left out.</summary>
    /// <param name="source">In the snapshot.</param>
    /// <param name="target">What is defined is there.</param>
    /// <returns>The parts that can be brought.</returns>
    public static async Task<IReadOnlyList<RowPart>> WithoutRefusedAsync(
        IReadOnlyList<RowPart> parts, PostgresSession source, PostgresSession target, CopyWatch watch,
        CancellationToken ct)
    {
        var refused = await RefusedAsync(parts, target, ct);
        var filled = new List<string>();
        foreach (var part in parts.Where(part => part.Number == 0 && refused.Contains(part.Table)))
        {
            if (await source.ScalarAsync<bool>("SELECT EXISTS (SELECT "
                + $"FROM {(part.Rows.StartsWith('(') ? $"{part.Rows} AS one" : $"ONLY {part.Table}")})", ct))
                filled.Add(part.Title);
        }

        if (filled.Count > 0)
            watch.Note(LeftOut("copy", $"Rows of {Named.Some(filled)} are left out"));

        return [.. parts.Where(part => !refused.Contains(part.Table))];
    }

    /// <summary>The same for an archive, which does not say whether there are any rows before they are read.</summary>
    public static async Task<IReadOnlyList<CopyPart>> WithoutRefusedAsync(
        IReadOnlyList<CopyPart> parts, PostgresSession target, CopyWatch watch, CancellationToken ct)
    {
        var refused = await RefusedAsync(parts.OfType<RowPart>(), target, ct);
        if (refused.Count == 0)
            return parts;
        var titles = parts.OfType<RowPart>().Where(part => refused.Contains(part.Table)).Select(part => part.Title)
            .Distinct(StringComparer.Ordinal);
        watch.Note(LeftOut("restore", $"Rows of {Named.Some([.. titles])} are left out, if there are any"));
        return [.. parts.Where(part => part is not RowPart rows || !refused.Contains(rows.Table))];
    }

    private static Finding LeftOut(string step, string what) => new($"{step}.extension_rows", Severity.Note, what,
        "the table is an extension's, and the target lets this role put nothing into it",
        "What the extension brings itself is there. "
        + "See whether rows of your own are missing, and ask the target's provider to add them.");

    private static async Task<HashSet<string>> RefusedAsync(
        IEnumerable<RowPart> parts, PostgresSession target, CancellationToken ct)
    {
        string[] names = [.. parts.Select(part => part.Table).Distinct(StringComparer.Ordinal)];
        return (await target.RowsAsync(Refused, row => row.GetString(0), ct, new object[] { names }))
            .ToHashSet(StringComparer.Ordinal);
    }
}
