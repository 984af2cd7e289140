using Godwit.Faults;
using Godwit.Pipeline;

namespace Godwit.Tests.Pipeline;

public sealed class RunnerTests
{
    private readonly Rig _rig = new();

    [Fact]
    public async Task Steps_run_in_order()
    {
        await _rig.WithStep("freeze").WithStep("dump").RunAsync();
        Assert.Equal(["freeze ran", "dump ran"], _rig.Story);
    }

    [Fact]
    public async Task A_step_the_world_says_is_done_is_not_run_again()
    {
        await _rig.WithStep("dump", done: true).WithStep("restore").RunAsync();
        Assert.Equal(["restore ran"], _rig.Story);
        Assert.True(_rig.Events.OfType<StepDone>().First().WasAlreadyDone);
    }

    [Fact]
    public async Task What_follows_a_failed_step_is_not_started()
    {
        var fault = await Assert.ThrowsAsync<FaultException>(() =>
            _rig.WithStep("dump", fails: true).WithStep("restore").RunAsync());
        Assert.Equal("test.broken", fault.Fault.Code);
        Assert.DoesNotContain(_rig.Story, line => line.StartsWith("restore", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Undo_goes_backwards_and_one_that_fails_does_not_keep_the_others_from_it()
    {
        _rig.WithStep("freeze").WithStep("dump", undoFails: true).WithStep("verify");
        Assert.False(await _rig.UndoAsync());
        Assert.Equal(["verify undone", "dump not undone", "freeze undone"], _rig.Story);
        Assert.Equal("dump", Assert.Single(_rig.Events.OfType<UndoFailed>()).Step);
    }

    [Fact]
    public async Task A_cancelled_run_says_how_to_go_on()
    {
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();
        var fault = await Assert.ThrowsAsync<FaultException>(() => _rig.WithStep("dump").RunUntilAsync(stop.Token));
        Assert.Equal("run.cancelled", fault.Fault.Code);
        Assert.Contains("godwit resume", fault.Fault.Remedy, StringComparison.Ordinal);
    }

    private sealed class Rig : IProgress<StepEvent>
    {
        private readonly List<IStep> _steps = [];

        public List<string> Story { get; } = [];
        public List<StepEvent> Events { get; } = [];

        public Rig WithStep(string name, bool done = false, bool fails = false, bool undoFails = false)
        {
            _steps.Add(new Step(name, done, fails, undoFails, Story));
            return this;
        }

        public Task RunAsync() => RunUntilAsync(TestContext.Current.CancellationToken);

        public Task RunUntilAsync(CancellationToken ct) => new Runner(TimeProvider.System, this).RunAsync(_steps, ct);

        public Task<bool> UndoAsync() =>
            new Runner(TimeProvider.System, this).UndoAsync(_steps, CancellationToken.None);

        public void Report(StepEvent value) => Events.Add(value);
    }

    private sealed class Step(string name, bool done, bool fails, bool undoFails, List<string> story) : IUndoableStep
    {
        private static readonly Fault Broken = new("test.broken", FaultKind.Broken, "w", "y", "r");

        public string Name => name;
        public string Intent => name;
        public string UndoIntent => name;

        public Task<Evidence?> FindEvidenceAsync(CancellationToken ct) =>
            Task.FromResult(done ? new Evidence("done", "seen") : null);

        public Task<Evidence> RunAsync(IProgress<StepEvent> progress, CancellationToken ct)
        {
            if (fails)
                throw new FaultException(Broken);
            story.Add($"{name} ran");
            return Task.FromResult(new Evidence("ran", "here"));
        }

        public Task<string?> UndoAsync(CancellationToken ct)
        {
            story.Add(undoFails ? $"{name} not undone" : $"{name} undone");
            return undoFails ? throw new FaultException(Broken) : Task.FromResult<string?>("put back");
        }
    }
}
