using Godwit.Faults;

namespace Godwit.Migration;

internal static class MigrationFaults
{
    public static Fault LeftFrozen(string runId) => new("run.left_frozen", FaultKind.Refused,
        What: "Will not start a second run here",
        Why: $"the run {runId} of the same source or app was interrupted and has left it frozen",
        Remedy: $"Go on with it: godwit resume {runId}. Or put everything back first: godwit rollback {runId}.");
}
