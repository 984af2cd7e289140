// Pipeline: runs the steps of one migration in order, and again after a crash.
//
// The journal remembers what we tried; the databases, the bucket and Heroku know what is true. So a
// step is asked "are you done?" before it acts, and a resume trusts that answer, not the journal.
// Nothing here knows what a dump, a bucket or an app is.
namespace Godwit.Pipeline;

/// <summary>One line of the plan. Safe to run again after it died half-way.</summary>
public interface IStep
{
    /// <summary>Stable, one word: scripts and the journal use it.</summary>
    string Name { get; }

    /// <summary>What it will do, for the plan and the screen: one sentence with the real names in it, no full
    /// stop.</summary>
    string Intent { get; }

    StepTraits Traits => StepTraits.None;

    /// <summary>Looks, changes nothing. Null means: not done, or cannot be proven.</summary>
    Task<Evidence?> FindEvidenceAsync(CancellationToken ct);

    /// <exception cref="Faults.FaultException">The step cannot go on, and says what to do.</exception>
    Task<Evidence> RunAsync(IProgress<StepEvent> progress, CancellationToken ct);
}

/// <summary>A step that changed something which must not stay changed when the run fails.</summary>
public interface IUndoableStep : IStep
{
    /// <summary>What undoing means, for the plan: one sentence, no full stop.</summary>
    string UndoIntent { get; }

    /// <summary>What <see cref="UndoAsync"/> would put back now, in a clause each; only looks.</summary>
    Task<IReadOnlyList<string>> FindLeftAsync(CancellationToken ct) => Task.FromResult<IReadOnlyList<string>>([]);

    /// <summary>Puts back what <see cref="IStep.RunAsync"/> changed, from what it remembered before it acted. Safe to
    /// run when nothing was changed, when it was undone already, and after a crash in the middle.</summary>
    /// <returns>What was put back, or null when there was nothing to put back.</returns>
    Task<string?> UndoAsync(CancellationToken ct);
}

/// <summary>Why we believe a step is done: a row count, a size, an answer from Heroku.</summary>
/// <param name="Claim">What is true now.</param>
/// <param name="Proof">How we know.</param>
public sealed record Evidence(string Claim, string Proof);

/// <summary>What a run must still know after its process died. Written to disk before <see cref="Remember"/>
/// returns.</summary>
public interface IRunMemory
{
    string? Recall(string key);

    /// <param name="value">Never a secret: this goes into the journal. Null forgets the key.</param>
    void Remember(string key, string? value);
}
