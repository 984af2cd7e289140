using System.Globalization;

namespace Godwit.Verify.Rows;

/// <summary>Where a row is: its page, and its place in there. PostgreSQL's <c>tid</c>.</summary>
internal readonly record struct Tid(uint Page, ushort Item) : IComparable<Tid>
{
    public int CompareTo(Tid other) => Page != other.Page ? Page.CompareTo(other.Page) : Item.CompareTo(other.Item);

    /// <param name="text"><c>(12,3)</c>.</param>
    public static Tid Parse(string text)
    {
        var comma = text.IndexOf(',', StringComparison.Ordinal);
        return new(uint.Parse(text.AsSpan(1, comma - 1), CultureInfo.InvariantCulture), ushort.Parse(text.AsSpan(comma + 1, text.Length - comma - 2), CultureInfo.InvariantCulture));
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"({Page},{Item})");
}

/// <summary>A part of a table, as its rows lie on the disk.</summary>
/// <param name="From">The first row; null: the table's first.</param>
/// <param name="To">The first row behind it; null: no end, for rows of the snapshot cannot lie outside, and if they did they must not be missed.</param>
/// <param name="Bytes">What it takes, about, with its share of the TOAST table.</param>
internal sealed record PageRange(Tid? From, Tid? To, long Bytes)
{
    public static PageRange Whole(long bytes) => new(null, null, bytes);

    /// <summary>An SQL condition.</summary>
    public string Condition => (From, To) switch
    {
        (null, null) => "true",
        ({ } from, null) => $"ctid >= '{from}'",
        (null, { } to) => $"ctid < '{to}'",
        ({ } from, { } to) => $"ctid >= '{from}' AND ctid < '{to}'",
    };

    /// <summary>The parts of a table between these rows.</summary>
    public static IReadOnlyList<PageRange> Between(IReadOnlyList<Tid> bounds, SideTable table)
    {
        var ranges = new List<PageRange>();
        for (var i = 0; i <= bounds.Count; i++)
        {
            Tid? from = i == 0 ? null : bounds[i - 1];
            Tid? to = i == bounds.Count ? null : bounds[i];
            var pages = Math.Max(0, (to?.Page ?? table.Pages) - (from?.Page ?? 0));
            ranges.Add(new(from, to, table.Pages == 0 ? table.Bytes : (long)((double)table.Bytes * pages / table.Pages)));
        }

        return ranges;
    }
}
