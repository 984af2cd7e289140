using Godwit.Faults;

namespace Godwit.Pipeline;

/// <summary>What a run must hold all the while it changes something.</summary>
public interface IRunGuard
{
    /// <summary>Asked before each step.</summary>
    /// <exception cref="FaultException">It is lost: nothing more may be changed.</exception>
    Task RequireAsync(IStep step, CancellationToken ct);

    /// <summary>Why the run's token was cancelled, if this did it.</summary>
    Fault? Lost { get; }
}

/// <param name="guard">Null: nothing has to be held.</param>
public sealed class Runner(TimeProvider clock, IProgress<StepEvent> progress, IRunGuard? guard = null)
{
    /// <summary>Runs the steps that are not done yet, in order.</summary>
    /// <exception cref="FaultException">A step failed; the ones behind it were not started.</exception>
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

    /// <summary>Undoing talks to the servers that may just have failed. Each step has this long, so that one which
    /// waits in vain does not use up the time of the others.</summary>
    private static readonly TimeSpan UndoMax = TimeSpan.FromMinutes(10);

    /// <summary>Puts back what the steps changed, last first. One that cannot be put back does not keep the others from
    /// it.</summary>
    /// <returns>True when everything is as it was.</returns>
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
        // What a step met when its ground was taken away says less than that it was.
        _ when guard?.Lost is { } lost => lost,
        FaultException { Fault: var fault } => fault,
        OperationCanceledException when ct.IsCancellationRequested => PipelineFaults.Cancelled(step),
        _ => PipelineFaults.Unexpected(step, Unforeseen.Of(e)),
    };
}
