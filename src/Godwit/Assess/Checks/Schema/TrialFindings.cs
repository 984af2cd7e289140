using Godwit.Faults;

namespace Godwit.Assess.Checks.Schema;

internal static class TrialFindings
{
    public static Finding Refused(string target, string count, string named, string statements) => new(
        "assess.definitions_refused", Severity.Blocker,
        What: $"{target} would refuse {count} of the source's",
        Why: named,
        Remedy: "The trial left nothing behind. At the source, change these so that the target accepts them, or "
            + $"remove them:\n{statements}");

    public static Finding NotTried(string why) => new("assess.definitions_not_tried", Severity.Warning,
        What: "The source's definitions were not tried at the target",
        Why: why,
        Remedy: "A migration tries them before it stops anything. To try them now, name an empty target with --to.");
}
