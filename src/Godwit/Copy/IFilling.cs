using Godwit.Pipeline;
using Godwit.Postgres;

namespace Godwit.Copy;

/// <summary>What a run fills its target with: the source itself, or an archive of it.</summary>
internal interface IFilling
{
    /// <summary>Names the step and its events.</summary>
    string StepName { get; }

    /// <summary>A clause for the plan, in front of "into TARGET".</summary>
    string Intent { get; }

    /// <summary>It does not change between two attempts, so the second goes on where the first ended.</summary>
    bool IsFixed { get; }

    /// <param name="resumes">An earlier attempt has left its ledger in the target.</param>
    /// <param name="end">Asked when all is there, and the ledger still is.</param>
    Task<CopyResult> FillAsync(
        PostgresAddress target, bool resumes, CopyWatch watch, IProgress<StepEvent> progress,
        Func<PostgresSession, CancellationToken, Task> end, CancellationToken ct);
}
