using Godwit.Faults;
using Godwit.Pipeline;

namespace Godwit.Copy;

/// <summary>Reports begin and end of a copy or restore, also after a failure.</summary>
/// <param name="stopped">The fault after a cancellation.</param>
/// <param name="unexpected">The fault for an unknown exception.</param>
internal sealed class CopyEvents(
    string step, string intent, Func<Fault> stopped, Func<Exception, Fault> unexpected, TimeProvider clock)
{
    /// <param name="copy">Calls its second argument before it first writes.</param>
    /// <returns>The outcome of a copy that had begun; a refusal or stop before the first write is thrown.</returns>
    public async Task<CopyOutcome> RunAsync(
        Func<CopyWatch, Action, CancellationToken, Task<CopyResult>> copy, Func<CopyResult, Evidence> proof,
        IProgress<StepEvent> progress, CancellationToken ct)
    {
        progress.Report(new StepStarted(step, clock.GetUtcNow(), intent));
        var hasBegun = false;
        try
        {
            var result = await copy(new CopyWatch(step, progress, clock), () => hasBegun = true, ct);
            progress.Report(new StepDone(step, clock.GetUtcNow(), proof(result), WasAlreadyDone: false));
            return new(result, null);
        }
        catch (Exception e) when (hasBegun)
        {
            var fault = e switch
            {
                _ when ct.IsCancellationRequested => stopped(),
                FaultException { Fault: var known } => known,
                _ => unexpected(e),
            };
            progress.Report(new StepFailed(step, clock.GetUtcNow(), fault));
            return new(null, fault);
        }
        catch (FaultException e)
        {
            progress.Report(new StepFailed(step, clock.GetUtcNow(), e.Fault));
            throw;
        }
    }
}
