using System.Globalization;

namespace Godwit.Copy.Rows;

/// <summary>How a table's rows are divided.</summary>
/// <param name="Conditions">One per part; each row meets exactly one. One character per byte, as all SQL here; empty:
/// all rows, or any.</param>
internal sealed record TableParts(IReadOnlyList<string> Conditions)
{
    public static TableParts Whole { get; } = new([""]);

    /// <summary>The table's file (relfilenode) whose pages these are; 0: not by pages.</summary>
    public long File { get; init; }

    /// <summary>Shares without a condition: each worker takes the next rows.</summary>
    public static TableParts OfShares(int count) => new([.. Enumerable.Repeat("", count)]);

    /// <summary>Ranges of pages of about the same length.</summary>
    public static TableParts OfPages(long pages, int count, long file)
    {
        return count == 1 ? Whole : new([.. Enumerable.Range(0, count).Select(Condition)]) { File = file };

        // The last range has no upper end, and no row is below the first page: no row can be missed.
        string Condition(int number) =>
            $"ctid >= '({Page(number)},0)'" + (number == count - 1 ? "" : $" AND ctid < '({Page(number + 1)},0)'");
        string Page(long number) => (pages * number / count).ToString(CultureInfo.InvariantCulture);
    }
}
