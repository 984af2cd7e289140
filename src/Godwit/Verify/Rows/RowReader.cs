using System.Text;
using Godwit.Postgres;
using Godwit.Proof;
using NpgsqlTypes;

namespace Godwit.Verify.Rows;

/// <summary>Reads differing rows' values to show them.</summary>
internal sealed class RowReader(TablePair pair, BothSides both)
{
    // Characters shown.
    private const int ValueMax = 1000;

    public async Task<IReadOnlyList<RowDifference>> ShowAsync(IReadOnlyList<RowPair> pairs, CancellationToken ct)
    {
        var rows = await Task.WhenAll(ReadAsync(true, pairs, ct), ReadAsync(false, pairs, ct));
        return [.. pairs.Select(one => Describe(one, Find(rows[0], one.Source), Find(rows[1], one.Target)))];
    }

    private RowDifference Describe(RowPair one, SeenRow? source, SeenRow? target)
    {
        var row = (source ?? target)!;
        var named = pair.Shape.Key.Count > 0 ? pair.Shape.Key : pair.Shape.Columns;
        var values = pair.Shape.Columns.Select((name, i) => new ColumnValue(name, row.Texts[i]))
            .Where(value => named.Contains(value.Column)).ToList();
        var columns = source is null || target is null ? [] : pair.Shape.Columns
            .Select((name, i) => (Name: name, Index: i))
            .Where(column => source.Hashes[column.Index] != target.Hashes[column.Index])
            .Select(column => new ColumnDifference(column.Name, source.Texts[column.Index], target.Texts[column.Index],
                How(source.Texts[column.Index], target.Texts[column.Index])))
            .ToList();
        return new(one.Kind, values, one.Times, columns);
    }

    private static string How(string? source, string? target) => source != target || source is null ? ""
        : source.Length < ValueMax ? "written alike, and not the same"
        : $"they part behind the first {ValueMax} characters";

    private async Task<Dictionary<Tid, SeenRow>> ReadAsync(
        bool isSource, IReadOnlyList<RowPair> pairs, CancellationToken ct)
    {
        var wanted = pairs.Select(one => isSource ? one.Source : one.Target).OfType<Tid>().ToList();
        if (wanted.Count == 0)
            return [];
        // In arrays: a table may have as many columns as a query result. As bytes: PostgreSQL up to 13 writes a "char"
        // above 127 within another value as a byte that is invalid in the encoding.
        var texts = string.Join(", ", pair.Shape.Columns.Select(name => $"pg_catalog.textsend({both.Of(isSource).Shown(
            $"pg_catalog.left({ServerCatalog.Quote(name)}::pg_catalog.text, {ValueMax})")})"));
        var hashes = string.Join(", ", pair.Shape.Columns.Select(name => pair.Shape.ColumnHash(isSource, name)));
        var rows = await both.Of(isSource).AskAsync(session => session.RowsAsync(
            $"""
            SELECT ctid, ARRAY[{texts}]::pg_catalog.bytea[], ARRAY[{hashes}]::pg_catalog.int8[]
            FROM ONLY {pair.Of(isSource).Name}
            WHERE ctid = ANY(ARRAY[{string.Join(", ", wanted.Select(at => $"'{at}'"))}]::pg_catalog.tid[])
            """,
            row => (At: row.GetFieldValue<NpgsqlTid>(0),
                Row: new SeenRow(Texts(row.GetFieldValue<byte[]?[]>(1)), row.GetFieldValue<long[]>(2))), ct), ct);
        return rows.ToDictionary(row => new Tid(row.At.BlockNumber, row.At.OffsetNumber), row => row.Row);
    }

    // Invalid bytes become U+FFFD.
    private static string?[] Texts(byte[]?[] values) =>
        [.. values.Select(value => value is null ? null : Encoding.UTF8.GetString(value))];

    private static SeenRow? Find(Dictionary<Tid, SeenRow> rows, Tid? at) => at is { } place ? rows[place] : null;

    private sealed record SeenRow(string?[] Texts, long[] Hashes);
}
