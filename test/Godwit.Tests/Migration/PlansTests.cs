using Godwit.App.Web;
using Godwit.Faults;
using Godwit.Heroku;
using Godwit.Journal;
using Godwit.Migration;
using Godwit.Migration.Plans;
using Godwit.Pipeline;
using Godwit.Postgres;
using Godwit.Report;
using Godwit.Storage;
using Godwit.Targets;

namespace Godwit.Tests.Migration;

/// <summary>A route is a plan and a row: here it is one of three steps that do nothing.</summary>
public sealed class PlansTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("godwit-plans-").FullName;
    private readonly MoveStep _move = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private RunFolder Runs => new(_folder);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_new_route_is_planned_run_and_told()
    {
        using var heroku = Heroku();
        var run = new MigrationRun(Parts(heroku), Runs);

        Assert.Equal(["stop", "move", "go"], (await run.PlanAsync(Ct)).Select(step => step.Name));
        var runId = "";
        Assert.Equal(RunOutcome.Proven, await run.StartAsync(id => runId = id, new Silent(), Ct));

        var story = Runs.Tell(runId);
        Assert.Equal("pigeon", story.Settings.Route);
        Assert.Equal(StepTraits.StopsWrites | StepTraits.Downtime | StepTraits.ReachesSource,
            story.StepThat(StepTraits.StopsWrites)!.Traits);
        // As its traits say: the steps while writes are stopped, whatever they are called.
        Assert.Equal(["stop", "move"], MeasuredSteps.Of(story).Select(step => step.Step));
        Assert.Equal("pigeon", RunReport.Of(story).Route);
    }

    [Fact]
    public async Task A_new_route_that_fails_is_put_back()
    {
        _move.Fault = new Fault("test.lost", FaultKind.Broken, "The pigeon is lost", "of fog", "Send another.");
        using var heroku = Heroku();
        var runId = "";

        Assert.Equal(RunOutcome.FailedAndUndone,
            await new MigrationRun(Parts(heroku), Runs).StartAsync(id => runId = id, new Silent(), Ct));

        var story = Runs.Tell(runId);
        Assert.Equal("writes go on", story.StepThat(StepTraits.StopsWrites)!.UndoResult);
        Assert.Equal("test.lost", story.Fault!.Code);
    }

    [Fact]
    public async Task A_run_that_is_refused_before_its_first_change_is_called_refused()
    {
        _move.Fault = new Fault("test.rain", FaultKind.Refused, "The pigeon stays", "of rain", "Wait for the sun.");
        using var heroku = Heroku();

        Assert.Equal(RunOutcome.Refused, await new MigrationRun(Parts(heroku, movesFirst: true), Runs)
            .StartAsync(_ => { }, new Silent(), Ct));
    }

    [Fact]
    public async Task A_route_of_a_later_version_is_named()
    {
        using var heroku = Heroku();
        var parts = Parts(heroku) with { Routes = Route.All };

        var e = await Assert.ThrowsAsync<FaultException>(() => new MigrationRun(parts, Runs).PlanAsync(Ct));

        Assert.Equal("run.route_unknown", e.Fault.Code);
        Assert.Contains("'pigeon'", e.Fault.What, StringComparison.Ordinal);
    }

    /// <summary>Each step says what the runner must know.</summary>
    [Theory]
    [InlineData("backup")]
    [InlineData("direct")]
    public async Task A_migration_stops_the_writes_brings_over_proves_and_switches(string route)
    {
        using var heroku = Heroku();
        await using var store = ObjectStores.Open(StoreAddress.Parse("disk:" + Path.Combine(_folder, "store")),
            new StoreOptions(), new LinkHost(), TimeProvider.System);
        var parts = Parts(heroku) with { Routes = Route.All, Store = store };
        parts = parts with { Settings = parts.Settings with { Route = route } };

        var plan = (await new MigrationRun(parts, Runs).PlanAsync(Ct)).ToList();

        int[] order =
        [
            plan.FindIndex(step => step.Traits.HasFlag(StepTraits.StopsWrites)),
            plan.FindIndex(step => step.Name is "dump" or "copy"),
            plan.FindIndex(step => step.Traits.HasFlag(StepTraits.Proves)),
            plan.FindIndex(step => step.Traits.HasFlag(StepTraits.PointOfNoReturn)),
            plan.FindIndex(step => step.Traits.HasFlag(StepTraits.LetsWrite)),
        ];
        Assert.DoesNotContain(-1, order);
        Assert.Equal(order.Order(), order);
        Assert.All(plan.Take(order[0]), step => Assert.False(step.Traits.HasFlag(StepTraits.Downtime), step.Name));
        Assert.All(plan[order[0]..(order[^1] + 1)],
            step => Assert.True(step.Traits.HasFlag(StepTraits.Downtime), step.Name));
    }

    private MigrationParts Parts(HerokuClient heroku, bool movesFirst = false)
    {
        var (stop, go) = (new StopStep(), new GoStep());
        Plan Plan(RunContext run) => new(movesFirst ? [_move, stop, go] : [stop, _move, go], FirstChange: stop);
        return new()
        {
            Settings = new() { From = "env:SOURCE_URL", To = "heroku:limosa-coffee", Route = "pigeon" },
            Source = PostgresUrl.Parse("postgres://limosa@db.example.com/shop", "--from"),
            Target = HerokuTargetName.Parse("heroku:limosa-coffee"),
            Heroku = heroku,
            Store = null,
            Routes = [.. Route.All, new("pigeon", "on the leg of a pigeon", Plan, Plan)],
            Tools = new PgTools(_ => null),
            Processes = new ProcessRunner(TimeProvider.System),
            Clock = TimeProvider.System,
        };
    }

    private static HerokuClient Heroku() => HerokuClient.From(
        name => name == "HEROKU_API_KEY" ? "not-a-real-token" : null, TimeProvider.System);

    private sealed class Silent : IProgress<StepEvent>
    {
        public void Report(StepEvent value)
        {
        }
    }

    // All of them say that they reach the source, so that no lock is asked for at one that is not there.
    private sealed class StopStep : IUndoableStep
    {
        private bool _hasStopped;

        public string Name => "stop";

        public string Intent => "Stop the writes";

        public string UndoIntent => "Let them go on";

        public StepTraits Traits => StepTraits.StopsWrites | StepTraits.Downtime | StepTraits.ReachesSource;

        public Task<Evidence?> FindEvidenceAsync(CancellationToken ct) => Task.FromResult<Evidence?>(null);

        public Task<Evidence> RunAsync(IProgress<StepEvent> progress, CancellationToken ct)
        {
            _hasStopped = true;
            return Task.FromResult(new Evidence("Nobody writes", "we asked"));
        }

        public Task<string?> UndoAsync(CancellationToken ct) =>
            Task.FromResult(_hasStopped ? "writes go on" : null);
    }

    private sealed class MoveStep : IStep
    {
        public Fault? Fault { get; set; }

        public string Name => "move";

        public string Intent => "Send the pigeon";

        public StepTraits Traits => StepTraits.Downtime | StepTraits.ReachesSource;

        public Task<Evidence?> FindEvidenceAsync(CancellationToken ct) => Task.FromResult<Evidence?>(null);

        public Task<Evidence> RunAsync(IProgress<StepEvent> progress, CancellationToken ct) =>
            Fault is null ? Task.FromResult(new Evidence("It arrived", "it cooed")) : throw new FaultException(Fault);
    }

    private sealed class GoStep : IStep
    {
        public string Name => "go";

        public string Intent => "Let writes go on";

        public StepTraits Traits => StepTraits.ReachesSource;

        public Task<Evidence?> FindEvidenceAsync(CancellationToken ct) => Task.FromResult<Evidence?>(null);

        public Task<Evidence> RunAsync(IProgress<StepEvent> progress, CancellationToken ct) =>
            Task.FromResult(new Evidence("Everybody writes", "we asked"));
    }
}
