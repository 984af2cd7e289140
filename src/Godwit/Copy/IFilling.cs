using Godwit.Pipeline;
using Godwit.Postgres;

namespace Godwit.Copy;

/// <summary>Fills a run's target: from the source itself, or from an archive of it.</summary>
internal interface IFilling
{
    string StepName { get; }

    /// <summary>A clause for the plan, before "into TARGET".</summary>
    string Intent { get; }

    /// <summary>The contents cannot change between two attempts, so the second resumes the first.</summary>
    bool IsFixed { get; }

    /// <param name="resumes">An earlier attempt has left its ledger in the target.</param>
    /// <param name="end">Called when everything is there, before the ledger is removed.</param>
    Task<CopyResult> FillAsync(
        PostgresAddress target, bool resumes, CopyWatch watch, IProgress<StepEvent> progress,
        Func<PostgresSession, CancellationToken, Task> end, CancellationToken ct);
}
