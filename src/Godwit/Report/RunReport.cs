// Report: turns a run's story into one page, JSON and text.
//
// The page is what an engineer shows to whoever asks "did it work?", so the answer stands on top and the proof below
// it. All three are written from one RunReport and cannot contradict each other. Nothing here asks the world: what the
// journal does not know, the report does not claim. The journal holds no secret, so neither does a report.
using System.Text.Json.Serialization;
using Godwit.Faults;
using Godwit.Journal;
using Godwit.Requests;

namespace Godwit.Report;

/// <summary>What a report says, before it is worded for a page, a program or a terminal.</summary>
public sealed record RunReport
{
    /// <summary>Grows by one when a program that reads the JSON would have to change.</summary>
    public string Format { get; } = "godwit.report/1";
    public required string RunId { get; init; }
    public required string GodwitVersion { get; init; }
    public required RunOutcome Outcome { get; init; }

    /// <summary>One sentence: whether it worked.</summary>
    public required string Verdict { get; init; }

    /// <summary>One more: why it did not, or what the verdict does not cover.</summary>
    public string? Because { get; init; }

    public required Place From { get; init; }
    public required Place To { get; init; }

    /// <summary>The add-on that holds the new database; null until it is known.</summary>
    public string? AddOn { get; init; }
    /// <summary>Empty: the contents came over without a store.</summary>
    public required string Via { get; init; }

    /// <summary>How the contents came over, by the name of the route.</summary>
    public string Route { get; init; } = RunSettings.UsualRoute;

    /// <summary>Why Godwit has chosen the route by itself: a clause. Null: somebody named it, or it is the usual
    /// one.</summary>
    public string? RouteWhy { get; init; }

    /// <summary>The way the contents took, in words.</summary>
    [JsonIgnore]
    public string Way => Via.Length == 0
        ? $"no store: straight from server to server{(RouteWhy is { } why ? $", because {why}" : "")}"
        : DumpBytes is { } bytes ? $"{Via} (a dump of {Words.Bytes(bytes)})" : Via;

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Null while the run is open.</summary>
    public DateTimeOffset? EndedAt { get; init; }
    public required DateTimeOffset LastSignAt { get; init; }

    /// <summary>From the start to the end, or to the last sign of life; pauses before a resume included.</summary>
    public required double Seconds { get; init; }
    public required int Resumes { get; init; }
    public required Downtime Downtime { get; init; }

    /// <summary>What a migration is expected to take while writes are stopped; null when this was no
    /// rehearsal.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RehearsedDowntime? ExpectedDowntime { get; init; }
    public long? DumpBytes { get; init; }

    /// <summary>What ended the run, when it failed.</summary>
    public Fault? Fault { get; init; }
    public required IReadOnlyList<NextStep> NextSteps { get; init; }

    /// <summary>What is left to do when the migration is proven; empty otherwise.</summary>
    public IReadOnlyList<AfterStep> AfterTheMove { get; init; } = [];

    /// <summary>Blockers first, then warnings, then notes.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }
    public required IReadOnlyList<StepLine> Steps { get; init; }
    public required Comparison Comparison { get; init; }

    /// <summary>Everything the last comparison found; null when there was none.</summary>
    public Proof? Proof { get; init; }

    /// <summary>Reads the journal's story; every face starts here.</summary>
    /// <param name="folder">Of the run.</param>
    /// <param name="after">What is left to do. The report is given it, because this room knows no provider.</param>
    public static RunReport Of(RunStory story, string folder, IReadOnlyList<AfterStep> after) =>
        Of(story, Proof.In(folder)) with { AfterTheMove = after };

    public static RunReport Of(RunStory story, Proof? proof = null) => ReportReading.Of(story, proof);
}

/// <param name="Name">As the run found it, e.g. host and database, or app and add-on.</param>
/// <param name="GivenAs">As the user typed it; never with a password.</param>
public sealed record Place(string Name, string GivenAs);

