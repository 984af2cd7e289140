using Godwit.Faults;

namespace Godwit.Assess.Checks.Schema;

internal static class TrialFindings
{
    public static Finding Refused(string target, string count, string named, string statements) => new(
        "assess.definitions_refused", Severity.Blocker,
        What: $"{target} would refuse {count} of the source's",
        Why: named,
        Remedy: "The trial left nothing behind. Change these at the source so that the target takes them, or remove "
            + $"them there:\n{statements}");

    public static Finding NotTried(string why) => new("assess.definitions_not_tried", Severity.Warning,
        What: "Whether the target takes the source's definitions was not tried",
        Why: why,
        Remedy: "A migration tries it before it stops anything. To try it now, name an empty target with --to.");
}
