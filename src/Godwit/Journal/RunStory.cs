using Godwit.Faults;
using Godwit.Pipeline;
using Godwit.Requests;

namespace Godwit.Journal;

public enum StepState
{
    Waiting,
    Running,
    Done,
    Failed,
    Undone,
}

/// <summary>One step, as the journal has it.</summary>
public sealed record StepStory(string Name, string Intent, StepTraits Traits)
{
    public StepState State { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
    public Evidence? Evidence { get; init; }
    /// <summary>A resume found it done and did not run it again.</summary>
    public bool WasAlreadyDone { get; init; }
    public Fault? Fault { get; init; }

    /// <summary>What its undo restored.</summary>
    public string? UndoResult { get; init; }
    public DateTimeOffset? UndoneAt { get; init; }

    /// <summary>Why its undo failed.</summary>
    public Fault? UndoFault { get; init; }
}

/// <summary>A run, as its journal has it: what every face shows.</summary>
public sealed record RunStory
{
    /// <summary>Keys of <see cref="Memory"/> that faces show. The steps remember under these names.</summary>
    public static RunKey<string> SourceKey { get; } = RunKey.Text("source.name");
    public static RunKey<string> TargetKey { get; } = RunKey.Text("target.name");
    public static RunKey<DateTimeOffset?> FrozenAtKey { get; } = RunKey.Moment("freeze.at");
    public static RunKey<DateTimeOffset?> ThawedAtKey { get; } = RunKey.Moment("thaw.at");
    public static RunKey<string> AddOnKey { get; } = RunKey.Text("target.addon");

    /// <summary>Remembered while the applications use the target.</summary>
    public static RunKey<bool?> CutOverKey { get; } = RunKey.Mark("cutover.done", "done");
    /// <summary>The add-on this run ordered: it costs money, and stays when the run fails.</summary>
    public static RunKey<string> OrderedKey { get; } = RunKey.Text("target.ordered");
    public static RunKey<long?> DumpBytesKey { get; } = RunKey.Number("dump.bytes");

    /// <summary>In a run's folder: all that the last comparison of both sides found.</summary>
    public const string VerdictFile = "verdict.json";

    public required string RunId { get; init; }
    public required RunSettings Settings { get; init; }
    public required DateTimeOffset StartedAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
    public DateTimeOffset LastLineAt { get; init; }
    public RunOutcome Outcome { get; init; }

    /// <summary>A process works on the open run. Null: the run has ended, or nobody looked.</summary>
    public bool? IsRunning { get; init; }
    public required string GodwitVersion { get; init; }
    public int Resumes { get; init; }

    /// <summary>Times in which rollbacks after the cut-over stopped the writes again.</summary>
    public IReadOnlyList<WritesStopped> StoppedAgain { get; init; } = [];

    /// <summary>The last command was a rollback that also destroys what the run made at Heroku.</summary>
    public bool DropsTarget { get; init; }

    /// <summary>In the order of the plan.</summary>
    public required IReadOnlyList<StepStory> Steps { get; init; }

    /// <summary>Findings, warnings and notes of the last attempt of each step.</summary>
    public required IReadOnlyList<Observed> Observations { get; init; }

    /// <summary>The last comparison of each table.</summary>
    public required IReadOnlyList<ItemCompared> Comparisons { get; init; }

    public required IReadOnlyDictionary<string, string> Memory { get; init; }

    /// <summary>For people: the name that its reference led to; until that is known, the reference.</summary>
    public string Source => Recall(SourceKey) ?? Settings.From;

    /// <inheritdoc cref="Source"/>
    public string Target => Recall(TargetKey) ?? Settings.To;

    /// <summary>Null: the run remembers nothing under this key.</summary>
    public T? Recall<T>(RunKey<T> key) => Memory.TryGetValue(key.Name, out var text) ? key.Read(text) : default;

    /// <summary>The first step with this trait; null: the run did not reach it.</summary>
    public StepStory? StepThat(StepTraits trait) => Steps.FirstOrDefault(step => step.Traits.HasFlag(trait));

    /// <summary>The last attempt's; null: it has not failed (yet).</summary>
    public Fault? Fault => FailedStep?.Fault;

    public StepStory? FailedStep =>
        Steps.Where(step => step.Fault is not null && !IsOfEarlierAttempt(step)).MaxBy(step => step.EndedAt);

    /// <summary>A resume went back to a step before this one, and has not reached this one again: its entries may no
    /// longer be true.</summary>
    public bool IsOfEarlierAttempt(StepStory step) =>
        Steps.TakeWhile(before => before.Name != step.Name).Any(before => before.StartedAt > step.StartedAt);
}