/// <param name="FrozenAt">When the source stopped taking writes; null when it never did.</param>
/// <param name="ThawedAt">When the applications could write again, for the last time; null when they cannot, or nobody
/// wrote it down.</param>
/// <param name="Seconds">In all: a rollback behind the cut-over stops the writes once more.</param>
/// <param name="IsOver">False: something is still frozen.</param>
public sealed record Downtime(
    DateTimeOffset? FrozenAt, DateTimeOffset? ThawedAt, double? Seconds, bool IsOver, string Sentence)
{
    /// <summary>What it was spent on, in the order of the plan; empty when it was not measured.</summary>
    public IReadOnlyList<DowntimePart> Parts { get; init; } = [];

    /// <summary>The parts as a person reads them, longest first; null when there are none.</summary>
    [JsonIgnore]
    public string? SpentOn => Parts.Where(part => part.Seconds >= ShownMin).OrderByDescending(part => part.Seconds)
        .ToList() is { Count: > 0 } shown
        ? string.Join(", ", shown.Select(part => $"{part.Step} {Words.Duration(part.Seconds)}"))
        : null;

    /// <summary>A shorter part tells nothing.</summary>
    private const double ShownMin = 0.1;
}

/// <param name="Step">A step's name, or what there was besides steps.</param>
public sealed record DowntimePart(string Step, double Seconds);

/// <param name="Steps">In the order of the plan.</param>
public sealed record RehearsedDowntime(double Seconds, IReadOnlyList<DowntimePart> Steps);

/// <param name="Command">To be pasted into a shell; null when there is none.</param>
public sealed record NextStep(string Text, string? Command);

/// <param name="Key">Stable: <c>first-backup</c>.</param>
/// <param name="Text">Whole sentences.</param>
/// <param name="Commands">To be pasted into a shell, in their order; empty when there is none.</param>
public sealed record AfterStep(string Key, string Text, IReadOnlyList<string> Commands);

public sealed record Finding(string Step, string Severity, string Code, string What, string Why, string Remedy)
{
    public const string Blocker = "blocker";
    public const string Warning = "warning";
}

/// <summary>One step with its proof.</summary>
public sealed record StepLine(string Name, string Intent, StepState State)
{
    public DateTimeOffset? StartedAt { get; init; }
    public double? Seconds { get; init; }
    public bool WasAlreadyDone { get; init; }

    /// <summary>The last attempt did not come this far; what is told here is of one before.</summary>
    public bool IsOfEarlierAttempt { get; init; }
    public string? Claim { get; init; }
    public string? Proof { get; init; }
    public Fault? Fault { get; init; }
    public string? WhatWasPutBack { get; init; }
    public Fault? UndoFault { get; init; }
}

/// <summary>What of both sides was compared in the last attempt.</summary>
/// <param name="Items">Tables by name, then what is not a table.</param>
public sealed record Comparison(IReadOnlyList<ComparedItem> Items)
{
    public int Compared => Items.Count;

    public int Equal => Items.Count(item => item.Equal);

    public int Different => Compared - Equal;

    public int Tables => Items.Count(item => item.IsTable);

    public long SourceRows => Items.Where(item => item.IsTable).Sum(item => item.SourceRows ?? 0);

    public long TargetRows => Items.Where(item => item.IsTable).Sum(item => item.TargetRows ?? 0);

    /// <summary>Every table is there on both sides and was found equal; at least one was looked at.</summary>
    [JsonIgnore]
    public bool IsProof => Tables > 0 && Different == 0;
}

/// <param name="Name">Of a table: quoted and qualified, as SQL wants it. Of anything else: in parentheses.</param>
/// <param name="SourceRows">Null: not there, or it could not be counted.</param>
/// <param name="Verdict">Of their contents too; null: only the numbers are known.</param>
public sealed record ComparedItem(
    string Name, long? SourceRows, long? TargetRows, [property: JsonIgnore] bool? Verdict = null)
{
    /// <summary>A qualified name never begins with a parenthesis, because one that did would be quoted.</summary>
    public bool IsTable => !Name.StartsWith('(');

    /// <summary>The same rows on both sides, as far as they were compared. A side that has none is equal to
    /// nothing.</summary>
    public bool Equal => Verdict ?? (SourceRows is not null && SourceRows == TargetRows);
}
