using System.Globalization;

namespace Godwit.Faults;

public static class Phrase
{
    // The first names are examples; the full list is elsewhere.
    private const int Max = 5;

    // Characters. A longer argument list of a routine is shortened.
    private const int ArgumentsMax = 60;

    private static readonly string[] Units = ["kB", "MB", "GB", "TB"];

    /// <summary><c>a, b, c, d, e and 7 more</c>.</summary>
    public static string List(IReadOnlyCollection<string> names) => List(names, names.Count);

    /// <param name="all">The total; <paramref name="names"/> may hold only the first ones.</param>
    public static string List(IEnumerable<string> names, long all) => Join(names.Select(Short), all, ", ", " ");

    /// <summary>For texts that may hold commas: <c>a; b; c; d; e; and 7 more</c>.</summary>
    public static string ListClauses(IReadOnlyCollection<string> clauses) => Join(clauses, clauses.Count, "; ", "; ");

    /// <summary><c>1 table</c>, <c>1,200 tables</c>.</summary>
    public static string Count(long number, string thing) => Count(number, thing, thing + "s");

    public static string Count(long number, string one, string many) =>
        $"{Number(number)} {(number == 1 ? one : many)}";

    /// <summary><c>1,200</c>.</summary>
    public static string Number(long number) => number.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>In decimal units, like disks and clouds.</summary>
    /// <param name="one">The word for single bytes.</param>
    public static string Bytes(long bytes, string one = "B")
    {
        double value = bytes;
        var unit = -1;
        for (; Math.Round(value, 1) >= 1000 && unit < Units.Length - 1; unit++)
            value /= 1000;
        return unit < 0 ? $"{bytes} {one}" : FormattableString.Invariant($"{value:0.0} {Units[unit]}");
    }

    /// <summary>Shortens a routine's arguments to the first. For sentences only, never for text that is
    /// pasted.</summary>
    internal static string Short(string name)
    {
        var open = name.IndexOf('(', StringComparison.Ordinal);
        var close = name.LastIndexOf(')');
        var first = name.IndexOf(',', Math.Max(open, 0));
        // Parentheses after a blank are a remark, not a routine's arguments.
        return open > 0 && name[open - 1] != ' ' && first > open && first < close && close - open > ArgumentsMax
            ? $"{name[..first]}, …{name[close..]}"
            : name;
    }

    private static string Join(IEnumerable<string> names, long all, string between, string last)
    {
        var first = names.Take(Max).ToList();
        return string.Join(between, first) + (all > first.Count ? $"{last}and {Number(all - first.Count)} more" : "");
    }
}
