// Pipeline: runs the steps of one migration in order, and resumes after a crash.
//
// The journal says what was tried; the databases, the bucket and Heroku say what is true. So each step is asked for
// evidence before it acts, and a resume trusts that evidence, not the journal. Nothing here knows what a dump, a bucket
// or an app is.
namespace Godwit.Pipeline;

/// <summary>One step of a plan. Safe to run again after a crash half-way.</summary>
public interface IStep
{
    /// <summary>One word. Never changes: scripts and the journal use it.</summary>
    string Name { get; }

    /// <summary>What the step will do: one sentence with the real names, no full stop.</summary>
    string Intent { get; }

    StepTraits Traits => StepTraits.None;

    /// <summary>Changes nothing. Null: not done, or cannot be proven.</summary>
    Task<Evidence?> FindEvidenceAsync(CancellationToken ct);

    Task<Evidence> RunAsync(IProgress<StepEvent> progress, CancellationToken ct);
}

/// <summary>A step whose changes are rolled back when the run fails.</summary>
public interface IUndoableStep : IStep
{
    /// <summary>What undoing does, for the plan: one sentence, no full stop.</summary>
    string UndoIntent { get; }

    /// <summary>What <see cref="UndoAsync"/> would restore now, one clause each. Changes nothing.</summary>
    Task<IReadOnlyList<string>> FindLeftAsync(CancellationToken ct) => Task.FromResult<IReadOnlyList<string>>([]);

    /// <summary>Restores what <see cref="IStep.RunAsync"/> changed, from what was remembered before the change. Safe to
    /// run when nothing was changed, when already undone, and after a crash half-way.</summary>
    /// <returns>What was restored; null: nothing.</returns>
    Task<string?> UndoAsync(CancellationToken ct);
}

/// <summary>Why a step counts as done: a row count, a size, an answer from Heroku.</summary>
/// <param name="Claim">What is true now.</param>
/// <param name="Proof">How that is known.</param>
public sealed record Evidence(string Claim, string Proof);

/// <summary>What a run needs to know after a crash. On disk before <see cref="Remember"/> returns.</summary>
public interface IRunMemory
{
    string? Recall(string key);

    /// <param name="value">Never a secret: the journal keeps it. Null forgets the key.</param>
    void Remember(string key, string? value);
}
