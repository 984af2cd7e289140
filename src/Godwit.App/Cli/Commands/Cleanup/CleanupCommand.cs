using System.CommandLine;
using Godwit.App.Cli.Screens;
using Godwit.App.Web;
using Godwit.Faults;
using Godwit.Heroku;
using Godwit.Journal;
using Godwit.Migration;
using Godwit.Migration.CleanUp;
using Godwit.Migration.Opening;
using Godwit.Pipeline;
using Godwit.Requests;
using Godwit.Storage;

namespace Godwit.App.Cli.Commands;

/// <summary>Shows what runs left, restores and removes it after a question, and checks that it is gone.</summary>
internal static class CleanupCommand
{
    public static Command Build(CliEnvironment world)
    {
        var options = new CleanupOptions();
        var json = new Option<bool>("--json")
        {
            Description = "Print JSON for programs. Asks nobody: add --yes to have it removed.",
        };
        var command = new Command("cleanup",
            "Shows what runs left: in a store (dumps, unfinished uploads, old versions, small objects of checks), "
            + "and of the run that is named also what it changed at source and "
            + "apps. Puts it back and removes it after a question, and looks whether it is gone.");
        foreach (var symbol in options.All)
        {
            if (symbol is Argument argument)
                command.Add(argument);
            else
                command.Add((Option)symbol);
        }

        command.Add(json);
        command.SetAction(async (parsed, ct) =>
        {
            var request = options.Read(parsed, world.Environment);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
            using var interrupts = world.Console.OnInterrupt(_ => stop.Cancel());
            await using var places = new CleanupPlaces(request, world, parsed.GetValue(json));
            places.Open();
            return await new CleanupScreen(world, parsed.GetValue(json)).RunAsync(places, request.IsAgreed, stop.Token);
        });
        return command;
    }
}

/// <summary>The named store, or the runs' stores. Locks the runs, so that none is resumed meanwhile.</summary>
internal sealed class CleanupPlaces(CleanupRequest request, CliEnvironment world, bool isJson) : IAsyncDisposable
{
    private readonly List<IObjectStore> _stores = [];
    private readonly List<IDisposable> _held = [];
    private readonly List<HerokuClient> _clients = [];
    private readonly List<ILeftovers> _places = [];
    private readonly List<Fault> _skipped = [];
    private readonly Dictionary<string, string?> _whyKept = new(StringComparer.Ordinal);

    public IReadOnlyList<ILeftovers> All => _places;

    /// <summary>Why runs were not looked at.</summary>
    public IReadOnlyList<Fault> Skipped => _skipped;

    public void Open()
    {
        if (request.Via is { } via)
        {
            Add(via, request.Store, [], isWholeStore: true);
            return;
        }

        var stories = RunIds().Select(world.Runs.Tell).Where(IsToBeCleaned).ToList();
        // Rollbacks come first: they also remove a run's dump.
        foreach (var story in stories.Where(IsRollingBack))
            AddRun(story);
        foreach (var group in stories.Where(story => story.Settings.Store.Address is not null)
            .GroupBy(story => StoreKey(story.Settings)))
        {
            var settings = group.First().Settings;
            Add(settings.Store.Address!, settings.StoreAccess.Over(world.Environment),
                [.. group.Select(story => story.RunId)], isWholeStore: false);
        }
    }

    // Identifies a store, whose runs are cleaned up together.
    private static object StoreKey(RunSettings one) =>
        (one.Store.Address, one.StoreAccess with { GsLocation = null, DiskListen = null, DiskPublicUrl = null });

    public async ValueTask DisposeAsync()
    {
        foreach (var store in _stores)
            await store.DisposeAsync();
        _clients.ForEach(one => one.Dispose());
        _held.ForEach(one => one.Dispose());
    }

    private IReadOnlyList<string> RunIds()
    {
        if (request.RunId is { } named)
            return [named];
        var ids = world.Runs.RunIds();
        return request.All ? ids : ids.Count > 0 ? [ids[0]] : throw new FaultException(CliFaults.NoRunToCleanUp());
    }

