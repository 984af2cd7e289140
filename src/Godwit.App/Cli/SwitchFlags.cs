using System.CommandLine;
using Godwit.Faults;
using Godwit.Journal;

namespace Godwit.App.Cli;

/// <summary>What is asked before the cut-over.</summary>
internal sealed class SwitchFlags
{
    private readonly Option<string?> _acceptCommand = new("--accept-command")
    {
        Description = "A shell command that decides before the cut-over: it finds the target in DATABASE_URL, and anything but exit code 0 puts everything back.", HelpName = "CMD",
    };

    public IReadOnlyList<Option> All => [_acceptCommand];

    /// <summary>What may still be said otherwise when a run is taken up again.</summary>
    public IReadOnlyList<Option> OnResume => [_acceptCommand];

    /// <summary>As it is kept with a run; what is not said stays as it was.</summary>
    public RunSettings Over(RunSettings settings, ParseResult parsed) => settings with
    {
        AcceptCommand = parsed.GetValue(_acceptCommand) ?? settings.AcceptCommand,
    };

    public static IEnumerable<OptionProblem> Problems(RunSettings settings)
    {
        if (settings.AcceptCommand is not { } command)
            yield break;
        if (string.IsNullOrWhiteSpace(command))
            yield return new("--accept-command", "is empty", "Give it a command for /bin/sh, for example: --accept-command 'bin/smoke-test'.");
        else if (Redactor.Clean(command) != command)
            yield return new("--accept-command", "holds what looks like a password or a token", "Every user of the machine could read it. The command finds the target's URL in DATABASE_URL; put other secrets into variables, or into a script.");
    }
}
