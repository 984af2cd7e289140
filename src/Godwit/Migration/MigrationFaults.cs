using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Migration;

internal static class MigrationFaults
{
    public static Fault NoStore(string why, string choices) => new("run.no_store", FaultKind.Usage,
        What: "Cannot tell which store the dump shall go through",
        Why: why,
        Remedy: $"Say it with --via; the store must be yours and private. What there is:\n{choices}");

    public static Fault RouteUnknown(string name) => new("run.route_unknown", FaultKind.Usage,
        What: $"This Godwit has no route '{name}'",
        Why: "a later version of it made the run",
        Remedy: "Install the newest Godwit, and run the command again. Nothing was changed.");

    public static Fault NoMoment(PostgresAddress source, string why) => new("run.no_moment", FaultKind.Refused,
        What: $"Cannot hold one moment of {source} for the dump and for the comparison",
        Why: why,
        Remedy: "Stop its replay for the time of the rehearsal, so that it stays as it is: "
            + "SELECT pg_wal_replay_pause(); and continue it afterwards: SELECT pg_wal_replay_resume(); "
            + "Or rehearse from the primary, or install the standby's newest minor release.");

    public static Fault DefinitionsRefused(string target, string count, string named, string statements) => new(
        "run.definitions_refused", FaultKind.Refused,
        What: $"{target} would refuse {count} of the source's",
        Why: named,
        Remedy: "Nothing was stopped, and the trial left nothing behind. Change these at the source so that the "
            + $"target takes them, or remove them there:\n{statements}");

    public static Fault Locked(PostgresAddress database, string who) => new("run.locked", FaultKind.Refused,
        What: $"Another run is working on {database}",
        Why: $"it holds Godwit's lock in that database: {who}",
        Remedy: "Wait for it to end, or stop it; then run the command again. If its process is gone and its session "
            + "is not, a minute later the server notices.");

    public static Fault LockLost(PostgresAddress database, string who) => new("run.lock_lost", FaultKind.Broken,
        What: $"Lost the lock in {database}",
        Why: $"the session that held it ended, and another run has taken it: {who}",
        Remedy: "Nothing more was changed, and nothing was put back, because the other run may rely on it. When "
            + "that one has ended: godwit rollback, or godwit resume.");

    public static Fault WrittenSince(string runId, string app, string lost, string now) => new(
        "run.written_since", FaultKind.Refused,
        What: $"Will not go back to the former database of {app}",
        Why: $"since the cut-over the new one was written to, and that would be lost: {lost}",
        Remedy: $"{now} To go back all the same, and lose it: godwit rollback {runId} --confirm {app}.");

    public static Fault NotComparable(string runId, string app, Fault cause) => new(
        "run.not_comparable", FaultKind.Refused,
        What: $"Will not go back to the former database of {app}",
        Why: $"it could not be found out whether the new one was written to since the cut-over: {cause.What}: "
            + $"{cause.Why}",
        Remedy: $"{cause.Remedy} To go back without knowing, and lose what was written: godwit rollback {runId} "
            + $"--confirm {app}.");

    public static Fault LeftFrozen(string runId) => new("run.left_frozen", FaultKind.Refused,
        What: "Will not start a second run here",
        Why: $"the run {runId} of the same source or app was interrupted and has left it frozen",
        Remedy: $"Go on with it: godwit resume {runId}. Or put everything back first: godwit rollback {runId}.");

    public static Fault NotBack(string runId) => new("run.not_back", FaultKind.Broken,
        What: $"Could not put back all that the run {runId} changed",
        Why: "its story tells which step could not, and why",
        Remedy: $"Read it: godwit status {runId}. When what failed answers again: godwit rollback {runId}.");

    /// <param name="cause">The remedy of a transient one is to resume the run, which would migrate again.</param>
    public static Fault NotDropped(string runId, string app, Fault cause) => new("run.not_dropped", FaultKind.Broken,
        What: $"Could not destroy what the run {runId} made at {app}",
        Why: $"{cause.What}: {cause.Why}",
        Remedy: "Everything else is put back; what is left costs money until it is destroyed. "
            + (cause.Kind == FaultKind.Transient ? "When Heroku answers again" : $"{cause.Remedy} Then")
            + $": godwit rollback {runId} --drop-target --confirm {app}.");

    public static Fault Unfinished(string runId) => new("run.unfinished", FaultKind.Refused,
        What: $"Will not clean up after the run {runId}",
        Why: "it is not finished, and may need what it left, to go on or to go back",
        Remedy: $"Finish it: godwit resume {runId}. Or put everything back, which removes its dump too: godwit "
            + $"rollback {runId}; godwit cleanup {runId} shows before what that is.");

    public static Fault LeftFrozenBehind(string runId) => new("run.frozen", FaultKind.Refused,
        What: $"Will not clean up after the run {runId}",
        Why: "it has left the source or an app frozen",
        Remedy: $"Put everything back, which removes its dump too: godwit rollback {runId}; godwit cleanup {runId} "
            + $"shows before what that is. Or finish it: godwit resume {runId}.");

    public static Fault CutOverBehind(string runId) => new("run.half_over", FaultKind.Refused,
        What: $"Will not clean up after the run {runId}",
        Why: "it was interrupted while, or after, it cut over, and the applications may use the new database",
        Remedy: $"Finish it: godwit resume {runId}. Or go back, if nothing was written since: godwit rollback "
            + $"{runId}.");

    public static Fault OtherHeroku(string before, string now) => new("cli.other_heroku", FaultKind.Usage,
        What: "This run belongs to another Heroku",
        Why: $"it began at {before}, and the environment now points to {now}",
        Remedy: "Set HEROKU_HOST and HEROKU_DATA_HOST as they were (godwit heroku-local --export prints them for a "
            + "local one), or unset them for the real Heroku.");

    public static Fault SourceNeeded(string runId) => new("cli.source_needed", FaultKind.Usage,
        What: $"The run {runId} needs its source's URL again",
        Why: "it was given on the command line or on standard input, and passwords are not kept",
        Remedy: $"Give it again: godwit resume {runId} --from env:SOURCE_URL");
}
