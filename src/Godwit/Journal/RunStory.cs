using Godwit.Faults;
using Godwit.Pipeline;

namespace Godwit.Journal;

public enum StepState
{
    Waiting,
    Running,
    Done,
    Failed,
    Undone,
}

/// <summary>One step as the journal tells it.</summary>
public sealed record StepStory(string Name, string Intent)
{
    public StepState State { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
    public Evidence? Evidence { get; init; }
    /// <summary>A resume found it done and did not run it again.</summary>
    public bool WasAlreadyDone { get; init; }
    public Fault? Fault { get; init; }

    /// <summary>What was put back, when it was undone.</summary>
    public string? WhatWasPutBack { get; init; }

    /// <summary>Why it could not be put back.</summary>
    public Fault? UndoFault { get; init; }
}

/// <summary>A run as its journal tells it: what every face shows.</summary>
public sealed record RunStory
{
    /// <summary>Keys of <see cref="Memory"/> that faces show; whoever remembers them uses these names.</summary>
    public const string SourceKey = "source.name";
    public const string TargetKey = "target.name";
    public const string FrozenAtKey = "freeze.at";
    public const string ThawedAtKey = "thaw.at";
    public const string AddOnKey = "target.addon";
    public const string DumpBytesKey = "dump.bytes";

    public required string RunId { get; init; }
    public required RunSettings Settings { get; init; }
    public required DateTimeOffset StartedAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
    public DateTimeOffset LastLineAt { get; init; }
    public RunOutcome Outcome { get; init; }
    public required string GodwitVersion { get; init; }
    public int Resumes { get; init; }

    /// <summary>In the order of the plan.</summary>
    public required IReadOnlyList<StepStory> Steps { get; init; }

    /// <summary>Findings, warnings and notes of the last attempt of each step.</summary>
    public required IReadOnlyList<Observed> Observations { get; init; }

    /// <summary>The last comparison of each table.</summary>
    public required IReadOnlyList<ItemCompared> Comparisons { get; init; }

    public required IReadOnlyDictionary<string, string> Memory { get; init; }

    /// <summary>The fault that ended the last attempt.</summary>
    public Fault? Fault => Steps.LastOrDefault(step => step.State == StepState.Failed || step is { State: StepState.Undone, Fault: not null })?.Fault;
}
