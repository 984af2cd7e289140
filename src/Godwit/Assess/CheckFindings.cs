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
        What: $"Could not run a required check: {check}",
        Why: why,
        Remedy: remedy);

    public static Finding Unforeseen(string check, Unforeseen met) => new("assess.check_failed", Severity.Blocker,
        What: $"Could not check: {check}",
        Why: $"the check failed in a way Godwit does not know ({met.Type}: {met.Message})",
        Remedy: "If you have checked the same thing yourself, you can accept this. Report the error. "
            + $"{met.WhatToSend}");
}
