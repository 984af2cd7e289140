using System.Globalization;

namespace Godwit.Verify.Rows;

/// <summary>Page and item: PostgreSQL's <c>tid</c>.</summary>
internal readonly record struct Tid(uint Page, ushort Item) : IComparable<Tid>
{
    public int CompareTo(Tid other) => Page != other.Page ? Page.CompareTo(other.Page) : Item.CompareTo(other.Item);

    /// <param name="text"><c>(12,3)</c>.</param>
    public static Tid Parse(string text)
    {
        var comma = text.IndexOf(',', StringComparison.Ordinal);
        return new(uint.Parse(text.AsSpan(1, comma - 1), CultureInfo.InvariantCulture),
            ushort.Parse(text.AsSpan(comma + 1, text.Length - comma - 2), CultureInfo.InvariantCulture));
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"({Page},{Item})");
}

/// <summary>A part of a table.</summary>
/// <param name="Condition">In SQL. The first range has no lower bound, the last no upper one: no row can be
/// missed.</param>
/// <param name="Bytes">Approximate, with its share of the TOAST table.</param>
internal sealed record RowRange(string Condition, long Bytes)
{
    /// <summary>By places on disk.</summary>
    public static IReadOnlyList<RowRange> Between(IReadOnlyList<Tid> bounds, SideTable table)
    {
        var ranges = new List<RowRange>();
        for (var i = 0; i <= bounds.Count; i++)
        {
            Tid? from = i == 0 ? null : bounds[i - 1];
            Tid? to = i == bounds.Count ? null : bounds[i];
            var pages = Math.Max(0, (to?.Page ?? table.Pages) - (from?.Page ?? 0));
            ranges.Add(new(Within("ctid", from is { } first ? $"'{first}'" : null, to is { } next ? $"'{next}'" : null),
                table.Pages == 0 ? table.Bytes : (long)((double)table.Bytes * pages / table.Pages)));
        }

        return ranges;
    }

    /// <summary>By values of a column, whose name is quoted.</summary>
    public static IReadOnlyList<RowRange> Between(string column, IReadOnlyList<long> bounds, SideTable table) =>
        [.. Enumerable.Range(0, bounds.Count + 1).Select(i =>
            new RowRange(Within(column, i == 0 ? null : Number(bounds[i - 1]),
                i == bounds.Count ? null : Number(bounds[i])), table.Bytes / (bounds.Count + 1)))];

    private static string Within(string column, string? from, string? to) => (from, to) switch
    {
        (null, null) => "true",
        (_, null) => $"{column} >= {from}",
        (null, _) => $"{column} < {to}",
        _ => $"{column} >= {from} AND {column} < {to}",
    };

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
