using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Migration;

internal static class MigrationFaults
{
    public static Fault NoStore(string why, string choices) => new("run.no_store", FaultKind.Usage,
        What: "Cannot choose a store for the dump",
        Why: why,
        Remedy: $"Name one with --via; the store must be yours and private. The choices are:\n{choices}");

    public static Fault RouteUnknown(string name) => new("run.route_unknown", FaultKind.Usage,
        What: $"This version of Godwit has no route '{name}'",
        Why: "a later version started the run",
        Remedy: "Install the newest Godwit and run the command again. Nothing was changed.");

    public static Fault NoMoment(PostgresAddress source, string why) => new("run.no_moment", FaultKind.Refused,
        What: $"Cannot hold one snapshot of {source} for the dump and for the comparison",
        Why: why,
        Remedy: "Pause the standby's replay during the rehearsal, so that its data does not change: "
            + "SELECT pg_wal_replay_pause(); and resume it afterwards: SELECT pg_wal_replay_resume(); "
            + "Or rehearse from the primary, or install the newest minor release on the standby.");

    public static Fault DefinitionsRefused(string target, string count, string named, string statements) => new(
        "run.definitions_refused", FaultKind.Refused,
        What: $"{target} would refuse {count} of the source's",
        Why: named,
        Remedy: "Nothing was stopped, and the trial is rolled back. Change these at the source so that the target "
            + $"accepts them, or remove them there:\n{statements}");

    public static Fault Locked(PostgresAddress database, string who) => new("run.locked", FaultKind.Refused,
        What: $"Another run is working on {database}",
        Why: $"it holds Godwit's lock in that database: {who}",
        Remedy: "Wait for that run to end, or stop it; then run the command again. If its process has died, the server "
            + "may need a minute to end its session.");

    public static Fault LockLost(PostgresAddress database, string who) => new("run.lock_lost", FaultKind.Broken,
        What: $"Lost the lock in {database}",
        Why: $"the session that held it ended, and another run has taken it: {who}",
        Remedy: "Nothing more was changed, and nothing was rolled back, because the other run may rely on it. When "
            + "the other run has ended: godwit rollback, or godwit resume.");

    public static Fault WrittenSince(string runId, string app, string lost, string now) => new(
        "run.written_since", FaultKind.Refused,
        What: $"Will not roll back to the former database of {app}",
        Why: "the new database is no longer as it was when it was proven, and what was written to it since would be "
            + $"lost: {lost}",
        Remedy: $"{now} To roll back and lose these writes: godwit rollback {runId} --confirm {app}.");

    public static Fault NotComparable(string runId, string app, Fault cause) => new(
        "run.not_comparable", FaultKind.Refused,
        What: $"Will not roll back to the former database of {app}",
        Why: "Godwit could not check whether the new database was written to since the cut-over: "
            + $"{cause.What}: {cause.Why}",
        Remedy: $"{cause.Remedy} To roll back without this check, and lose any such writes: godwit rollback {runId} "
            + $"--confirm {app}.");

    public static Fault LeftFrozen(string runId) => new("run.left_frozen", FaultKind.Refused,
        What: "Will not start another run",
        Why: $"the run {runId} of the same source or target was interrupted, and left the source or an app frozen",
        Remedy: $"Finish that run: godwit resume {runId}. Or roll it back first: godwit rollback {runId}.");

    public static Fault NotBack(string runId) => new("run.not_back", FaultKind.Broken,
        What: $"Could not roll back everything that the run {runId} changed",
        Why: "the rollback of one of its steps failed",
        Remedy: $"See which step, and why: godwit status {runId}. When that cause is gone: godwit rollback {runId}.");

    /// <param name="cause">The remedy of a transient one is to resume the run, which would migrate again.</param>
    public static Fault NotDropped(string runId, string app, Fault cause) => new("run.not_dropped", FaultKind.Broken,
        What: $"Could not destroy what the run {runId} created at {app}",
        Why: $"{cause.What}: {cause.Why}",
        Remedy: "Everything else is rolled back; what is left costs money until it is destroyed. "
            + (cause.Kind == FaultKind.Transient ? "When Heroku answers again" : $"{cause.Remedy} Then")
            + $": godwit rollback {runId} --drop-target --confirm {app}.");

    public static Fault Unfinished(string runId) => new("run.unfinished", FaultKind.Refused,
        What: $"Will not clean up after the run {runId}",
        Why: "the run is not finished, and a resume or a rollback may need what it left",
        Remedy: $"Finish it: godwit resume {runId}. Or roll it back, which also removes its dump: godwit "
            + $"rollback {runId}; godwit cleanup {runId} shows beforehand what that changes.");

    public static Fault LeftFrozenBehind(string runId) => new("run.frozen", FaultKind.Refused,
        What: $"Will not clean up after the run {runId}",
        Why: "the run left the source or an app frozen",
        Remedy: $"Roll it back, which also removes its dump: godwit rollback {runId}; godwit cleanup {runId} "
            + $"shows beforehand what that changes. Or finish it: godwit resume {runId}.");

    public static Fault CutOverBehind(string runId) => new("run.half_over", FaultKind.Refused,
        What: $"Will not clean up after the run {runId}",
        Why: "the run was interrupted during or after its cut-over, and the applications may use the new database",
        Remedy: $"Finish it: godwit resume {runId}. Or roll it back, if nothing was written to the new database since: "
            + $"godwit rollback {runId}.");

    public static Fault OtherHeroku(string before, string now) => new("cli.other_heroku", FaultKind.Usage,
        What: "This run belongs to another Heroku",
        Why: $"the run began at {before}, and the environment now points to {now}",
        Remedy: "Set HEROKU_HOST and HEROKU_DATA_HOST as they were (godwit heroku-local --export prints them for a "
            + "local one), or unset them for the real Heroku.");

    public static Fault SourceNeeded(string runId) => new("cli.source_needed", FaultKind.Usage,
        What: $"The run {runId} needs its source's URL again",
        Why: "it was given on the command line or on standard input, and passwords are not kept",
        Remedy: $"Give it again: godwit resume {runId} --from env:SOURCE_URL");
}
