// Trouble: simulated faults, for tests and rehearsals.
//
// A spec is TARGET:EFFECT[=VALUE][,OPTION=VALUE]…
//
//   http:429 | http:500 | http:503      that status instead of an answer (any 400 to 599; 429 carries Retry-After)
//   http:slow=2s                        the answer comes two seconds later
//   http:cut                            the connection is cut instead of an answer
//   http:two-factor                     403 two_factor, until Heroku-Two-Factor-Code is sent
//   addon:deprovisions                  provisioning ends in deprovisioned
//   addon:slow=30s                      provisioning takes thirty seconds
//   restore:fails-after=2s              the transfer fails two seconds after it began (also capture:, copy:)
//   restore:warnings=3                  the transfer ends with three more warnings
//   restore:slow=5s                     the transfer stays pending for five seconds
//   restore:cut-after=1s                the database connections of the transfer are cut after a second
//   release:fails                       the release command fails; with a release fault every app has one
//   release:slow=2s                     the app's release command takes two seconds
//   storage:limit=10MB                  every plan holds ten megabytes
//   extension:closed                    a new database's owner may write into no table of an extension
//
// Options: count=N (only the first N times; without it every time), after=N (leaves the first N alone), and for http
// path=/apps/* (a * stands for anything), method=POST, retry-after=SECONDS.
using System.Globalization;
using System.Text.RegularExpressions;
using Godwit.Faults;

namespace Godwit.HerokuLocal.Trouble;

/// <summary>As typed after <c>--fault</c>.</summary>
internal sealed partial record TroubleSpec(string Target, string Effect)
{
    public TimeSpan Delay { get; private init; }
    public int Number { get; private init; }
    public long Bytes { get; private init; }

    /// <summary>Times that the fault happens.</summary>
    public int Count { get; private init; } = int.MaxValue;

    /// <summary>Matching occasions before the first fault.</summary>
    public int After { get; private init; }

    public string? Path { get; private init; }
    public string? Method { get; private init; }
    public TimeSpan RetryAfter { get; private init; } = TimeSpan.FromSeconds(1);

    // Each effect's type of value: "" for none, "time", "number" or "size".
    private static readonly Dictionary<string, Dictionary<string, string>> Known = new(StringComparer.Ordinal)
    {
        ["http"] = new(StringComparer.Ordinal) { ["slow"] = "time", ["cut"] = "", ["two-factor"] = "" },
        ["addon"] = new(StringComparer.Ordinal) { ["deprovisions"] = "", ["slow"] = "time" },
        ["restore"] = TransferEffects(),
        ["capture"] = TransferEffects(),
        ["copy"] = TransferEffects(),
        ["release"] = new(StringComparer.Ordinal) { ["fails"] = "", ["slow"] = "time" },
        ["storage"] = new(StringComparer.Ordinal) { ["limit"] = "size" },
        ["extension"] = new(StringComparer.Ordinal) { ["closed"] = "" },
    };

    [GeneratedRegex("^(?<n>[0-9]+(\\.[0-9]+)?)(?<unit>ms|s|m)$", RegexOptions.CultureInvariant)]
    private static partial Regex TimeShape();

    [GeneratedRegex("^(?<n>[0-9]+)(?<unit>B|kB|MB|GB)$", RegexOptions.CultureInvariant)]
    private static partial Regex SizeShape();

