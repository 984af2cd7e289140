using Godwit.Copy.Rows;
using Godwit.Postgres;

namespace Godwit.Copy.Archive.Binary;

/// <summary>Chooses the tables that are sent in COPY's binary format, although an archive holds text. docs/restore.md
/// has the types.</summary>
internal static class BinaryColumns
{
    // Compressed bytes. For smaller tables the query for their types takes longer than the server saves.
    private const long BytesMin = 256 << 10;

    // OIDs of types below 10,000 are fixed in PostgreSQL's source.
    // https://www.postgresql.org/docs/current/system-catalog-initial-data.html#SYSTEM-CATALOG-OID-ASSIGNMENT
    private static readonly Dictionary<uint, FieldKind> Kinds = new()
    {
        [16] = FieldKind.Bool,
        [17] = FieldKind.Bytea,
        [20] = FieldKind.Int8,
        [21] = FieldKind.Int2,
        [23] = FieldKind.Int4,
        [25] = FieldKind.Text,
        [26] = FieldKind.Oid,
        [114] = FieldKind.Text, // json
        [700] = FieldKind.Float4,
        [701] = FieldKind.Float8,
        [1042] = FieldKind.Text, // char(n)
        [1043] = FieldKind.Text, // varchar
        [1082] = FieldKind.Date,
        [1114] = FieldKind.Timestamp,
        [1184] = FieldKind.TimestampTz,
        [1700] = FieldKind.Numeric,
        [2950] = FieldKind.Uuid,
        [3802] = FieldKind.Jsonb,
    };

    // Client-only encodings: a byte of their characters may look like a backslash or a tab.
    // https://www.postgresql.org/docs/current/multibyte.html#MULTIBYTE-CHARSET-SUPPORTED
    private static readonly string[] EncodingsOfClients = ["BIG5", "GB18030", "GBK", "JOHAB", "SJIS",
        "SHIFT_JIS_2004", "UHC"];

    /// <param name="encoding">The archive's.</param>
    /// <param name="target">The tables exist there.</param>
    /// <returns>By the number of the data entry; without tables that have a column of another type.</returns>
    public static async Task<IReadOnlyDictionary<int, IReadOnlyList<FieldKind>>> FindAsync(
        IReadOnlyList<CopyPart> parts, string encoding, PostgresSession target, CancellationToken ct)
    {
        var found = new Dictionary<int, IReadOnlyList<FieldKind>>();
        if (EncodingsOfClients.Contains(encoding, StringComparer.OrdinalIgnoreCase))
            return found;
        var types = new Dictionary<int, IReadOnlyList<uint>>();
        foreach (var part in parts.OfType<RowPart>()
            .Where(part => part.SourceBytes >= BytesMin && part.Columns.Length > 0))
            types[part.Entry.DumpId] = [.. (await target.DescribeAsync(
                $"SELECT {part.Columns[1..^1]} FROM ONLY {part.Table}", ct)).Select(column => column.TypeOid)];
        uint[] others = [.. types.Values.SelectMany(all => all).Distinct().Where(type => !Kinds.ContainsKey(type))];
        var enums = (await target.RowsAsync("SELECT oid FROM pg_catalog.pg_type WHERE typtype = 'e' AND oid = ANY($1)",
            row => row.GetFieldValue<uint>(0), ct, others)).ToHashSet();
        foreach (var (entry, its) in types)
        {
            var kinds = its.Select(type =>
                enums.Contains(type) ? FieldKind.Text : Kinds.GetValueOrDefault(type, FieldKind.Other)).ToList();
            if (!kinds.Contains(FieldKind.Other))
                found.Add(entry, kinds);
        }

        return found;
    }
}
