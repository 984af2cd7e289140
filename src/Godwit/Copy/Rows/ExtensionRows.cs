using Godwit.Faults;
using Godwit.PgArchive;
using Godwit.Postgres;

namespace Godwit.Copy.Rows;

/// <summary>Rows in extensions' tables. At a managed server a superuser may own such a table, and others may only read
/// it, as with PostGIS' spatial_ref_sys. Like pg_restore, a copy then warns and goes on without these rows.</summary>
internal static class ExtensionRows
{
    private const string Refused = """
        SELECT DISTINCT name FROM pg_catalog.unnest($1) AS name
        WHERE NOT pg_catalog.has_table_privilege(pg_catalog.to_regclass(name)::pg_catalog.oid, 'INSERT')
          AND EXISTS (SELECT FROM pg_catalog.pg_depend d
                      WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
                          AND d.objid = pg_catalog.to_regclass(name)::pg_catalog.oid AND d.deptype = 'e')
        """;

    /// <summary>Extensions' tables exist with all constraints before any row, and reference each other: a layer its
    /// topology. They come first, in the archive's order: pg_dump puts a table after those it references. All other
    /// tables wait for them: an index over an extension's function may read them.</summary>
    /// <param name="isOfExtension">True: an extension made the table. False: the copy makes it, and its constraints
    /// after the rows.</param>
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

    /// <summary>Reports tables whose rows are left out.</summary>
    /// <param name="source">Shares the snapshot.</param>
    /// <param name="target">The definitions exist there.</param>
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
            watch.Note(LeftOut("copy", $"Rows of {Phrase.List(filled)} are left out"));

        return [.. parts.Where(part => !refused.Contains(part.Table))];
    }

    /// <summary>The same for an archive, which does not say in advance whether a table has rows.</summary>
    public static async Task<IReadOnlyList<CopyPart>> WithoutRefusedAsync(
        IReadOnlyList<CopyPart> parts, PostgresSession target, CopyWatch watch, CancellationToken ct)
    {
        var refused = await RefusedAsync(parts.OfType<RowPart>(), target, ct);
        if (refused.Count == 0)
            return parts;
        var titles = parts.OfType<RowPart>().Where(part => refused.Contains(part.Table)).Select(part => part.Title)
            .Distinct(StringComparer.Ordinal);
        watch.Note(LeftOut("restore", $"Rows of {Phrase.List([.. titles])} are left out, if there are any"));
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
