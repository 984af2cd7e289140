using Godwit.Faults;

namespace Godwit.Journal;

internal static class JournalFaults
{
    public static Fault NoSuchRun(string runId, string folder) => new("journal.no_such_run", FaultKind.Usage,
        What: $"Cannot find the run '{runId}'",
        Why: $"there is no journal of that name in {folder}",
        Remedy: "List the runs with: godwit status");

    public static Fault NotWritable(string folder, string why) => new("journal.not_writable", FaultKind.Refused,
        What: $"Cannot write a journal in {folder}",
        Why: why,
        Remedy: "Set GODWIT_HOME to a folder that you may write to. Without a journal Godwit starts nothing, "
            + "because it could not undo its changes.");

    public static Fault NoHome() => new("journal.no_home", FaultKind.Refused,
        What: "Cannot find the folder of the runs' journals",
        Why: "none of GODWIT_HOME, XDG_STATE_HOME and HOME is set",
        Remedy: "Set GODWIT_HOME to a folder that survives a restart of the machine: "
            + "export GODWIT_HOME=/var/lib/godwit. "
            + "Always set the same folder, or Godwit does not find its earlier runs.");

    public static Fault Unreadable(string folder, string why) => new("journal.unreadable", FaultKind.Refused,
        What: $"Cannot read the runs in {folder}",
        Why: why,
        Remedy: $"See who owns them: ls -lR {folder}. Run the command as that user, or make your user the owner: "
            + $"sudo chown -R \"$(id -u)\" {folder}. For new runs only, set GODWIT_HOME to another folder.");

    public static Fault DiskFull(string folder, string why) => new("journal.disk_full", FaultKind.Refused,
        What: $"Cannot write {folder}: its disk is full, or a limit is reached",
        Why: why,
        Remedy: $"Free some space there (df -h {folder} and df -i {folder} show it; "
            + "ulimit -f shows the limit on files), then run the command again. A journal takes less than 10 MB. "
            + "If the run had changed something, the lines above say whether that was undone.");

    public static Fault Busy(string path) => new("journal.busy", FaultKind.Refused,
        What: "Cannot work on this run",
        Why: $"another Godwit process is using its journal ({path})",
        Remedy: "Watch it with: godwit status --follow. Wait for it to end, or stop it there with Ctrl-C; then run "
            + "the command again.");

    public static Fault TargetBusy(string target) => new("journal.target_busy", FaultKind.Refused,
        What: $"Cannot start on {target}",
        Why: "another run on this machine is working on the same target",
        Remedy: "See it with: godwit status. Wait for it to end, or stop it; then run the command again.");

    public static Fault Damaged(string path, int line, string why) => new("journal.damaged", FaultKind.Broken,
        What: $"Cannot read the journal {path}",
        Why: $"line {line} is not a journal line ({why})",
        Remedy: "Restore the file, or undo by hand the changes that its readable lines record. Something other than "
            + "Godwit changed the file.");
}
