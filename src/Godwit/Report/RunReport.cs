// Report: turns a run's story into a page, JSON and text.
//
// The page answers "did it work?" at the top and shows the proof below. All three are written from one RunReport and
// cannot contradict each other. This room asks no server: it knows only what the journal holds, and claims nothing
// else. The journal holds no secret, so neither does a report.
using System.Text.Json.Serialization;
using Godwit.Faults;
using Godwit.Journal;
using Godwit.Pipeline;
using Godwit.Proof;
using Godwit.Requests;

namespace Godwit.Report;

/// <summary>A report's content, before it is worded for a page, a program or a terminal.</summary>
public sealed record RunReport
{
    /// <summary>Grows by one when a program that reads the JSON would have to change.</summary>
    public string Format { get; } = "godwit.report/1";
    public required string RunId { get; init; }
    public required string GodwitVersion { get; init; }
    public required RunOutcome Outcome { get; init; }

    /// <summary>One sentence: whether it worked.</summary>
    public required string Verdict { get; init; }

    /// <summary>A second sentence: why it did not, or what the verdict does not cover.</summary>
    public string? Because { get; init; }

    public required Place From { get; init; }
    public required Place To { get; init; }

    /// <summary>Holds the new database; null until it is known.</summary>
    public string? AddOn { get; init; }
    /// <summary>Empty: the contents came over without a store.</summary>
    public required string Via { get; init; }

    public string Route { get; init; } = RunSettings.UsualRoute;

    /// <summary>A clause: why Godwit chose the route. Null: the user named it, or it is the usual one.</summary>
    public string? RouteWhy { get; init; }

    /// <summary>How the contents came over, in words.</summary>
    [JsonIgnore]
    public string Way => Via.Length == 0
        ? $"no store: straight from server to server{(RouteWhy is { } why ? $", because {why}" : "")}"
        : DumpBytes is { } bytes ? $"{Via} (a dump of {Words.Bytes(bytes)})" : Via;

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Null while the run is open.</summary>
    public DateTimeOffset? EndedAt { get; init; }
    public required DateTimeOffset LastSignAt { get; init; }

    /// <summary>From the start to the end, or to the last journal line; includes pauses before a resume.</summary>
    public required double Seconds { get; init; }
    public required int Resumes { get; init; }
    public required Downtime Downtime { get; init; }

    /// <summary>Null: the run was no rehearsal.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RehearsedDowntime? ExpectedDowntime { get; init; }
    public long? DumpBytes { get; init; }

    /// <summary>Null: no fault ended the run.</summary>
    public Fault? Fault { get; init; }
    public required IReadOnlyList<NextStep> NextSteps { get; init; }

    /// <summary>What is left to do after a proven migration; empty otherwise.</summary>
    public IReadOnlyList<AfterStep> AfterTheMove { get; init; } = [];

    /// <summary>Blockers first, then warnings, then notes.</summary>
    [JsonIgnore]
    public required IReadOnlyList<Observed> Findings { get; init; }

    [JsonInclude, JsonPropertyName("findings")]
    internal IEnumerable<object> FindingsInJson => Findings.Select(one =>
        new { one.Step, one.Severity, one.Code, one.What, one.Why, one.Remedy });

    public required IReadOnlyList<StepLine> Steps { get; init; }
    public required Comparison Comparison { get; init; }

    /// <summary>Of the last comparison; null: there was none.</summary>
    public Verdict? Proof { get; init; }

    /// <summary>Every face starts here.</summary>
    /// <param name="folder">The run's.</param>
    /// <param name="after">What is left to do. Given by the caller, because this room knows no provider.</param>
    public static RunReport Of(RunStory story, string folder, IReadOnlyList<AfterStep> after) =>
        Of(story, VerdictJson.Find(Path.Combine(folder, RunStory.VerdictFile))) with { AfterTheMove = after };

    public static RunReport Of(RunStory story, Verdict? proof = null) => ReportReading.Of(story, proof);
}

