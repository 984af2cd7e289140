using Godwit.Faults;

namespace Godwit.Pipeline;

/// <summary>Locks that a run must hold while it changes something.</summary>
public interface IRunGuard
{
    /// <summary>Called before each step.</summary>
    /// <exception cref="FaultException">The lock is lost: nothing more may be changed.</exception>
    Task RequireAsync(IStep step, CancellationToken ct);

    /// <summary>Why the guard cancelled the run; null: it did not.</summary>
    Fault? Lost { get; }
}

/// <param name="guard">Null: no lock is needed.</param>
public sealed class Runner(TimeProvider clock, IProgress<StepEvent> progress, IRunGuard? guard = null)
{
    /// <summary>Runs in order the steps that are not done.</summary>
    /// <exception cref="FaultException">A step failed. Later steps were not started.</exception>
    public async Task RunAsync(IEnumerable<IStep> steps, CancellationToken ct)
    {
        foreach (var step in steps)
        {
            progress.Report(new StepStarted(step.Name, clock.GetUtcNow(), step.Intent, step.Traits));
            try
            {
                ct.ThrowIfCancellationRequested();
                if (guard is not null)
                    await guard.RequireAsync(step, ct);
                var found = await step.FindEvidenceAsync(ct);
                var evidence = found ?? await step.RunAsync(progress, ct);
                progress.Report(new StepDone(step.Name, clock.GetUtcNow(), evidence,
                    WasAlreadyDone: found is not null));
            }
            catch (Exception e)
            {
                var fault = FaultOf(e, step.Name, ct);
                progress.Report(new StepFailed(step.Name, clock.GetUtcNow(), fault));
                throw new FaultException(fault, e);
            }
        }
    }

    // Limit per step, so that one step that waits for a dead server leaves time for the others.
    private static readonly TimeSpan UndoMax = TimeSpan.FromMinutes(10);

    /// <summary>Undoes the steps, last first. A step that fails does not stop the others.</summary>
    /// <returns>True if every step was undone.</returns>
    public async Task<bool> UndoAsync(IEnumerable<IStep> steps, CancellationToken ct)
    {
        var clean = true;
        foreach (var step in steps.OfType<IUndoableStep>().Reverse())
        {
            using var time = new CancellationTokenSource(UndoMax, clock);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct, time.Token);
            try
            {
                if (await step.UndoAsync(limit.Token) is { } putBack)
                    progress.Report(new StepUndone(step.Name, clock.GetUtcNow(), putBack));
            }
            catch (Exception e)
            {
                clean = false;
                var fault = e is OperationCanceledException && time.IsCancellationRequested
                    ? PipelineFaults.UndoSlow(step.Name, UndoMax)
                    : FaultOf(e, step.Name, ct);
                progress.Report(new UndoFailed(step.Name, clock.GetUtcNow(), fault));
            }
        }

        return clean;
    }

    private Fault FaultOf(Exception e, string step, CancellationToken ct) => e switch
    {
        // A lost lock is the cause; the exception in the step is its effect.
        _ when guard?.Lost is { } lost => lost,
        FaultException { Fault: var fault } => fault,
        OperationCanceledException when ct.IsCancellationRequested => PipelineFaults.Cancelled(step),
        _ => PipelineFaults.Unexpected(step, Unforeseen.Of(e)),
    };
}
