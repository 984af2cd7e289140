using System.CommandLine;
using Godwit.Faults;
using Godwit.Journal;

namespace Godwit.App.Cli.Flags;

/// <summary>How writes are stopped, and at which apps.</summary>
internal sealed class FreezeFlags
{
    private readonly Option<string[]> _apps = new("--app")
    {
        Description = "Another Heroku app that writes to the source: it is stopped together with the target's. "
            + "May be repeated.", HelpName = "APP", Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<bool> _workers =
        new("--workers") { Description = "Stop the workers only: web dynos stay up, behind maintenance mode." };

    private readonly Option<string?> _freeze = new("--freeze")
    {
        Description = "The source while the move lasts: read-only; revoke (read-only, and nobody else may connect); "
            + "or none (you have stopped the writes yourself). Default: read-only.",
        HelpName = "HOW",
    };

    private readonly Option<bool> _noFreeze = new("--no-freeze") { Description = "The same as --freeze none." };

    public IReadOnlyList<Option> All => [_apps, _workers, _freeze, _noFreeze];

    /// <summary>A run that has frozen must not forget it, nor an app it has stopped.</summary>
    public IReadOnlyList<Option> OnResume => [_apps, _freeze];

    /// <summary>As it is kept with a run; what is not said stays as it was.</summary>
    public RunSettings Over(RunSettings settings, ParseResult parsed)
    {
        var how = parsed.GetValue(_freeze);
        return settings with
        {
            Apps = [.. settings.Apps.Union(parsed.GetValue(_apps) ?? [])],
            OnlyWorkers = settings.OnlyWorkers || parsed.GetValue(_workers),
            Freeze = how is null ? settings.Freeze && !parsed.GetValue(_noFreeze) : how != FreezeHow.None,
            FreezeHow = how is null or FreezeHow.None ? settings.FreezeHow : how,
        };
    }

    public IEnumerable<OptionProblem> Problems(RunSettings settings, ParseResult parsed)
    {
        if (parsed.GetValue(_freeze) is { } how && !FreezeHow.All.Contains(how))
            yield return new("--freeze", $"is '{how}'", $"Use {string.Join(", ", FreezeHow.All)}.");
        else if (parsed.GetValue(_freeze) is { } other && other != FreezeHow.None && parsed.GetValue(_noFreeze))
            yield return new("--no-freeze", $"contradicts --freeze {other}", "Use one of the two.");
        if (!settings.Freeze && settings.Apps.Count > 0)
            yield return new("--app", "names an app to stop, and nothing is to be stopped (--freeze none)",
                "Leave one of the two out.");
        if (!settings.Freeze && settings.OnlyWorkers)
            yield return new("--workers", "says which dynos to stop, and nothing is to be stopped (--freeze none)",
                "Leave one of the two out.");
    }

    /// <summary>What was frozen stays remembered, so nobody may say in the middle that it is his own affair.</summary>
    public IEnumerable<OptionProblem> ResumeProblems(RunSettings settings, ParseResult parsed) =>
        parsed.GetValue(_freeze) == FreezeHow.None
            ? [new("--freeze", "cannot become none in a run that has begun", "Roll it back, and begin a new one.")]
            : Problems(settings, parsed);
}
