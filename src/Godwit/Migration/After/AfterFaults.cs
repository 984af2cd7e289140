using Godwit.Faults;

namespace Godwit.Migration.After;

internal static class AfterFaults
{
    public static Fault NotProven(string runId, string how) => new("after.not_proven", FaultKind.Refused,
        What: $"The run {runId} has no list of what is left to do",
        Why: $"the list is made when a migration is proven, and this one is not: {how}",
        Remedy: $"See how far it came: godwit status {runId}. Then finish it with: godwit resume {runId}");

    public static Fault Rehearsal(string runId) => new("after.rehearsal", FaultKind.Refused,
        What: $"The run {runId} has no list of what is left to do",
        Why: "it was a rehearsal: nothing was cut over, and everything made for it is removed again",
        Remedy: "Start the migration itself with the same flags: godwit migrate …");

    public static Fault NotHeroku(string runId, string target) => new("after.not_heroku", FaultKind.Usage,
        What: $"Cannot work on backups, schedules or attachments of {target}",
        Why: $"the run {runId} filled it, and it is not a Heroku database",
        Remedy: "Set them up at the database's provider. To list the remaining tasks, leave out these flags: "
            + $"godwit after {runId}");

    public static Fault NotInUse(string runId, string app, string addOn) => new("after.not_in_use", FaultKind.Refused,
        What: $"The list of what is left after the run {runId} is out of date",
        Why: $"DATABASE_URL of {app} is not {addOn}, the database that the run filled",
        Remedy: $"See what {app} uses: heroku pg:info --app {app}. List the runs with: godwit status");

    public static Fault NoBackups(string addOn, string plan) => new("after.no_backups", FaultKind.Refused,
        What: $"Heroku cannot make PGBackups of {addOn}",
        Why: $"databases on {plan} have no PGBackups",
        Remedy: "Rely on Heroku's continuous protection, and make dumps of your own: "
            + "godwit dump --from env:DATABASE_URL --to s3://BUCKET/NAME");

    public static Fault BackupFailed(string backup, string app, string runId, string said) => new(
        "after.backup_failed", FaultKind.Broken,
        What: $"Heroku's backup {backup} of {app} failed",
        Why: said,
        Remedy: $"Read its log: heroku pg:backups:info {backup} --app {app}. "
            + $"Then try again: godwit after {runId} --backup");

    public static Fault BackupUnseen(string app, string runId, Fault cause) => new(
        "after.backup_unseen", FaultKind.Transient,
        What: $"Cannot tell how the backup of {app} ended",
        Why: $"{cause.What}: {cause.Why}",
        Remedy: "The backup may continue at Heroku. The same command looks for it before it starts another: "
            + $"godwit after {runId} --backup");

    public static Fault ScheduledOtherwise(string app, string name, string at, string runId, string wanted) => new(
        "after.scheduled_otherwise", FaultKind.Refused,
        What: $"Will not schedule a second daily backup of {app}",
        Why: $"there is one already, at {at}",
        Remedy: $"To move it, remove it first: heroku pg:backups:unschedule {name} --app {app}. "
            + $"Then: godwit after {runId} --schedule-backups '{wanted}'");

    public static Fault NotScheduled(string app, string runId, string wanted, string why) => new(
        "after.not_scheduled", FaultKind.Transient,
        What: $"Cannot tell whether daily backups of {app} are scheduled",
        Why: why,
        Remedy: $"Look with: heroku pg:backups:schedules --app {app}. To try again, run this, which checks first: "
            + $"godwit after {runId} --schedule-backups '{wanted}'");

    public static Fault EnvFileForeign(string path) => new("after.env_file_foreign", FaultKind.Refused,
        What: $"Will not remove {path}",
        Why: "its first line does not say that this run wrote it, or it cannot be read",
        Remedy: $"Check whose file it is, then remove it yourself: rm {ShellWord.Of(path)}");

    public static Fault EnvFileStays(string path, string why) => new("after.env_file_stays", FaultKind.Broken,
        What: $"Cannot remove {path}, which holds the new database's password",
        Why: why,
        Remedy: $"Remove it yourself: rm {ShellWord.Of(path)}");

    public static Fault AttachmentStays(string names, string app) => new("after.attachment_stays", FaultKind.Broken,
        What: $"Could not detach {names} from {app}",
        Why: "Heroku accepted it and still shows the name",
        Remedy: $"Look with: heroku addons --app {app}. Then detach it with: heroku addons:detach {names} --app {app}");
}
