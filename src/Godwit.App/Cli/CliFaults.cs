using Godwit.Faults;

namespace Godwit.App.Cli;

internal static class CliFaults
{
    public static Fault Stopped() => new("cli.stopped", FaultKind.Refused,
        What: "Stopped",
        Why: "you, or the system, asked Godwit to stop",
        Remedy: "Run the command again when you want to.");

    public static Fault NoRunToTakeUp(string command) => new("cli.no_run", FaultKind.Usage,
        What: $"There is no run to {command}",
        Why: "no run is unfinished",
        Remedy: "List the runs with: godwit status");

    /// <param name="run">The newest run that ended well.</param>
    public static Fault OnlyFinishedRuns(string run) => new("cli.only_finished_runs", FaultKind.Usage,
        What: "Cannot tell which run to roll back",
        Why: "no run is unfinished, and a finished run, which has cut over, is rolled back only if you name it",
        Remedy: $"Roll back the newest finished run with: godwit rollback {run}. See the others with: godwit status");

    /// <param name="newer">Ended well.</param>
    /// <param name="older">Unfinished; may have left changes.</param>
    public static Fault SeveralRuns(string newer, string older) => new("cli.several_runs", FaultKind.Usage,
        What: "Cannot tell which run to roll back",
        Why: $"the run {newer} ended well, and the older run {older} is unfinished",
        Remedy: $"Roll back the newer run with: godwit rollback {newer}. Or undo the changes of the older run with: "
            + $"godwit rollback {older}. See both with: godwit status");

    public static Fault NoProvenRun() => new("cli.no_proven_run", FaultKind.Usage,
        What: "Cannot list what is left to do after a migration",
        Why: "no migration on this machine is proven",
        Remedy: "List the runs with: godwit status");

    public static Fault NoRunToFollow() => new("cli.no_run_to_follow", FaultKind.Usage,
        What: "There is no run to follow",
        Why: "no process on this machine is working on a run",
        Remedy: "List the runs with: godwit status");

    public static Fault RunInterrupted(string runId) => new("cli.run_interrupted", FaultKind.Broken,
        What: $"Run {runId} was interrupted",
        Why: "its journal records no end, and no process is working on it",
        Remedy: $"Continue it with: godwit resume {runId}. Or roll it back with: godwit rollback {runId}.");

    public static Fault DetachSlow(TimeSpan limit) => new("cli.detach_slow", FaultKind.Refused,
        What: "The run in the background was stopped before it began",
        Why: $"it was not ready within {limit.TotalMinutes:0} minutes",
        Remedy: "Run the command without --detach and see what it waits for.");

    public static Fault NoRunToCleanUp() => new("cli.no_run_to_clean", FaultKind.Usage,
        What: "There is no run to clean up after",
        Why: "this machine has no runs, and you named no store",
        Remedy: "Name a store to find what runs of other machines left there: godwit cleanup --via "
            + "s3://BUCKET/PREFIX");

    public static Fault NotRemoved(string names, string store, string why) => new("cli.not_removed", FaultKind.Broken,
        What: $"Could not remove everything from {store}",
        Why: $"{names}: {why}",
        Remedy: "Give the keys the right to delete (docs/cleanup.md says which), or use keys that have it, and run "
            + "the command again. Until then, the service charges for what is left.");

    public static Fault NotPutBack(string names, string run, string why) => new("cli.not_put_back", FaultKind.Broken,
        What: $"Could not undo everything that {run} changed",
        Why: $"{names}: {why}",
        Remedy: "Remove the cause that is named above, and run the command again.");

    public static Fault TemporaryFolder(string folder, string why) => new("cli.temporary_folder", FaultKind.Refused,
        What: $"Cannot make a temporary folder in {folder}",
        Why: why,
        Remedy: "Set TMPDIR to a folder that you may write to, on a disk with room for the whole database, then run "
            + "the command again.");

    public static Fault DiskFull(string why) => new("cli.disk_full", FaultKind.Broken,
        What: "A disk of this machine is full, or a quota or a limit on file size is reached",
        Why: why,
        Remedy: "Free some space: df -h shows which disk is full, ulimit -f shows the limit. Then see what was done "
            + "with: godwit status. It says how to continue or roll back each run.");

