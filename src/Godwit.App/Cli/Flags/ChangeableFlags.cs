using System.CommandLine;
using Godwit.Assess;
using Godwit.Dump;
using Godwit.Faults;
using Godwit.Journal;
using Godwit.Requests;
using Godwit.Storage;

namespace Godwit.App.Cli.Flags;

/// <summary>A run's store can be changed until it is used, its plan until the database is ordered.</summary>
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

    public IReadOnlyList<Option> All => [_via, _plan, .. _store.OfRun];

    /// <summary>A new store uses this line's access flags only: the former store's do not fit it.</summary>
    public RunSettings Over(RunSettings settings, ParseResult parsed)
    {
        settings = settings with
        {
            Heroku = settings.Heroku with { Plan = parsed.GetValue(_plan) ?? settings.Heroku.Plan },
        };
        // Naming the run's own store again, without access flags, changes nothing.
        return parsed.GetValue(_via) is { } via
            && (StoreAddress.Of(via) != settings.Store.Address || parsed.Given(_store.OfRun).Count > 0)
            ? settings with
            {
                Store = new() { Via = via, Creates = _store.Creates(parsed) },
                StoreAccess = _store.Access(parsed),
                Dump = settings.Dump with { Flags = parsed.Given([_via, .. _store.OfRun]) },
            }
            : settings;
    }

    public IEnumerable<OptionProblem> Problems(RunStory story, ParseResult parsed)
    {
        if (parsed.GetValue(_via) is { } via)
        {
            if (string.IsNullOrWhiteSpace(via))
                yield return new("--via", "is empty",
                    $"Name the store: {StoreFlags.Kinds}. If a variable stands there, it is not set.");
            else if (story.Settings.Store.Address is null)
                yield return new("--via", "names a store, and this run copies from server to server", "Leave it out.");
            else if (StoreAddress.Of(via) != story.Settings.Store.Address && HasUsedStore(story))
                yield return new("--via", $"is another store, and this run has used {story.Settings.Store.Via}",
                    $"Leave it out, or give this run up (godwit rollback {story.RunId}) and begin a new one.");
        }
        else if (parsed.Given(_store.OfRun) is { Count: > 0 } given)
        {
            yield return new(given[0], "says how a store is reached, and --via is missing",
                "Name the store too: --via STORE.");
        }

        if (parsed.GetValue(_plan) is not { } plan)
            yield break;
        if (string.IsNullOrWhiteSpace(plan))
            yield return new("--plan", "is empty", "Name a plan, e.g. standard-0.");
        else if (plan != story.Settings.Heroku.Plan && story.Recall(RunStory.AddOnKey) is { } addOn)
            yield return new("--plan", $"is '{plan}', and the database is there already ({addOn})",
                "Leave it out; or change the plan when the run has ended: "
                + $"heroku addons:upgrade {addOn} heroku-postgresql:{plan}");
    }

    private static bool HasUsedStore(RunStory story) =>
        story.Recall(DumpMemory.BegunKey) is not null || story.Recall(AssessStep.StoreMadeKey) is not null;
}
