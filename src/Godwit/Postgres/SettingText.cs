using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Godwit.Postgres;

/// <summary>Compares texts of settings by their meaning to PostgreSQL: <c>65536</c> of 8 kB equals <c>512MB</c>.
/// https://www.postgresql.org/docs/current/config-setting.html</summary>
public static partial class SettingText
{
    // Lists of names, each quoted separately by PostgreSQL. No further ones since version 10.
    private static readonly HashSet<string> QuotedLists = new(StringComparer.OrdinalIgnoreCase)
    {
        "local_preload_libraries", "search_path", "session_preload_libraries", "shared_preload_libraries",
        "temp_tablespaces", "unix_socket_directories",
    };

    private static readonly HashSet<string> UtcNames = new(StringComparer.OrdinalIgnoreCase)
    {
        "utc", "uct", "gmt", "gmt0", "gmt+0", "gmt-0", "zulu", "universal", "greenwich",
    };

    // Largest first, in bytes and milliseconds.
    private static readonly (string Name, decimal Size)[] Memory = [("TB", 1L << 40), ("GB", 1 << 30), ("MB", 1 << 20),
        ("kB", 1 << 10), ("B", 1)];
    private static readonly (string Name, decimal Size)[] Time = [("d", 86_400_000), ("h", 3_600_000), ("min", 60_000),
        ("s", 1000), ("ms", 1), ("us", 0.001m)];

    public static bool IsQuotedList(string name) => QuotedLists.Contains(name);

    /// <summary>Equal for equal meaning. Not for display.</summary>
    public static string Canonical(SettingShape shape, string text) => shape.Type switch
    {
        "bool" => Switch(text) ?? text,
        "enum" => Switch(text) ?? text.Trim().ToLowerInvariant(),
        "integer" or "real" => Number(shape, text) is { } number ? number.ToString("0.############",
            CultureInfo.InvariantCulture) : text.Trim(),
        _ => Words(shape.Name, text),
    };

    /// <summary>As in SHOW: in the largest unit that divides the value.</summary>
    public static string Shown(SettingShape shape, string text)
    {
        if (shape.Type is not ("integer" or "real") || UnitOf(shape.Unit) is not { } unit
            || Number(shape, text) is not { } number || number <= 0)
            return shape.Type is "bool" ? Switch(text) ?? text : text;
        var (name, size) = unit.All.First(one => one.Name == unit.All[^1].Name || number % one.Size == 0);
        return (number / size).ToString("0.######", CultureInfo.InvariantCulture) + name;
    }

    /// <summary>Of a list, without quotes.</summary>
    public static IReadOnlyList<string> Names(string text)
    {
        var names = new List<string>();
        var name = new StringBuilder();
        var isQuoted = false;
        for (var at = 0; at <= text.Length; at++)
        {
            if (at == text.Length || (text[at] == ',' && !isQuoted))
            {
                names.Add(name.ToString());
                name.Clear();
            }
            else if (text[at] == '"' && isQuoted && at + 1 < text.Length && text[at + 1] == '"')
            {
                name.Append(text[++at]);
            }
            else if (text[at] == '"')
            {
                isQuoted = !isQuoted;
            }
            else if (isQuoted || !char.IsWhiteSpace(text[at]))
            {
                // PostgreSQL folds unquoted names to lower case.
                name.Append(isQuoted ? text[at] : char.ToLowerInvariant(text[at]));
            }
        }

        return names is [""] ? [] : names;
    }

    private static string? Switch(string text) => text.Trim().ToLowerInvariant() switch
    {
        "on" or "true" or "yes" or "1" or "t" or "y" => "on",
        "off" or "false" or "no" or "0" or "f" or "n" => "off",
        _ => null,
    };