/// <param name="Name">As the run found it, e.g. host and database, or app and add-on.</param>
/// <param name="GivenAs">As the user typed it; never with a password.</param>
public sealed record Place(string Name, string GivenAs);

/// <param name="FrozenAt">When the source stopped accepting writes; null: never.</param>
/// <param name="ThawedAt">When applications could last write again; null: they cannot, or it was not recorded.</param>
/// <param name="Seconds">In all: a rollback after the cut-over stops the writes again.</param>
/// <param name="IsOver">False: something is still frozen.</param>
public sealed record Downtime(
    DateTimeOffset? FrozenAt, DateTimeOffset? ThawedAt, double? Seconds, bool IsOver, string Sentence)
{
    /// <summary>In the order of the plan; empty: not measured.</summary>
    public IReadOnlyList<DowntimePart> Parts { get; init; } = [];

    /// <summary>Longest first; null: no parts.</summary>
    [JsonIgnore]
    public string? SpentOn => Parts.Where(part => part.Seconds >= ShownMin).OrderByDescending(part => part.Seconds)
        .ToList() is { Count: > 0 } shown
        ? string.Join(", ", shown.Select(part => $"{part.Step} {Words.Duration(part.Seconds)}"))
        : null;

    // A shorter part is not worth showing.
    private const double ShownMin = 0.1;
}

/// <param name="Step">A step's name, or what happened outside steps.</param>
public sealed record DowntimePart(string Step, double Seconds);

/// <param name="Steps">In the order of the plan.</param>
public sealed record RehearsedDowntime(double Seconds, IReadOnlyList<DowntimePart> Steps);

/// <param name="Command">To paste into a shell. Null: none.</param>
public sealed record NextStep(string Text, string? Command);

/// <param name="Key">Stable: <c>first-backup</c>.</param>
/// <param name="Text">Whole sentences.</param>
/// <param name="Commands">To paste into a shell, in order. Empty: none.</param>
public sealed record AfterStep(string Key, string Text, IReadOnlyList<string> Commands);

public sealed record StepLine(string Name, string Intent, StepState State)
{
    public DateTimeOffset? StartedAt { get; init; }
    public double? Seconds { get; init; }
    public bool WasAlreadyDone { get; init; }

    /// <summary>The last attempt did not come this far: these facts are of an earlier one.</summary>
    public bool IsOfEarlierAttempt { get; init; }
    public string? Claim { get; init; }
    public string? Proof { get; init; }
    public Fault? Fault { get; init; }

    [JsonPropertyName("what_was_put_back")]
    public string? UndoResult { get; init; }
    public Fault? UndoFault { get; init; }
}

/// <summary>What the last attempt compared.</summary>
/// <param name="Items">Tables by name, then what is not a table.</param>
public sealed record Comparison(IReadOnlyList<ComparedItem> Items)
{
    public int Compared => Items.Count;

    public int Equal => Items.Count(item => item.Equal);

    public int Different => Compared - Equal;

    public int Tables => Items.Count(item => item.IsTable);

    public long SourceRows => Items.Where(item => item.IsTable).Sum(item => item.SourceRows ?? 0);

    public long TargetRows => Items.Where(item => item.IsTable).Sum(item => item.TargetRows ?? 0);

    /// <summary>At least one table was compared, and all are on both sides and equal.</summary>
    [JsonIgnore]
    public bool IsProof => Tables > 0 && Different == 0;
}

/// <param name="Name">A table's is quoted and qualified, as in SQL; any other is in parentheses.</param>
/// <param name="SourceRows">Null: missing, or not countable.</param>
/// <param name="Verdict">Also of the contents; null: only the numbers are known.</param>
public sealed record ComparedItem(
    string Name, long? SourceRows, long? TargetRows, [property: JsonIgnore] bool? Verdict = null)
{
    /// <summary>A qualified name never begins with a parenthesis, because one that did would be quoted.</summary>
    public bool IsTable => !Name.StartsWith('(');

    /// <summary>The same rows on both sides, as far as compared. A missing side is equal to nothing.</summary>
    public bool Equal => Verdict ?? (SourceRows is not null && SourceRows == TargetRows);
}
