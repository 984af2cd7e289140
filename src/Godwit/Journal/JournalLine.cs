// Journal: the append-only history of a run, one JSON object per line, one folder per run.
//
// The journal records what was tried and what a resume must know. It does not know what is true now: the databases, the
// bucket and Heroku are asked for that. Only Migration writes it; every face reads it. It holds no secret: a resumed
// run gets its secrets again from where they came first.
using System.Text.Json.Serialization;
using Godwit.Pipeline;
using Godwit.Requests;

namespace Godwit.Journal;

[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(RunStarted), "run_started")]
[JsonDerivedType(typeof(RunResumed), "run_resumed")]
[JsonDerivedType(typeof(RollbackStarted), "rollback_started")]
[JsonDerivedType(typeof(Remembered), "remembered")]
[JsonDerivedType(typeof(Happened), "happened")]
[JsonDerivedType(typeof(RunEnded), "run_ended")]
public abstract record JournalLine(DateTimeOffset At);

public sealed record RunStarted(DateTimeOffset At, string RunId, string GodwitVersion, RunSettings Settings)
    : JournalLine(At);

public sealed record RunResumed(DateTimeOffset At, RunSettings Settings) : JournalLine(At);

/// <param name="DropsTarget">Also destroys what the run made at Heroku.</param>
public sealed record RollbackStarted(DateTimeOffset At, bool DropsTarget = false) : JournalLine(At);

/// <param name="Value">Null: the key was removed.</param>
public sealed record Remembered(DateTimeOffset At, string Key, string? Value) : JournalLine(At);

public sealed record Happened(DateTimeOffset At, StepEvent Event) : JournalLine(At);

public sealed record RunEnded(DateTimeOffset At, RunOutcome Outcome) : JournalLine(At);

public enum RunOutcome
{
    /// <summary>No end was written: the run works, or its process died.</summary>
    Open,

    /// <summary>Every step is done, the target is proven equal, and the applications use it.</summary>
    Proven,

    /// <summary>Stopped before anything was changed: a blocker, a missing right.</summary>
    Refused,

    /// <summary>Failed, and everything that must not stay changed was restored.</summary>
    FailedAndUndone,

    /// <summary>Failed, and a person must look at what is left.</summary>
    NeedsAPerson,

    /// <summary>Rolled back on request, and everything was restored.</summary>
    RolledBack,

    /// <summary>A rehearsal finished, and the copy is equal.</summary>
    Rehearsed,

    /// <summary>A rehearsal finished, and the copy differs.</summary>
    RehearsalDiffers,
}
