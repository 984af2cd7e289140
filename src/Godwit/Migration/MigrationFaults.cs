using Godwit.Faults;

namespace Godwit.Migration;

internal static class MigrationFaults
{
    public static Fault NoStore(string why, string choices) => new("run.no_store", FaultKind.Usage,
        What: "Cannot tell which store the dump shall go through",
        Why: why,
        Remedy: $"Say it with --via; the store must be yours and private. What there is:\n{choices}");

    public static Fault LeftFrozen(string runId) => new("run.left_frozen", FaultKind.Refused,
        What: "Will not start a second run here",
        Why: $"the run {runId} of the same source or app was interrupted and has left it frozen",
        Remedy: $"Go on with it: godwit resume {runId}. Or put everything back first: godwit rollback {runId}.");

    public static Fault Unfinished(string runId) => new("run.unfinished", FaultKind.Refused,
        What: $"Will not clean up after the run {runId}",
        Why: "it is not finished, and may need what it left, to go on or to go back",
        Remedy: $"Finish it: godwit resume {runId}. Or put everything back, which removes its dump too: godwit rollback {runId}.");

    public static Fault LeftFrozenBehind(string runId) => new("run.frozen", FaultKind.Refused,
        What: $"Will not clean up after the run {runId}",
        Why: "it has left the source or the app frozen",
        Remedy: $"Put everything back first, which removes its dump too: godwit rollback {runId}. Or finish it: godwit resume {runId}.");
}
