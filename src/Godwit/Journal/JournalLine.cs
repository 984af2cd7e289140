// Journal: the append-only history of a run, one JSON object per line, one folder per run.
//
// It remembers what was tried and what a resume must know; what is true is asked from the databases, the
// bucket and Heroku. Written by Migration alone, read by every face. It holds no secret: a run that is
// resumed is given its secrets again, from where it got them the first time.
using System.Text.Json.Serialization;
using Godwit.Pipeline;
using Godwit.Requests;

namespace Godwit.Journal;

/// <summary>One line of the journal.</summary>
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

/// <param name="DropsTarget">What the run made at Heroku is to be destroyed, too.</param>
public sealed record RollbackStarted(DateTimeOffset At, bool DropsTarget = false) : JournalLine(At);

/// <param name="Value">Null: forgotten.</param>
public sealed record Remembered(DateTimeOffset At, string Key, string? Value) : JournalLine(At);

public sealed record Happened(DateTimeOffset At, StepEvent Event) : JournalLine(At);

public sealed record RunEnded(DateTimeOffset At, RunOutcome Outcome) : JournalLine(At);

public enum RunOutcome
{
    /// <summary>No end was written: it runs, or its process died.</summary>
    Open,

    /// <summary>Every step done, the target proven equal, applications pointed at it.</summary>
    Proven,

    /// <summary>Stopped before anything was changed: a blocker, a missing right.</summary>
    Refused,

    /// <summary>Failed, and everything that must not stay changed was put back.</summary>
    FailedAndUndone,

    /// <summary>Failed, and something is left that a person has to look at.</summary>
    NeedsAPerson,

    /// <summary>A person asked for the way back, and everything was put back.</summary>
    RolledBack,

    /// <summary>A rehearsal came to its end, and the copy is equal.</summary>
    Rehearsed,

    /// <summary>A rehearsal came to its end, and the copy differs.</summary>
    RehearsalDiffers,
}