    private bool IsToBeCleaned(RunStory story)
    {
        if (WhyNot(story) is not { } fault)
            return true;
        if (!request.All)
            throw new FaultException(fault);
        _skipped.Add(fault);
        return false;
    }

    // Locks the run, unless it is kept or rolled back.
    private Fault? WhyNot(RunStory story)
    {
        try
        {
            var held = world.Runs.LockRun(story.RunId);
            // A rollback locks the run itself.
            if (IsRollingBack(story))
                held.Dispose();
            else
                _held.Add(held);
            return CleanUpRule.WhyNot(story) is { } fault && !IsToRollBack(story) ? fault : null;
        }
        catch (FaultException e) when (e.Fault.Code == "journal.busy")
        {
            return e.Fault;
        }
    }

    private static bool IsRollingBack(RunStory story) =>
        CleanUpRule.WhyNot(story) is not null || CleanUpRule.HasLeftCopy(story);

    // The run is named; or with --all, idle for the minimum age.
    private bool IsToRollBack(RunStory story) => CleanUpRule.MayRollBack(story)
        && (request.RunId == story.RunId
            || (request.All && world.Clock.GetUtcNow() - story.LastLineAt >= request.AgeMin));

    private void AddRun(RunStory story)
    {
        try
        {
            if (story.Settings.RehearsalFolder is not null)
                throw new FaultException(CliFaults.RehearsalLeft(story.RunId));
            var parts = new MigrationOpener(world.Opening).Reopen(story, story.Settings, request.From);
            if (parts.Store is not null)
                _stores.Add(parts.Store);
            if (parts.Heroku is not null)
                _clients.Add(parts.Heroku);
            var run = new MigrationRun(parts, world.Runs);
            var face = isJson ? (IProgress<StepEvent>)new Unseen() : new PlainFace(world.Console.Out, world.Clock);
            _places.Add(new RunLeftovers(
                story, ct => run.FindLeftAsync(world.Runs.Tell(story.RunId), ct),
                ct => new Rollback(parts, world.Runs)
                    .RunAsync(story.RunId, new RollbackRequest(LosesWrites: false, DropsTarget: false), face, ct)));
        }
        catch (FaultException e) when (request.All)
        {
            _skipped.Add(e.Fault);
        }
    }

    // Why leftovers of a run that was not named are kept. Null: it is of another machine, or needs nothing.
    private string? WhyKept(string runId)
    {
        if (_whyKept.TryGetValue(runId, out var known))
            return known;
        if (!world.Runs.RunIds().Contains(runId))
            return _whyKept[runId] = null;
        var held = _held.Count;
        var fault = WhyNot(world.Runs.Tell(runId));
        if (_held.Count > held)
        {
            _held[^1].Dispose();
            _held.RemoveAt(_held.Count - 1);
        }

        return _whyKept[runId] = fault is null ? null : $"{fault.Why}; {fault.Remedy}";
    }

    private void Add(StoreAddress address, StoreOptions options, IReadOnlyList<string> runs, bool isWholeStore)
    {
        OptionProblems.RequireNone(options.Problems());
#pragma warning disable CA2000 // Disposed with the others; the store disposes its link host.
        var store = ObjectStores.Open(address, options, new LinkHost(), world.Clock);
#pragma warning restore CA2000
        _stores.Add(store);
        var named = runs.ToHashSet(StringComparer.Ordinal);
        _places.Add(new StoreLeftovers(
            store, new CleanUpScope(named, request.AgeMin, run => named.Contains(run) ? null : WhyKept(run))
            {
                IsWholeStore = isWholeStore,
                IsOfHere = world.Runs.RunIds().ToHashSet(StringComparer.Ordinal).Contains,
            },
            world.Clock));
    }

    // With --json, only one object is printed, at the end.
    private sealed class Unseen : IProgress<StepEvent>
    {
        public void Report(StepEvent value)
        {
        }
    }
}
