namespace Godwit.Verify.Schema;

/// <summary>An ICU collation's locale. PostgreSQL 16 and newer convert it to BCP 47 when the collation is created,
/// older versions keep it as written: <c>de_DE@collation=phonebook</c> is <c>de-DE-u-co-phonebk</c>.</summary>
/// <remarks>https://unicode-org.github.io/icu/userguide/locale/#keywords and
/// https://www.unicode.org/reports/tr35/tr35-collation.html#Setting_Options</remarks>
internal static class IcuLocale
{
    private static readonly Dictionary<string, string> Keys = new()
    {
        ["collation"] = "co", ["colstrength"] = "ks", ["colcaselevel"] = "kc", ["colcasefirst"] = "kf",
        ["colnumeric"] = "kn", ["colalternate"] = "ka",
        ["colbackwards"] = "kb", ["colnormalization"] = "kk", ["colreorder"] = "kr", ["colhiraganaquaternary"] = "kh",
        ["maxvariable"] = "kv",
    };

    private static readonly Dictionary<string, string> Values = new()
    {
        ["primary"] = "level1", ["secondary"] = "level2", ["tertiary"] = "level3", ["quaternary"] = "level4",
        ["quarternary"] = "level4", ["identical"] = "identic", ["yes"] = "true",
        ["no"] = "false", ["non-ignorable"] = "noignore", ["phonebook"] = "phonebk", ["dictionary"] = "dict",
        ["traditional"] = "trad", ["gb2312han"] = "gb2312",
    };

    /// <summary>In lower case, options by name.</summary>
    public static string Normal(string locale)
    {
        var text = locale.ToLowerInvariant();
        var at = text.IndexOf('@', StringComparison.Ordinal);
        var (name, options) =
            at < 0 ? OfTag(text.Replace('_', '-')) : (text[..at].Replace('_', '-'), OfKeywords(text[(at + 1)..]));
        if (name is "" or "root")
            name = "und";
        var written = options.OrderBy(one => one.Key, StringComparer.Ordinal)
            .Select(one => one.Value is "true" or "" ? one.Key : $"{one.Key}-{one.Value}").ToList();
        return written.Count == 0 ? name : $"{name}-u-{string.Join('-', written)}";
    }

    private static IEnumerable<(string Key, string Value)> OfKeywords(string keywords) =>
        from one in keywords.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        let parts = one.Split('=', 2)
        let value = parts.Length > 1 ? parts[1].Replace('_', '-') : ""
        select (Keys.GetValueOrDefault(parts[0], parts[0]), Values.GetValueOrDefault(value, value));

    private static (string Name, IEnumerable<(string Key, string Value)> Options) OfTag(string tag)
    {
        const string mark = "-u-";
        var at = tag.IndexOf(mark, StringComparison.Ordinal);
        if (at < 0)
            return (tag, []);
        var options = new List<(string Key, string Value)>();
        foreach (var part in tag[(at + mark.Length)..].Split('-'))
        {
            // A key has two letters, a value has more.
            if (part.Length == 2 || options.Count == 0)
                options.Add((part, ""));
            else
                options[^1] = (options[^1].Key, options[^1].Value.Length == 0 ? part : $"{options[^1].Value}-{part}");
        }

        return (tag[..at], options);
    }
}
