using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Godwit.Faults;

namespace Godwit.Requests;

public sealed partial record SwitchSettings
{
    /// <summary>Decides before the cut-over whether the target may be used; null: none.</summary>
    public string? AcceptCommand { get; init; }

    /// <summary><c>APP:VAR</c>: a config var that gets the target's URL.</summary>
    public IReadOnlyList<string> SetConfig { get; init; } = [];

    [JsonIgnore]
    public IEnumerable<(string App, string Name)> ConfigVars =>
        SetConfig.Select(one => one.Split(':', 2)).Select(parts => (parts[0], parts[1]));

    /// <summary>Apps that get the target as their DATABASE_URL in the cut-over.</summary>
    public IReadOnlyList<string> Attach { get; init; } = [];

    /// <summary>Full path of a file for the target's URL.</summary>
    public string? EnvFile { get; init; }

    public IEnumerable<OptionProblem> Problems(string to)
    {
        var own = to.Split('/')[0];
        foreach (var one in SetConfig.Where(one => !ConfigVar().IsMatch(one)))
            yield return new("--set-config", $"is '{one}'",
                "Write it as APP:VAR, for example my-worker:DATABASE_URL; "
                + "a variable has letters, digits and underscores.");
        if (SetConfig.FirstOrDefault(one => $"heroku:{one}" == $"{own}:DATABASE_URL") is { } ownVar)
            yield return new("--set-config", $"is '{ownVar}'",
                "Leave it out: the cut-over points DATABASE_URL of the target's own app to the new database "
                + "in any case.");
        foreach (var app in Attach)
        {
            if (!AppName().IsMatch(app))
                yield return new("--attach", $"is '{app}'", "Write the name of an app, for example my-worker.");
            else if ($"heroku:{app}" == own)
                yield return new("--attach", $"is '{app}'",
                    "Leave it out: the cut-over attaches the new database to the target's own app in any case.");
            else if (SetConfig.Contains($"{app}:DATABASE_URL"))
                yield return new("--attach", $"is '{app}', and --set-config is '{app}:DATABASE_URL'",
                    "Leave one of them out: both set the same variable.");
        }

        if (Attach.Count > 0 && HerokuSettings.IsElsewhere(to))
            yield return HerokuSettings.Elsewhere("--attach");
        if (AcceptCommand is not { } command)
            yield break;
        if (string.IsNullOrWhiteSpace(command))
            yield return new("--accept-command", "is empty",
                "Give it a command for /bin/sh, for example: --accept-command 'bin/smoke-test'.");
        else if (Redactor.Clean(command) != command)
            yield return new("--accept-command", "holds what looks like a password or a token",
                "Every user of the machine could read it. The command finds the target's URL in DATABASE_URL; "
                + "put other secrets into variables, or into a script.");
    }

    [GeneratedRegex("^[a-z][a-z0-9-]*:[A-Za-z_][A-Za-z0-9_]*$", RegexOptions.CultureInvariant)]
    private static partial Regex ConfigVar();

    [GeneratedRegex("^[a-z][a-z0-9-]*$", RegexOptions.CultureInvariant)]
    private static partial Regex AppName();
}