    public static Fault Unexpected(Unforeseen met) => new("cli.unexpected", FaultKind.Broken,
        What: "Godwit failed with an unexpected error",
        Why: $"{met.Type}: {met.Message}",
        Remedy: "See what was done with: godwit status. Continue with godwit resume, or roll back with "
            + $"godwit rollback. Report the error. {met.WhatToSend}");

    public static Fault NoSuchReport(string name) => new("cli.no_such_report", FaultKind.Usage,
        What: $"There is no problem report named '{name}'",
        Why: "the state folder has no such file, or the file that you named is not a report of Godwit",
        Remedy: "List the reports with: godwit report-problem --list");

    public static Fault ReportUnreadable(string path, string why) => new("cli.report_unreadable", FaultKind.Refused,
        What: "Cannot read the problem report",
        Why: $"{path}: {why}",
        Remedy: "Run the command as the user who ran the one that failed.");

    public static Fault LeftOutUnreadable(string path, string why) => new("cli.left_out_unreadable", FaultKind.Usage,
        What: "Cannot read the list of objects that were left out",
        Why: $"{path}: {why}",
        Remedy: "Name the file that copy or restore wrote with --left-out FILE. Godwit reads the list from the "
            + ".json file of the same name beside it.");

    public static Fault LastCopyUnreadable(string path, string why) => new(
        "cli.last_copy_unreadable", FaultKind.Refused,
        What: "Cannot read the list of objects that the last copy into this target left out",
        Why: $"{path}: {why}",
        Remedy: "Delete the file, or name a list of the objects that may be missing: --left-out FILE. If none may be "
            + "missing: --left-out none.");

    public static Fault DumpToTerminal() => new("cli.dump_to_terminal", FaultKind.Usage,
        What: "Cannot write a dump to a terminal",
        Why: "standard output is a screen, and an archive is not text",
        Remedy: "Name a file: --to ./shop.dump. Or send it on: `godwit dump --from env:SOURCE_URL --to - | "
            + "pg_restore --dbname=shop_copy`.");

    public static Fault DumpFormat(string format) => new("cli.dump_format", FaultKind.Usage,
        What: $"Cannot write a dump in the format '{format}'",
        Why: "Godwit writes only pg_dump's custom format, a single stream that a bucket can hold and that Heroku "
            + "and pg_restore can read",
        Remedy: "Leave --format out. Make SQL text from the archive with: pg_restore --file=shop.sql shop.dump. For a "
            + "directory or tar dump, use pg_dump itself.");

    public static Fault FileUnwritable(string option, string path, string why) => new(
        "cli.file_unwritable", FaultKind.Refused,
        What: $"Cannot write the file for {option}",
        Why: $"{path}: {why}",
        Remedy: "Check path, permissions and free space, then run the command again.");

    public static Fault RepairNotConfirmed(string? confirm, string name) => new(
        "cli.repair_not_confirmed", FaultKind.Usage,
        What: $"Will not repair rows of {name}",
        Why: confirm is null ? "--confirm is missing" : $"--confirm is '{confirm}', and the target is '{name}'",
        Remedy: "Look at the differences first, without --repair; --repair-sql FILE writes the statements that a "
            + $"repair runs. To repair, add: --confirm {name}");

    public static Fault RehearsalNotResumed(string runId) => new("cli.rehearsal_not_resumed", FaultKind.Refused,
        What: $"Cannot resume the rehearsal {runId}",
        Why: "a rehearsal compares with a snapshot of the source, and the snapshot ended with the process",
        Remedy: $"Remove what the rehearsal made: godwit rollback {runId}. Then start it again with the same "
            + "command line.");

    public static Fault RehearsalLeft(string runId) => new("cli.rehearsal_left", FaultKind.Refused,
        What: $"Will not clean up after the rehearsal {runId}",
        Why: "it was interrupted, and its local Heroku is still on this machine",
        Remedy: $"Remove the local Heroku and the dump: godwit rollback {runId}.");

    public static Fault RehearsalFolder(string folder) => new("cli.rehearsal_folder", FaultKind.Refused,
        What: "Will not use the folder of the rehearsal",
        Why: $"Godwit does not give such folders the name {folder}",
        Remedy: "If the folder belongs to a rehearsal, remove it by hand. Somebody changed the run's journal, which "
            + "names the folder.");
}
