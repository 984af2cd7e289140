using System.CommandLine;
using Godwit.Requests;

namespace Godwit.App.Cli.Flags;

/// <summary>What decides on the cut-over, and what it changes besides the app.</summary>
internal sealed class SwitchFlags
{
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

    public IReadOnlyList<Option> All => [_acceptCommand, _attach, _setConfig, _envFile];

    /// <summary>May change on a resume.</summary>
    public IReadOnlyList<Option> OnResume => [_acceptCommand];

    /// <summary>For a run. Flags that are not given change nothing.</summary>
    public SwitchSettings Over(SwitchSettings settings, ParseResult parsed) => settings with
    {
        AcceptCommand = parsed.GetValue(_acceptCommand) ?? settings.AcceptCommand,
        SetConfig = parsed.GetValue(_setConfig) is { Length: > 0 } vars
            ? [.. vars.Distinct(StringComparer.Ordinal)] : settings.SetConfig,
        Attach = parsed.GetValue(_attach) is { Length: > 0 } apps
            ? [.. apps.Distinct(StringComparer.Ordinal)] : settings.Attach,
        // A resume may start in another folder.
        EnvFile = parsed.GetValue(_envFile) is { Length: > 0 } file ? Path.GetFullPath(file) : settings.EnvFile,
    };
}
