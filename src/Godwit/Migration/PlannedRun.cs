using Godwit.Faults;
using Godwit.Load;
using Godwit.Migration.Plans;
using Godwit.Pipeline;
using Godwit.Proof;
using Godwit.Verify;

namespace Godwit.Migration;

/// <summary>A run with its plan: its steps, its locks, and what a rollback needs.</summary>
internal sealed class PlannedRun : IAsyncDisposable
{
    private readonly RunContext _run;
    private readonly Plan _plan;

    /// <inheritdoc cref="RunContext(MigrationParts, IRunMemory, string, string, bool)"/>
    /// <exception cref="FaultException"><c>run.route_unknown</c>.</exception>
    public PlannedRun(MigrationParts parts, IRunMemory memory, string runId, string folder, bool onlyLooks = false)
    {
        var route = Route.Of(parts.Settings, parts.Routes);
        _run = new RunContext(parts, memory, runId, folder, onlyLooks);
        _plan = parts.Settings.Rehearsal is null ? route.Plan(_run) : route.Rehearsal(_run);
        Locks = new RunLocks(parts.Source, _run.TargetLock, _run.Target.FindAddressAsync, parts.Clock);
    }

    public IReadOnlyList<IStep> Steps => _plan.Steps;

    public RunLocks Locks { get; }

    public bool IsRehearsal => _run.Settings.Rehearsal is not null;

    /// <summary>Some apps get the target's URL without being stopped during the run.</summary>
    public bool SwitchesRunningApps => !_run.Settings.Freeze.IsOn
        || _run.SwitchedApps.Any(app => app != _run.Parts.Target.App && !_run.Settings.Freeze.Apps.Contains(app));

    /// <summary>Its undo destroys what this run made at Heroku. A rollback without it leaves that.</summary>
    public IUndoableStep DropStep => new MadeStep(Steps.First(step => step.Name == TargetStep.StepName),
        "Destroy the database and the app that the run made at Heroku, if it made them", DropAsync);

    /// <param name="step">A step's name; null: before the first step.</param>
    /// <returns>True if nothing had been changed when the run was at the step.</returns>
    public bool IsBeforeFirstChange(string? step) => Steps.TakeWhile(one => one != _plan.FirstChange)
        .Any(one => one.Name == step) || Steps.All(one => one.Name != step);

    /// <summary>These steps check that nothing would be lost.</summary>
    /// <param name="written">From the text of what would be lost.</param>
    public IReadOnlyList<IStep> StepsBeforeGoingBack(Func<string, Fault> written) =>
    [
        .. _run.Apps.WithSwitched is { Count: > 0 } apps ? (IStep[])[new PauseStep(apps)] : [],
        new CompareStep(_run.Source, _run.Target.AddressAsync, CompareOptionsAsync, _run.Settings.Accept.Codes,
            written, _run.Clock),
    ];

    /// <summary>What an undo would restore, a clause each. Only looks.</summary>
    public async Task<IReadOnlyList<string>> FindLeftAsync(CancellationToken ct)
    {
        var left = new List<string>();
        foreach (var step in Steps.OfType<IUndoableStep>())
            left.AddRange(await step.FindLeftAsync(ct));
        return left;
    }

    /// <summary>The apps' state when a rollback is refused: sentences.</summary>
    /// <param name="isOver">All apps are on the new database.</param>
    public string AppsNow(bool isOver, string runId)
    {
        var apps = _run.Apps.WithSwitched;
        var goOn = isOver ? "" : $" To finish the switch: godwit resume {runId}.";
        return apps.Count == 0 ? "Nothing was changed." + goOn
            : $"{apps.Names} {(apps.Count == 1 ? "is" : "are")} "
                + $"{(isOver ? "back in service on the new database" : "still out of service")}.{goOn}";
    }

    /// <summary>The paused apps resume, on the new database.</summary>
    public Task ThawAsync(CancellationToken ct) => _run.Apps.ThawAsync(ct);

    public async ValueTask DisposeAsync()
    {
        await Locks.DisposeAsync();
        await _run.DisposeAsync();
    }

    // Compares at least checksums: a database can be written to and keep its row counts.
    private async Task<VerifyOptions> CompareOptionsAsync(CancellationToken ct) => new()
    {
        Level = _run.Settings.Verify.Level == VerifyLevel.Rows ? VerifyLevel.Rows : VerifyLevel.Checksums,
        Jobs = _run.Settings.Jobs,
        Expected = await ExpectedSchema.ReadAsync(_run.Folder, _run.Settings.Clean.IsOn, ct),
        AcceptViews = _run.Settings.Accept.Views,
    };

    private async Task<string?> DropAsync(CancellationToken ct)
    {
        try
        {
            return _run.Made is { } made ? await made.RemoveAsync(ct) : null;
        }
        catch (FaultException e)
        {
            throw new FaultException(
                MigrationFaults.NotDropped(_run.RunId, _run.Parts.Target.Confirmation, e.Fault), e);
        }
    }
}
