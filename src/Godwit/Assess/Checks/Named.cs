using Godwit.Postgres;

namespace Godwit.Assess.Checks;

/// <summary>Things in a sentence, by name and number.</summary>
internal static class Named
{
    /// <summary>Enough to know which ones are meant; a statement to paste names all of them.</summary>
    private const int Max = 5;

    /// <summary><c>a, b, c, d, e and 7 more</c>.</summary>
    public static string Some(IReadOnlyCollection<string> names) => Some(names, names.Count);

    /// <param name="all">Of which <paramref name="names"/> are the first.</param>
    public static string Some(IEnumerable<string> names, long all)
    {
        var first = names.Take(Max).ToList();
        return string.Join(", ", first) + (all > first.Count ? $" and {ServerCatalog.Number(all - first.Count)} more" : "");
    }

    /// <summary><c>1 table</c>, <c>1,200 tables</c>.</summary>
    public static string Count(long number, string thing) => Count(number, thing, thing + "s");

    public static string Count(long number, string one, string many) => $"{ServerCatalog.Number(number)} {(number == 1 ? one : many)}";
}
