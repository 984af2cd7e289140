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
        What: "Which run to go back from is not clear",
        Why: "no run is unfinished, and going back behind a cut-over is done only for a run that is named",
        Remedy: $"Go back from the newest, which ended well: godwit rollback {run}. The others: godwit status");

    /// <param name="newer">Ended well.</param>
    /// <param name="older">Unfinished; may have left changes.</param>
    public static Fault SeveralRuns(string newer, string older) => new("cli.several_runs", FaultKind.Usage,
        What: "Which run to go back from is not clear",
        Why: $"the run {newer} ended well, and the older run {older} is unfinished",
        Remedy: $"Go back from the newer: godwit rollback {newer}. Or put back what the older left: "
            + $"godwit rollback {older}. See both with: godwit status");

    public static Fault NoProvenRun() => new("cli.no_proven_run", FaultKind.Usage,
        What: "There is no migration to list what is left of",
        Why: "no migration of this machine is proven",
        Remedy: "List the runs with: godwit status");

    public static Fault NoRunToFollow() => new("cli.no_run_to_follow", FaultKind.Usage,
        What: "There is no run to follow",
        Why: "no process of this machine works on a run",
        Remedy: "List the runs with: godwit status");

    public static Fault RunInterrupted(string runId) => new("cli.run_interrupted", FaultKind.Broken,
        What: $"Run {runId} was interrupted",
        Why: "its journal has no end, and no process works on it any more",
        Remedy: $"Continue it with: godwit resume {runId}. Or put everything back with: godwit rollback {runId}.");

    public static Fault DetachSlow(TimeSpan limit) => new("cli.detach_slow", FaultKind.Refused,
        What: "The run in the background was stopped before it began",
        Why: $"it was not ready within {limit.TotalMinutes:0} minutes",
        Remedy: "Run the command without --detach and see what it waits for.");

    public static Fault NoRunToCleanUp() => new("cli.no_run_to_clean", FaultKind.Usage,
        What: "There is no run to clean up after",
        Why: "this machine has run none yet, and no store was named",
        Remedy: "Name a store to look for what runs of other machines left there: godwit cleanup --via "
            + "s3://BUCKET/PREFIX");

    public static Fault NotRemoved(string names, string store, string why) => new("cli.not_removed", FaultKind.Broken,
        What: $"Could not remove everything from {store}",
        Why: $"{names}: {why}",
        Remedy: "Give the keys the right to delete (docs/cleanup.md says which), or use keys that have it, and run "
            + "the command again. What it costs until then, the service charges.");

    public static Fault NotPutBack(string names, string run, string why) => new("cli.not_put_back", FaultKind.Broken,
        What: $"Could not put back everything that {run} has changed",
        Why: $"{names}: {why}",
        Remedy: "What stood in the way is said above. Mend it, and run the command again.");

    public static Fault TemporaryFolder(string folder, string why) => new("cli.temporary_folder", FaultKind.Refused,
        What: $"Cannot make a temporary folder in {folder}",
        Why: why,
        Remedy: "Set TMPDIR to a folder that you may write to, on a disk with room for the whole database, then run "
            + "the command again.");

    public static Fault DiskFull(string why) => new("cli.disk_full", FaultKind.Broken,
        What: "A disk of this machine is full, or a limit on files is reached",
        Why: why,
        Remedy: "Free some space: df -h shows where none is left, ulimit -f the limit. Then look what was done "
            + "with: godwit status. It says how each run is continued or rolled back.");

    public static Fault Unexpected(Unforeseen met) => new("cli.unexpected", FaultKind.Broken,
        What: "Godwit failed in a way it does not know",
        Why: $"{met.Type}: {met.Message}",
        Remedy: "Look what was done with: godwit status. Go on with godwit resume, or back with godwit rollback. "
            + $"Please report it. {met.WhatToSend}");

    public static Fault NoSuchReport(string name) => new("cli.no_such_report", FaultKind.Usage,
        What: $"There is no report of a problem named '{name}'",
        Why: "no such file is in the state folder, or the file that you named is not one of Godwit's reports",
        Remedy: "List the reports with: godwit report-problem --list");

    public static Fault ReportUnreadable(string path, string why) => new("cli.report_unreadable", FaultKind.Refused,
        What: "Cannot read the report of a problem",
        Why: $"{path}: {why}",
        Remedy: "Run the command as the user who ran the one that failed.");

    public static Fault LeftOutUnreadable(string path, string why) => new("cli.left_out_unreadable", FaultKind.Usage,
        What: "Cannot read the list of what was left out",
        Why: $"{path}: {why}",
        Remedy: "Name the file that copy or restore wrote with --left-out FILE. The list with the same name and the "
            + "ending .json lies beside it.");

    public static Fault LastCopyUnreadable(string path, string why) => new(
        "cli.last_copy_unreadable", FaultKind.Refused,
        What: "Cannot read what the last copy into this target left out",
        Why: $"{path}: {why}",
        Remedy: "Delete the file, or name what is expected to be missing: --left-out FILE. To expect nothing: "
            + "--left-out none.");

    public static Fault DumpToTerminal() => new("cli.dump_to_terminal", FaultKind.Usage,
        What: "Cannot write a dump to a terminal",
        Why: "standard output is a screen, and an archive is not text",
        Remedy: "Name a file: --to ./shop.dump. Or send it on: `godwit dump --from env:SOURCE_URL --to - | "
            + "pg_restore --dbname=shop_copy`.");

    public static Fault DumpFormat(string format) => new("cli.dump_format", FaultKind.Usage,
        What: $"Cannot write a dump in the format '{format}'",
        Why: "there is one only, pg_dump's custom format: a single stream, which a bucket can hold and which Heroku "
            + "and pg_restore can read",
        Remedy: "Leave --format out. SQL text comes from the archive: pg_restore --file=shop.sql shop.dump. For a "
            + "folder or a tar file use pg_dump itself.");

    public static Fault FileUnwritable(string option, string path, string why) => new(
        "cli.file_unwritable", FaultKind.Refused,
        What: $"Cannot write the file that {option} names",
        Why: $"{path}: {why}",
        Remedy: "Check path, permissions and free space, then run the command again.");

    public static Fault RepairNotConfirmed(string? confirm, string name) => new(
        "cli.repair_not_confirmed", FaultKind.Usage,
        What: $"Nothing was repaired: --repair would change rows of {name}",
        Why: confirm is null ? "--confirm is missing" : $"--confirm is '{confirm}', and the target is '{name}'",
        Remedy: "Look first, without --repair: what differs, and with --repair-sql FILE what would be run. If that "
            + $"is what you want, add: --confirm {name}");

    public static Fault RehearsalNotResumed(string runId) => new("cli.rehearsal_not_resumed", FaultKind.Refused,
        What: $"Will not take up the rehearsal {runId}",
        Why: "it compares with one moment of the source, and that moment is gone with its process",
        Remedy: $"Remove what was made for it: godwit rollback {runId}. Then begin it again, with the command line "
            + "that began it.");

    public static Fault RehearsalLeft(string runId) => new("cli.rehearsal_left", FaultKind.Refused,
        What: $"Will not clean up after the rehearsal {runId}",
        Why: "it was interrupted, and its local Heroku is still on this machine",
        Remedy: $"Remove it, and its dump: godwit rollback {runId}.");

    public static Fault RehearsalFolder(string folder) => new("cli.rehearsal_folder", FaultKind.Refused,
        What: "Will not use the folder of a rehearsal",
        Why: $"{folder} is not named as Godwit names them",
        Remedy: "The run's journal was changed by somebody. Remove the folder by hand if it is a rehearsal's.");
}
