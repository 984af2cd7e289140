using Godwit.Faults;

namespace Godwit.Assess;

internal static class CheckFindings
{
    public static IReadOnlyList<string> Acceptable { get; } = ["assess.unchecked", "assess.check_failed"];

    public static Finding Unchecked(string check, string why, string remedy) => new(
        "assess.unchecked", Severity.Blocker,
        What: $"Could not check: {check}",
        Why: why,
        Remedy: remedy);

    public static Finding VitalUnchecked(string check, string why, string remedy) => new(
        "assess.vital_unchecked", Severity.Blocker,
        What: $"Could not check, and cannot go on without: {check}",
        Why: why,
        Remedy: remedy);

    public static Finding Unforeseen(string check, Unforeseen met) => new("assess.check_failed", Severity.Blocker,
        What: $"Could not check: {check}",
        Why: $"the check failed in a way Godwit does not know ({met.Type}: {met.Message})",
        Remedy: "If you know what it would have looked at, the run can go on without. Please report it. "
            + $"{met.WhatToSend}");
}
