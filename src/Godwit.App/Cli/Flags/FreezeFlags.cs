using System.CommandLine;
using Godwit.Faults;
using Godwit.Requests;

namespace Godwit.App.Cli.Flags;

/// <summary>How writes are stopped, and at which apps.</summary>
internal sealed class FreezeFlags
{
    private const string None = "none";

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

    /// <summary>A resume must not forget a freeze or a stopped app.</summary>
    public IReadOnlyList<Option> OnResume => [_apps, _freeze];

    /// <summary>For a run. Flags that are not given change nothing.</summary>
    public FreezeSettings Over(FreezeSettings settings, ParseResult parsed)
    {
        var how = parsed.GetValue(_freeze);
        return new()
        {
            Apps = [.. settings.Apps.Union(parsed.GetValue(_apps) ?? [])],
            OnlyWorkers = settings.OnlyWorkers || parsed.GetValue(_workers),
            IsOn = how is null ? settings.IsOn && !parsed.GetValue(_noFreeze) : how != None,
            How = how is null or None ? settings.How : FreezeSettings.Words.Of(how),
        };
    }

    public IEnumerable<OptionProblem> Problems(ParseResult parsed)
    {
        if (parsed.GetValue(_freeze) is not { } how)
            yield break;
        string[] hows = [.. FreezeSettings.Words.All, None];
        if (!hows.Contains(how))
            yield return new("--freeze", $"is '{how}'", $"Use {string.Join(", ", hows)}.");
        else if (how != None && parsed.GetValue(_noFreeze))
            yield return new("--no-freeze", $"contradicts --freeze {how}", "Use one of the two.");
    }

    /// <summary>Refuses <c>none</c>: the run must not forget what it froze.</summary>
    public IEnumerable<OptionProblem> ResumeProblems(ParseResult parsed) => parsed.GetValue(_freeze) == None
        ? [new("--freeze", "cannot become none in a run that has begun", "Roll it back, and begin a new one.")]
        : Problems(parsed);
}
