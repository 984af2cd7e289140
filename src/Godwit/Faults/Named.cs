using System.Globalization;

namespace Godwit.Faults;

/// <summary>Things in a sentence, by name and number.</summary>
public static class Named
{
    /// <summary>Enough to know which ones are meant; who needs them all is told where they are.</summary>
    private const int Max = 5;

    /// <summary>Characters of a routine's arguments that are shown whole.</summary>
    private const int ArgumentsMax = 60;

    private static readonly string[] Units = ["kB", "MB", "GB", "TB"];

    /// <summary>Names: <c>a, b, c, d, e and 7 more</c>.</summary>
    public static string Some(IReadOnlyCollection<string> names) => Some(names, names.Count);

    /// <param name="all">Of which <paramref name="names"/> are the first.</param>
    public static string Some(IEnumerable<string> names, long all) => Join(names.Select(Short), all, ", ", " ");

    /// <summary>What may hold commas itself: <c>a; b; c; d; e; and 7 more</c>.</summary>
    public static string SomeClauses(IReadOnlyCollection<string> clauses) => Join(clauses, clauses.Count, "; ", "; ");

    /// <summary><c>1 table</c>, <c>1,200 tables</c>.</summary>
    public static string Count(long number, string thing) => Count(number, thing, thing + "s");

    public static string Count(long number, string one, string many) =>
        $"{Number(number)} {(number == 1 ? one : many)}";

    /// <summary><c>1,200</c>.</summary>
    public static string Number(long number) => number.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>Decimal units, as disks and clouds count.</summary>
    /// <param name="one">The unit below a kilobyte.</param>
    public static string Bytes(long bytes, string one = "B")
    {
        double value = bytes;
        var unit = -1;
        for (; Math.Round(value, 1) >= 1000 && unit < Units.Length - 1; unit++)
            value /= 1000;
        return unit < 0 ? $"{bytes} {one}" : FormattableString.Invariant($"{value:0.0} {Units[unit]}");
    }

    /// <summary>A routine's arguments can be longer than the sentence they stand in; the first one is enough to know it
    /// by. For sentences: nothing that is to be pasted goes through here.</summary>
    internal static string Short(string name)
    {
        var open = name.IndexOf('(', StringComparison.Ordinal);
        var close = name.LastIndexOf(')');
        var first = name.IndexOf(',', Math.Max(open, 0));
        // Behind a blank stands a remark, not a routine's arguments.
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
