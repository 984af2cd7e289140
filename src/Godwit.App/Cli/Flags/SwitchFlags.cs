using System.CommandLine;
using System.Text.RegularExpressions;
using Godwit.Faults;
using Godwit.Journal;

namespace Godwit.App.Cli.Flags;

/// <summary>What is asked before the cut-over, and what it changes besides the app.</summary>
internal sealed partial class SwitchFlags
{
    [GeneratedRegex("^[a-z][a-z0-9-]*:[A-Za-z_][A-Za-z0-9_]*$", RegexOptions.CultureInvariant)]
    private static partial Regex ConfigVar();

    [GeneratedRegex("^[a-z][a-z0-9-]*$", RegexOptions.CultureInvariant)]
    private static partial Regex AppName();

    private readonly Option<string?> _acceptCommand = new("--accept-command")
    {
        Description = "A shell command that decides before the cut-over: it finds the target in DATABASE_URL, "
            + "and anything but exit code 0 puts everything back.", HelpName = "CMD",
    };

    private readonly Option<string[]> _setConfig = new("--set-config")
    {
        Description = "A config var of another app that gets the new database's URL in the cut-over; goes stale when "
            + "Heroku changes the password. May be repeated.", HelpName = "APP:VAR", Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string[]> _attach = new("--attach")
    {
        Description = "Another app that uses the database: the new one is attached to it in the cut-over, "
            + "as its DATABASE_URL, and stays right when Heroku changes the password. May be repeated.",
        HelpName = "APP", Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string?> _envFile = new("--env-file")
    {
        Description = "A new file for the new database's URL, readable for you alone: "
            + "as .env, or as a password file when its name ends with pgpass.", HelpName = "PATH",
    };

    public Option AttachOption => _attach;

    public IReadOnlyList<Option> All => [_acceptCommand, _attach, _setConfig, _envFile];

    /// <summary>What may still be said otherwise when a run is taken up again.</summary>
    public IReadOnlyList<Option> OnResume => [_acceptCommand];

    /// <summary>As it is kept with a run; what is not said stays as it was.</summary>
    public RunSettings Over(RunSettings settings, ParseResult parsed) => settings with
    {
        AcceptCommand = parsed.GetValue(_acceptCommand) ?? settings.AcceptCommand,
        SetConfig = parsed.GetValue(_setConfig) is { Length: > 0 } vars
            ? [.. vars.Distinct(StringComparer.Ordinal)] : settings.SetConfig,
        Attach = parsed.GetValue(_attach) is { Length: > 0 } apps
            ? [.. apps.Distinct(StringComparer.Ordinal)] : settings.Attach,
        // A resume may come from another folder.
        EnvFile = parsed.GetValue(_envFile) is { Length: > 0 } file ? Path.GetFullPath(file) : settings.EnvFile,
    };

    public static IEnumerable<OptionProblem> Problems(RunSettings settings)
    {
        foreach (var one in settings.SetConfig.Where(one => !ConfigVar().IsMatch(one)))
            yield return new("--set-config", $"is '{one}'",
                "Write it as APP:VAR, for example my-worker:DATABASE_URL; "
                + "a variable has letters, digits and underscores.");
        if (settings.SetConfig.FirstOrDefault(one =>
            $"heroku:{one}" == $"{settings.To.Split('/')[0]}:DATABASE_URL") is { } own)
            yield return new("--set-config", $"is '{own}'",
                "Leave it out: the cut-over points DATABASE_URL of the target's own app to the new database "
                + "in any case.");
        foreach (var app in settings.Attach)
        {
            if (!AppName().IsMatch(app))
                yield return new("--attach", $"is '{app}'", "Write the name of an app, for example my-worker.");
            else if ($"heroku:{app}" == settings.To.Split('/')[0])
                yield return new("--attach", $"is '{app}'",
                    "Leave it out: the cut-over attaches the new database to the target's own app in any case.");
            else if (settings.SetConfig.Contains($"{app}:DATABASE_URL"))
                yield return new("--attach", $"is '{app}', and --set-config is '{app}:DATABASE_URL'",
                    "Leave one of them out: both set the same variable.");
        }

        if (settings.AcceptCommand is not { } command)
            yield break;
        if (string.IsNullOrWhiteSpace(command))
            yield return new("--accept-command", "is empty",
                "Give it a command for /bin/sh, for example: --accept-command 'bin/smoke-test'.");
        else if (Redactor.Clean(command) != command)
            yield return new("--accept-command", "holds what looks like a password or a token",
                "Every user of the machine could read it. The command finds the target's URL in DATABASE_URL; "
                + "put other secrets into variables, or into a script.");
    }
}