    private static string Words(string name, string text) => name.ToLowerInvariant() switch
    {
        "timezone" or "log_timezone" => Zone(text.Trim()),
        "datestyle" => DateStyle(text),
        "client_encoding" => text.Replace("-", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal)
            .ToUpperInvariant() is var encoding
            && encoding == "UNICODE" ? "UTF8" : encoding,
        "default_text_search_config" => text.Contains('.', StringComparison.Ordinal) ? text : "pg_catalog." + text,
        "lc_monetary" or "lc_numeric" or "lc_time" or "lc_messages" or "lc_collate" or "lc_ctype" => Locale(text),
        var lower when QuotedLists.Contains(lower) => string.Join(',', Names(text).Select(ServerCatalog.Quote)),
        _ => text,
    };

    private static string Zone(string text) =>
        UtcNames.Contains(text.StartsWith("Etc/", StringComparison.OrdinalIgnoreCase) ? text[4..] : text)
            ? "utc" : text.ToLowerInvariant();

    // en_US.UTF-8 and en_US.utf8 are the same locale to the C library.
    private static string Locale(string text) => text.Split('.', 2) is [var language, var codes]
        ? $"{language}.{codes.Replace("-", "", StringComparison.Ordinal).ToLowerInvariant()}"
        : text;

    // Style and order in any sequence, each with synonyms. A missing one has PostgreSQL's default.
    private static string DateStyle(string text)
    {
        var (style, order) = ("iso", "");
        foreach (var word in text.ToLowerInvariant().Split([',', ' '], StringSplitOptions.RemoveEmptyEntries))
        {
            switch (word)
            {
                case "iso" or "sql" or "german": style = word; break;
                case ['p', 'o', 's', 't', 'g', 'r', 'e', 's', ..]: style = "postgres"; break;
                case "ymd": order = "ymd"; break;
                case "dmy" or ['e', 'u', 'r', 'o', ..]: order = "dmy"; break;
                case "mdy" or "us" or ['n', 'o', 'n', 'e', 'u', 'r', 'o', ..]: order = "mdy"; break;
                default: return text.ToLowerInvariant();
            }
        }

        return $"{style}, {(order.Length > 0 ? order : style == "german" ? "dmy" : "mdy")}";
    }

    // In bytes or milliseconds if the setting has a unit. Null: not a number.
    private static decimal? Number(SettingShape shape, string text)
    {
        var match = NumberAndUnit().Match(text);
        if (!match.Success || Parse(shape, match.Groups["number"].Value) is not { } number)
            return null;
        // -1 and 0 are not amounts: they mean "off", "the default" or "none".
        if (UnitOf(shape.Unit) is not { } unit || number <= 0)
            return number;
        var said = match.Groups["unit"].Value;
        if (said.Length == 0)
            return number * unit.Size;
        var size = unit.All.FirstOrDefault(one => one.Name == said).Size;
        // Rounded to whole units, as in PostgreSQL.
        return size == 0 ? null : shape.Type == "integer" ? Math.Round(number * size / unit.Size) * unit.Size
            : number * size;
    }

    private static decimal? Parse(SettingShape shape, string digits)
    {
        var isWhole = shape.Type == "integer";
        if (isWhole && digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
            return long.TryParse(digits.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture,
                out var hex) ? hex : null;
        // File permissions, which SHOW also prints in octal.
        if (isWhole && digits is ['0', _, ..] && digits.All(c => c is >= '0' and <= '7'))
            return Convert.ToInt64(digits, 8);
        return decimal.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number : null;
    }

    private static (decimal Size, (string Name, decimal Size)[] All)? UnitOf(string? unit)
    {
        if (unit is null || NumberAndUnit().Match(char.IsAsciiDigit(unit.FirstOrDefault()) ? unit : "1" + unit)
            is not { Success: true } match)
            return null;
        var all = Array.Exists(Memory, one => one.Name == match.Groups["unit"].Value) ? Memory : Time;
        var size = all.FirstOrDefault(one => one.Name == match.Groups["unit"].Value).Size;
        return size == 0
            ? null : (size * decimal.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture), all);
    }

    [GeneratedRegex(
        @"^\s*(?<number>0[xX][0-9a-fA-F]+|[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?)\s*(?<unit>[A-Za-z]*)\s*$",
        RegexOptions.CultureInvariant)]
    private static partial Regex NumberAndUnit();
}
