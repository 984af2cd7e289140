using Godwit.Copy.Rows;
using Godwit.Extract.Cleaning;
using Godwit.PgArchive;
using Godwit.Postgres;

namespace Godwit.Copy.Archive;

/// <summary>An archive's parts: each table's rows, and each entry of large objects.</summary>
internal static class ArchiveParts
{
    private const string Start = "COPY ";
    private const string End = " FROM stdin;\n";

    // Compressed bytes. For smaller tables TRUNCATE and COPY FREEZE cost more than a later VACUUM.
    private const long FrozenBytesMin = 128 << 10;

    /// <param name="bytes">Size of each entry's data in the archive; empty: not known.</param>
    /// <exception cref="ArchiveException">Some data can be read only by pg_restore.</exception>
    public static IReadOnlyList<CopyPart> Of(ArchiveHead head, IReadOnlyDictionary<int, long> bytes)
    {
        var made = Made(head);
        IReadOnlyList<CopyPart> parts =
        [
            .. head.Entries.Where(entry => entry.HasData)
                .Select(entry => Of(entry, made, bytes.GetValueOrDefault(entry.DumpId)))
                .OrderByDescending(part => part.SourceBytes),
        ];
        // Without known offsets the reader takes blocks as they come, and must not wait for a later one.
        return bytes.Count == 0
            || made.Count == 0 ? parts : ExtensionRows.First(head, parts, part => !made.Contains(part.Entry.Oid));
    }

    private static CopyPart Of(TocEntry entry, HashSet<uint> made, long bytes)
    {
        if (entry.Is("BLOBS"u8))
            return new LargeObjectPart(entry, 0, [], bytes);
        if (!entry.Is("TABLE DATA"u8) || Statement(entry.CopyStatement) is not var (table, columns))
        {
            throw RestoreErrors.Unsupported($"the data of {entry} is not written as rows of COPY",
                "It was dumped as INSERT statements (--inserts, --column-inserts). "
                + "Dump again without that, or restore with pg_restore.");
        }

        return new RowPart(entry, 0, $"{entry.Namespace}.{entry.Tag}", table, columns, "", bytes)
        {
            // A table that an extension made may have rows of its own.
            IsWhole = bytes is 0 or >= FrozenBytesMin && made.Contains(entry.Oid) && IsItsOwn(table, entry),
        };
    }

    // The tables that the archive creates.
    private static HashSet<uint> Made(ArchiveHead head) =>
        [.. head.Entries.Where(entry => entry.Is("TABLE"u8)).Select(entry => entry.Oid)];

    // False with --load-via-partition-root: a partition's rows then go to its parent, which other entries fill too.
    private static bool IsItsOwn(string table, TocEntry entry)
    {
        var names = SqlLexer.Pieces(table).Select(piece => SqlLexer.NameOf(table[piece.Start..piece.End]))
            .Where(name => name != ".").ToList();
        return string.Concat(names) == ArchiveSql.TextOf(entry.Namespace.GetValueOrDefault().Bytes)
            + ArchiveSql.TextOf(entry.Tag.Bytes);
    }

    /// <returns>Table and columns, one character per byte. Null: the statement does not have pg_dump's form.</returns>
    private static (string Table, string Columns)? Statement(ArchiveText? statement)
    {
        var text = ArchiveSql.TextOf(statement.GetValueOrDefault().Bytes);
        if (Extract.CopyColumns.Of(statement) is not { } columns)
            return null;
        var table = text[Start.Length..^End.Length].TrimEnd();
        return (columns.Length == 0 ? table : table[..^columns.Length].TrimEnd(), columns);
    }

    /// <summary>Removes parts whose table is missing because its extension was left out: the archive does not name the
    /// extension.</summary>
    /// <returns>Gone: the titles of the removed parts.</returns>
    public static async Task<(IReadOnlyList<CopyPart> Kept, IReadOnlyList<string> Gone)> WithTablesAsync(
        ArchiveHead head, IReadOnlyList<CopyPart> parts, PostgresSession target, CancellationToken ct)
    {
        var made = Made(head);
        var strange = parts.OfType<RowPart>().Where(part => !made.Contains(part.Entry.Oid)).ToList();
        if (strange.Count == 0)
            return (parts, []);
        var missing = (await target.RowsAsync(
            "SELECT name FROM pg_catalog.unnest($1) AS one (name) WHERE pg_catalog.to_regclass(name) IS NULL",
            row => row.GetString(0), ct,
            strange.Select(part => part.Table).ToArray())).ToHashSet(StringComparer.Ordinal);
        return ([.. parts.Where(part => part is not RowPart rows || !missing.Contains(rows.Table))],
            [.. strange.Where(part => missing.Contains(part.Table)).Select(part => part.Title)]);
    }
}
