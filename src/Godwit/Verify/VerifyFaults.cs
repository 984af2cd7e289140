using Godwit.Faults;

namespace Godwit.Verify;

internal static class VerifyFaults
{
    public static Fault Different(int different, int all, string named) => new("verify.different", FaultKind.Broken,
        What: "The target is not equal to the source",
        Why: $"{different} of {all} comparisons differ: {named}",
        Remedy: "Nothing was switched over. If something wrote to either side meanwhile, stop it; then go on with: godwit resume. The report lists every table.");

    public static Fault SnapshotGone(string snapshot, string why) => new("verify.snapshot_gone", FaultKind.Refused,
        What: $"The source has no snapshot {snapshot}",
        Why: why,
        Remedy: "A snapshot lives as long as the transaction that exported it: keep that session open until this command has ended. Or leave --source-snapshot out, and the source is compared as it is now.");
}
