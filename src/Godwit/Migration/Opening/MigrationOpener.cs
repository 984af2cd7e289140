using Godwit.Cutover.Switch;
using Godwit.Faults;
using Godwit.Heroku;
using Godwit.Journal;
using Godwit.Migration.Plans;
using Godwit.Postgres;
using Godwit.Requests;
using Godwit.Storage;
using Godwit.Targets;

namespace Godwit.Migration.Opening;

/// <summary>Opens what a run works with, from its settings: by hand, without a container.</summary>
public sealed class MigrationOpener(OpeningWorld world)
{
    private readonly StoreOpener _stores = new(world);

    /// <summary>Opens a run that has not begun. If no route is named, chooses one and reports it.</summary>
    /// <param name="storeInstead">Gives the store if one is needed and none is named; null: that of the source's
    /// provider.</param>
    /// <exception cref="FaultException">Nothing was done yet. Among others <c>cli.options</c>.</exception>
    public async Task<MigrationParts> OpenAsync(
        RunSettings settings, Func<StoreAddress>? storeInstead, CancellationToken ct)
    {
        OptionProblems.RequireNone(Problems(settings));
        var ends = OpenEnds(settings, settings.From);
        var chosen = await RouteChoice.MakeAsync(settings, ends.Source, ends.Heroku, ends.Target, ct);
        if (chosen.RouteWhy is { } why)
        {
            world.Note(new(OpeningNoteKind.Chosen, $"the route is {chosen.Route}, {Route.Of(chosen).Way}"
                + $"{RouteChoice.NotUsed(settings.Dump)}: {why}."));
            chosen = chosen with { Store = chosen.Store with { Address = null } };
        }

        if (Route.Of(chosen).UsesStore && chosen.Store.Address is null && storeInstead is not null)
            chosen = chosen with { Store = chosen.Store with { Address = storeInstead() } };
        return Open(chosen, settings.From, ends);
    }

    /// <summary>What is wrong with the settings of a run that has not begun, by flag.</summary>
    public static IEnumerable<OptionProblem> Problems(RunSettings settings) =>
        [.. settings.Problems(), .. Route.Problems(settings)];

    /// <param name="from">The source as typed; null: that of <paramref name="settings"/>.</param>
    public MigrationParts Open(RunSettings settings, string? from = null)
    {
        var reference = from ?? settings.From;
        return Open(settings, reference, OpenEnds(settings, reference));
    }

    /// <summary>Opens a run that has begun.</summary>
    /// <param name="settings">As given now.</param>
    /// <param name="from">The source as typed; null: as given when the run began.</param>
    /// <exception cref="FaultException">Among others <c>cli.options</c>: <see cref="RunSettings.To"/> names another
    /// target than the run has.</exception>
    public MigrationParts Reopen(RunStory story, RunSettings settings, string? from)
    {
        var parts = Open(settings, SourceOf(story, from));
        if (story.Recall(RunStory.TargetKey) is { } before && before != $"{parts.Target}")
            OptionProblems.RequireNone([new("--to", $"is {parts.Target}, and the target of this run is {before}",
                "Name the run's own target. For another one, begin a new run.")]);
        return parts;
    }

    /// <param name="found">Problems beside those of the settings.</param>
    /// <inheritdoc cref="Reopen"/>
    public MigrationParts Resume(
        RunStory story, RunSettings settings, string? from, IEnumerable<OptionProblem> found)
    {
        var compares = story.Recall(SwitchStep.BegunKey) is null;
        OptionProblems.RequireNone([.. settings.ProblemsOnResume(compares), .. found]);
        return Reopen(story, settings, from);
    }

    // A literal URL was kept without its password; PGPASSWORD or a password file may still complete it.
    private static string SourceOf(RunStory story, string? given) =>
        given ?? (story.Settings.From == RunSettings.FromStdin
            ? throw new FaultException(MigrationFaults.SourceNeeded(story.RunId)) : story.Settings.From);

    private MigrationParts Open(RunSettings settings, string reference, Ends ends)
    {
        var usesStore = Route.Of(settings).UsesStore;
        if (usesStore && settings.Store.Address is null)
            settings = _stores.WithDefault(settings, ends.Source);
        var store = usesStore ? _stores.Open(settings.Store.Address!, settings.StoreAccess) : null;
        settings = settings with
        {
            Route = settings.RouteOrUsual,
            From = reference == RunSettings.FromStdin ? reference : PostgresSource.Keepable(reference, ends.Source),
            To = ends.Target is PostgresTargetName { Address: var address }
                ? PostgresSource.Keepable(settings.To, address) : settings.To,
            Heroku = settings.Heroku with { Host = ends.Heroku?.Host },
            StoreAccess = store?.Keep(settings.StoreAccess) ?? settings.StoreAccess,
        };
        return new MigrationParts
        {
            Settings = settings,
            Source = ends.Source,
            Target = ends.Target,
            Heroku = ends.Heroku,
#pragma warning disable CA2000 // The store disposes its link host.
            Store = store is null ? null
                : ObjectStores.Open(store.Address, store.Options, world.MakeLinkHost(), world.Clock),
#pragma warning restore CA2000
            EarlierRuns = world.Runs.RunIds(),
            HistoryOf = addOn => AddOnHistories.Of(world.Runs, addOn, ends.Heroku!.Host),
            Tools = new PgTools(world.Environment),
            Processes = world.Processes,
            EnvironmentSecrets = world.EnvironmentSecrets,
            Clock = world.Clock,
        };
    }

    // The store's problems are reported first: no server is asked for them.
    private Ends OpenEnds(RunSettings settings, string reference)
    {
        var source = world.Databases.Source(reference) with
        {
            LockWait = settings.Dump.LockWaitSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        };
        var target = OpenTarget(settings);
        if (Route.Of(settings).UsesStore && settings.Store.Address is { } via)
            _stores.Open(via, settings.StoreAccess);
        var namesApps = target.App is not null || settings.Freeze.Apps.Count + settings.Switch.SetConfig.Count > 0;
#pragma warning disable CA2000 // Whoever has the parts disposes it with them.
        return new(source, target, namesApps ? world.Heroku.OpenFor(settings.Heroku) : null);
#pragma warning restore CA2000
    }

    /// <exception cref="FaultException"><c>cli.options</c>: programs would get the target's URL without its
    /// password.</exception>
    private TargetName OpenTarget(RunSettings settings)
    {
        if (HerokuTargetName.IsOne(settings.To))
            return HerokuTargetName.Parse(settings.To);
        var address = world.Databases.Target(settings.To);
        string[] handedOn = [.. settings.Switch.SetConfig.Select(_ => "--set-config").Distinct(),
            .. settings.Switch.EnvFile is null ? [] : (string[])["--env-file"]];
        if (address.Password is null && handedOn.Length > 0)
            OptionProblems.RequireNone([new("--to", $"has no password, and {handedOn[0]} hands the URL on",
                "Put the whole URL into a variable, and name that: --to env:TARGET_URL")]);
        return new PostgresTargetName(address);
    }

    // A run's source and target, and the client to ask about the target and the apps.
    private sealed record Ends(PostgresAddress Source, TargetName Target, HerokuClient? Heroku);
}
