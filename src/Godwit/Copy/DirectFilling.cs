using Godwit.Extract;
using Godwit.Extract.Cleaning;
using Godwit.Pipeline;
using Godwit.Postgres;

namespace Godwit.Copy;

/// <summary>Fills the target from the source itself.</summary>
/// <param name="call">Opened when the step runs: the source's version decides on the pg_dump.</param>
/// <param name="options">Called when the step runs: only then is the snapshot known.</param>
internal sealed class DirectFilling(
    PostgresAddress source, Func<CancellationToken, Task<PgDumpCall>> call, Func<CopyOptions> options, string listPath,
    TimeProvider clock) : IFilling
{
    private bool _hasTold;

    public string StepName => DirectCopy.StepName;

    public string Intent => $"Copy {source} straight";

    public bool IsFixed => options().IsFrozen;

    public async Task<CopyResult> FillAsync(
        PostgresAddress target, bool resumes, CopyWatch watch, IProgress<StepEvent> progress,
        Func<PostgresSession, CancellationToken, Task> end, CancellationToken ct)
    {
        var how = options();
        how = how with { Fill = how.Fill with { Resumes = resumes } };
        return await new DirectCopy(await call(ct), target, how, clock).CopyAsync(watch, async (cleaned, stop) =>
        {
            // Once: a resumed attempt leaves out the same.
            if (!_hasTold)
                await LeftOutTeller.TellAsync(StepName, listPath, cleaned, progress, clock, stop);
            _hasTold = true;
        }, end, ct);
    }
}
