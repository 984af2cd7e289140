using System.Globalization;

namespace Godwit.Heroku;

/// <summary>A setting that only <c>heroku pg:settings</c> can change.</summary>
/// <param name="Name">PostgreSQL's name, which Heroku's Data API uses too.</param>
/// <param name="Words">The allowed values, <see cref="Switch"/> for a boolean. Empty: a number of milliseconds, or -1
/// for never.</param>
/// <remarks>From the subcommands of Heroku's command line (npm heroku 11.10.0).</remarks>
public sealed record HerokuSettingKey(string Name, IReadOnlyList<string> Words)
{
    /// <summary>Whether the module is loaded, without which its settings do nothing. Not a setting of
    /// PostgreSQL.</summary>
    public const string AutoExplain = "auto_explain";

    /// <summary>Shorter statements are not explained; -1, the default, turns the module off.</summary>
    public const string AutoExplainDuration = "auto_explain.log_min_duration";

    private static readonly string[] Switch = ["true", "false"];

    // Present and former plans on shared servers.
    private static readonly string[] WithoutKeys = ["essential", "mini", "basic", "dev", "hobby"];

    public static IReadOnlyList<HerokuSettingKey> All { get; } =
    [
        new("log_lock_waits", Switch),
        new("log_connections", Switch),
        new("log_min_duration_statement", []),
        new("log_min_error_statement", ["error", "log", "fatal", "panic"]),
        new("log_statement", ["none", "ddl", "mod", "all"]),
        new("track_functions", ["none", "pl", "all"]),
        new(AutoExplain, Switch),
        new("auto_explain.log_analyze", Switch),
        new("auto_explain.log_buffers", Switch),
        new("auto_explain.log_format", ["text", "json", "yaml", "xml"]),
        new(AutoExplainDuration, []),
        new("auto_explain.log_nested_statements", Switch),
        new("auto_explain.log_triggers", Switch),
        new("auto_explain.log_verbose", Switch),
    ];

    public static HerokuSettingKey? Find(string name) =>
        All.FirstOrDefault(key => string.Equals(key.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Heroku refuses all settings on plans with shared servers.</summary>
    /// <param name="plan">Short name: <c>standard-0</c>.</param>
    public static bool AreOfferedOn(string plan) =>
        !WithoutKeys.Any(tier => plan.StartsWith(tier, StringComparison.Ordinal));

    /// <summary>The value for the Data API: <c>true</c>, <c>250</c>, <c>ddl</c>. Null: Heroku does not offer
    /// it.</summary>
    /// <param name="canonical">PostgreSQL's value: <c>on</c>, milliseconds, a word in lower case.</param>
    public string? ValueOf(string canonical)
    {
        if (Words.Count == 0)
            return decimal.TryParse(canonical, CultureInfo.InvariantCulture, out var ms)
                ? Math.Round(ms).ToString(CultureInfo.InvariantCulture) : null;
        if (Words.SequenceEqual(Switch))
            // Since PostgreSQL 18 log_connections is a list of events to log; any of them is "on" here.
            return canonical.Length == 0 || canonical == "off" ? "false" : "true";
        return Words.Contains(canonical) ? canonical : null;
    }

    /// <param name="database">The add-on. Heroku's command line expects it first, and would take a lone value for
    /// it.</param>
    public string Command(string app, string database, string value) =>
        $"heroku pg:settings:{Name.Replace('_', '-').Replace('.', ':')} {database} {value} --app {app}";
}
