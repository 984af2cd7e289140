using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Godwit.HerokuLocal.Http;

/// <summary>The <c>Range</c> header of the Platform API: <c>version ]5..; max=10, order=desc</c>.
/// https://devcenter.heroku.com/articles/platform-api-reference#ranges</summary>
/// <param name="After">Start of the range in sort order; included unless <paramref name="Exclusive"/>.</param>
internal sealed partial record Paging(
    string Field, string? After, bool Exclusive, string? Until, int Max, bool Descending)
{
    public const int MaxDefault = 200;
    private const int MaxMax = 1000;

    [GeneratedRegex(@"^\s*(?<field>[a-z_]+)?\s*(?<open>\])?(?<from>[^\s;.\]]*)\.\.(?<to>[^\s;]*)\s*(;(?<options>.*))?$",
        RegexOptions.CultureInvariant)]
    private static partial Regex Shape();

    [GeneratedRegex(@"(?<name>max|order)\s*=\s*(?<value>\w+)", RegexOptions.CultureInvariant)]
    private static partial Regex Option();

    /// <param name="fields">They sort this list; the first by default.</param>
    public static Paging Parse(string? header, params IReadOnlyList<string> fields)
    {
        if (string.IsNullOrWhiteSpace(header))
            return new(fields[0], null, false, null, MaxDefault, false);
        var match = Shape().Match(header);
        var field = match.Groups["field"].Success ? match.Groups["field"].Value : fields[0];
        if (!match.Success || !fields.Contains(field))
            throw new ApiException(416, "requested_range_not_satisfiable",
                $"Couldn't satisfy the requested range. Sortable by: {string.Join(", ", fields)}.");
        var max = MaxDefault;
        var descending = false;
        foreach (Match option in Option().Matches(match.Groups["options"].Value))
        {
            var value = option.Groups["value"].Value;
            if (option.Groups["name"].Value == "order")
                descending = value == "desc";
            else if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out max)
                || max is < 1 or > MaxMax)
                throw ApiException.BadRequest($"Range option max must be 1 to {MaxMax}.");
        }

        return new(field, NullIfEmpty(match.Groups["from"].Value), match.Groups["open"].Success,
            NullIfEmpty(match.Groups["to"].Value), max, descending);
    }

    /// <summary>200 with all remaining items, or 206 with one page and the next one's start.</summary>
    public Reply Page(IEnumerable<JsonObject> items)
    {
        var sorted = items.OrderBy(i => i[Field], Comparer<JsonNode?>.Create(Compare)).ToList();
        if (Descending)
            sorted.Reverse();
        var sign = Descending ? -1 : 1;
        var left = sorted.Where(i =>
            (After is null || sign * CompareTo(i[Field], After) is var c && (Exclusive ? c > 0 : c >= 0))
            && (Until is null || sign * CompareTo(i[Field], Until) <= 0)).ToList();
        var page = new JsonArray([.. left.Take(Max)]);
        var headers = new Dictionary<string, string> { ["Accept-Ranges"] = Field };
        if (left.Count > 0)
            headers["Content-Range"] = $"{Field} {Key(left[0])}..{Key(left[Math.Min(Max, left.Count) - 1])}";
        if (left.Count <= Max)
            return new(200, page) { Headers = headers };
        headers["Next-Range"] = FormattableString.Invariant(
            $"{Field} ]{Key(left[Max - 1])}..; {(Descending ? "order=desc," : "")}max={Max}");
        return new(206, page) { Headers = headers };
    }

    public static Reply Page(Call call, IEnumerable<JsonObject> items, params IReadOnlyList<string> fields) =>
        Parse(call.Request.Headers.Range.ToString(), fields).Page(items);

    private string Key(JsonObject item) => Call.TextOf(item[Field]) ?? "";

    private static int Compare(JsonNode? a, JsonNode? b) => CompareTo(a, Call.TextOf(b) ?? "");

    private static int CompareTo(JsonNode? node, string key) =>
        node is JsonValue value && value.TryGetValue<int>(out var number)
        && int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var other)
            ? number.CompareTo(other)
            : string.CompareOrdinal(Call.TextOf(node), key);

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
