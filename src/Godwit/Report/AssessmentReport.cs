using System.Text.Json;
using Godwit.Faults;
using Godwit.Journal;

namespace Godwit.Report;

/// <summary>An assessment's content, before it is worded for a page, a program or a terminal.</summary>
public sealed record AssessmentReport
{
    /// <summary>Grows by one when a program that reads the JSON would have to change.</summary>
    public string Format { get; } = "godwit.assessment/1";
    public required string GodwitVersion { get; init; }
    public required DateTimeOffset At { get; init; }
    public required double Seconds { get; init; }

    /// <summary>Without a password.</summary>
    public required string From { get; init; }

    /// <summary>As typed; null: none was named.</summary>
    public string? To { get; init; }

    public string? Via { get; init; }

    public required IReadOnlyList<AssessedFact> Facts { get; init; }

    /// <summary>Blockers first, then warnings, then notes.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>Also those that could not look.</summary>
    public required IReadOnlyList<AssessedCheck> Checks { get; init; }

    /// <summary>Accepted ones do not count.</summary>
    public int Blockers => Count(Severity.Blocker);

    public int Warnings => Count(Severity.Warning);

    public int Notes => Count(Severity.Note);

    /// <summary>One sentence: whether the source can be moved as it is.</summary>
    public string Verdict => (Blockers, Warnings) switch
    {
        (0, 0) => $"Nothing stands in the way of moving {From}.",
        (0, var warnings) => $"Nothing stands in the way of moving {From}; {Words.Count(warnings, "thing")} will be "
            + $"different afterwards or {(warnings == 1 ? "needs" : "need")} care.",
        (var blockers, _) =>
            $"{Words.Count(blockers, "thing")} {(blockers == 1 ? "stands" : "stand")} in the way of moving {From}.",
    };

    public string ToJson() => JsonSerializer.Serialize(this, JournalJson.Options);

    private int Count(Severity severity) =>
        Findings.Count(finding => finding.Severity == severity && finding.IsAccepted is not true);
}

public sealed record AssessedFact(string Name, string Value);

/// <param name="CouldLook">False: a finding has the reason.</param>
public sealed record AssessedCheck(string Name, bool CouldLook, double Seconds);
