using Godwit.Faults;

namespace Godwit.Verify;

internal static class VerifyFaults
{
    public static Fault Different(int different, int all, string named) => new("verify.different", FaultKind.Broken,
        What: "The target is not equal to the source",
        Why: $"{different} of {all} comparisons differ: {named}",
        Remedy: "Nothing was switched over. If something wrote to either side meanwhile, stop it; then go on with: godwit resume. The report lists every table.");
}
