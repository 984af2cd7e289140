using System.CommandLine;
using Godwit.Assess;
using Godwit.Dump;
using Godwit.Faults;
using Godwit.Journal;

namespace Godwit.App.Cli.Flags;

/// <summary>The store of the dump and the plan of the database: until the one is used and the other is ordered, a run
/// that is taken up again may be told otherwise.</summary>
internal sealed class ChangeableFlags
{
    private readonly StoreFlags _store = new();

    private readonly Option<string?> _via = new("--via")
    {
        Description = $"Another store, as long as nothing was dumped: {StoreFlags.Kinds}.", HelpName = "STORE",
    };

    private readonly Option<string?> _plan = new("--plan")
    {
        Description = "Another plan, as long as no database was ordered.", HelpName = "PLAN",
    };

    public IReadOnlyList<Option> All => [_via, _plan, .. StoreOptions];

    private IReadOnlyList<Option> StoreOptions => [.. _store.Making, .. _store.Buckets, .. _store.Links];

    /// <summary>How a store is reached is said together with it: what was said of the former does not hold for
    /// another.</summary>
    public RunSettings Over(RunSettings settings, ParseResult parsed)
    {
        settings = settings with { Plan = parsed.GetValue(_plan) ?? settings.Plan };
        // The run's own store, named once more, is reached as before.
        return parsed.GetValue(_via) is { } via && (via != settings.Via || parsed.Given(StoreOptions).Count > 0)
            ? _store.Over(settings with { Via = via, GcsEndpoint = null, DumpFlags = parsed.Given([_via]) }, parsed)
            : settings;
    }

    public IEnumerable<OptionProblem> Problems(RunStory story, ParseResult parsed)
    {
        if (parsed.GetValue(_via) is { } via)
        {
            if (string.IsNullOrWhiteSpace(via))
                yield return new("--via", "is empty",
                    $"Name the store: {StoreFlags.Kinds}. If a variable stands there, it is not set.");
            else if (story.Settings.Via.Length == 0)
                yield return new("--via", "names a store, and this run copies from server to server", "Leave it out.");
            else if (via != story.Settings.Via && HasUsedStore(story))
                yield return new("--via", $"is another store, and this run has used {story.Settings.Via}",
                    $"Leave it out, or give this run up (godwit rollback {story.RunId}) and begin a new one.");
        }
        else if (parsed.Given(StoreOptions) is { Count: > 0 } given)
        {
            yield return new(given[0], "says how a store is reached, and --via is missing",
                "Name the store too: --via STORE.");
        }

        if (parsed.GetValue(_plan) is not { } plan)
            yield break;
        if (string.IsNullOrWhiteSpace(plan))
            yield return new("--plan", "is empty", "Name a plan, e.g. standard-0.");
        else if (plan != story.Settings.Plan && story.Recall(RunStory.AddOnKey) is { } addOn)
            yield return new("--plan", $"is '{plan}', and the database is there already ({addOn})",
                "Leave it out; or change the plan when the run has ended: "
                + $"heroku addons:upgrade {addOn} heroku-postgresql:{plan}");
    }

    private static bool HasUsedStore(RunStory story) =>
        story.Recall(DumpMemory.BegunKey) is not null || story.Recall(AssessStep.StoreMadeKey) is not null;
}
