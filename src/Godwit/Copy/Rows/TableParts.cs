using System.Globalization;

namespace Godwit.Copy.Rows;

/// <summary>How the rows of a table are divided.</summary>
/// <param name="Conditions">One for each part: each row meets exactly one of them. One character per byte, as is all
/// SQL here; empty: all rows, or any.</param>
internal sealed record TableParts(IReadOnlyList<string> Conditions)
{
    public static TableParts Whole { get; } = new([""]);

    /// <summary>Whose pages these are: the file in which the table lay then, as the source names it; 0 where no pages
    /// are meant.</summary>
    public long File { get; init; }

    /// <summary>Rows that nobody can ask for: whoever comes takes the next.</summary>
    public static TableParts OfShares(int count) => new([.. Enumerable.Repeat("", count)]);

    /// <summary>Ranges of pages of about the same length.</summary>
    /// <param name="pages">Of the table.</param>
    public static TableParts OfPages(long pages, int count, long file)
    {
        return count == 1 ? Whole : new([.. Enumerable.Range(0, count).Select(Condition)]) { File = file };

        // Nothing below the first page, and no upper end: rows of the snapshot cannot lie outside, and if they did they
        // must not be missed.
        string Condition(int number) =>
            $"ctid >= '({Page(number)},0)'" + (number == count - 1 ? "" : $" AND ctid < '({Page(number + 1)},0)'");
        string Page(long number) => (pages * number / count).ToString(CultureInfo.InvariantCulture);
    }
}