    /// <exception cref="FaultException"><c>heroku_local.fault_unknown</c>.</exception>
    public static TroubleSpec Parse(string text)
    {
        var parts = text.Split(',', StringSplitOptions.TrimEntries);
        var colon = parts[0].IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
            throw Wrong(text, "it has no colon");
        var target = parts[0][..colon];
        var (effect, value) = Pair(parts[0][(colon + 1)..]);
        if (!Known.TryGetValue(target, out var effects))
            throw Wrong(text, $"'{target}' is none of {string.Join(", ", Known.Keys)}");
        var spec = new TroubleSpec(target, effect);
        if (target == "http" && value is null && int.TryParse(effect, NumberStyles.None, CultureInfo.InvariantCulture,
            out var status) && status is >= 400 and < 600)
            spec = spec with { Effect = "status", Number = status };
        else if (!effects.TryGetValue(effect, out var kind))
            throw Wrong(text,
                $"{target} knows "
                + $"{string.Join(", ", effects.Keys)}{(target == "http" ? " and a status of 400 to 599" : "")}, "
                + $"not '{effect}'");
        else
            spec = spec.WithValue(text, kind, value);
        foreach (var option in parts.Skip(1))
            spec = spec.WithOption(text, option);
        return spec;
    }

    public bool Fits(string method, string path) =>
        (Method is null || string.Equals(Method, method, StringComparison.OrdinalIgnoreCase))
        && (Path is null || Regex.IsMatch(path, "^" + Regex.Escape(Path).Replace("\\*", ".*", StringComparison.Ordinal)
            + "$", RegexOptions.CultureInvariant));

    private static Dictionary<string, string> TransferEffects() => new(StringComparer.Ordinal)
    {
        ["fails-after"] = "time", ["warnings"] = "number", ["slow"] = "time", ["cut-after"] = "time",
    };

    private TroubleSpec WithValue(string text, string kind, string? value) => kind switch
    {
        "" when value is null => this,
        "time" when value is not null => this with { Delay = Time(text, value) },
        "number" when value is not null => this with { Number = WholeNumber(text, value) },
        "size" when value is not null => this with { Bytes = Size(text, value) },
        "" => throw Wrong(text, $"{Effect} takes no value"),
        _ => throw Wrong(text,
            $"{Effect} needs a {kind}, e.g. {Effect}={(kind == "time" ? "2s" : kind == "size" ? "10MB" : "3")}"),
    };

    private TroubleSpec WithOption(string text, string option)
    {
        var (name, value) = Pair(option);
        return (name, value) switch
        {
            ("count", { } n) => this with { Count = WholeNumber(text, n) },
            ("after", { } n) => this with { After = WholeNumber(text, n) },
            ("path", { } path) when Target == "http" => this with { Path = path },
            ("method", { } method) when Target == "http" => this with { Method = method },
            ("retry-after", { } n) when Target == "http" =>
                this with { RetryAfter = TimeSpan.FromSeconds(WholeNumber(text, n)) },
            _ => throw Wrong(text, $"'{option}' is no option of {Target}"),
        };
    }

    private static (string Name, string? Value) Pair(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? (text, null) : (text[..equals], text[(equals + 1)..]);
    }

    private static TimeSpan Time(string text, string value)
    {
        var match = TimeShape().Match(value);
        if (!match.Success)
            throw Wrong(text, $"'{value}' is no time such as 500ms, 2s or 1m");
        var number = double.Parse(match.Groups["n"].Value, CultureInfo.InvariantCulture);
        return match.Groups["unit"].Value switch
        {
            "ms" => TimeSpan.FromMilliseconds(number),
            "s" => TimeSpan.FromSeconds(number),
            _ => TimeSpan.FromMinutes(number),
        };
    }

    private static long Size(string text, string value)
    {
        var match = SizeShape().Match(value);
        if (!match.Success)
            throw Wrong(text, $"'{value}' is no size such as 500kB, 10MB or 1GB");
        var shift = match.Groups["unit"].Value switch { "B" => 0, "kB" => 10, "MB" => 20, _ => 30 };
        return long.Parse(match.Groups["n"].Value, CultureInfo.InvariantCulture) << shift;
    }

    private static int WholeNumber(string text, string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number : throw Wrong(text, $"'{value}' is no whole number");

    private static FaultException Wrong(string text, string why) => new(HerokuLocalFaults.UnknownTrouble(text, why));
}
