using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Targets;

internal static class TargetFaults
{
    /// <param name="meant">The likely target; null: unknown.</param>
    public static Fault TargetName(string text, string why, string? meant) => new(
        "load.target_name", FaultKind.Usage,
        What: $"--to {text} is not a target",
        Why: why,
        Remedy: (meant is null ? "" : $"Did you mean --to {meant}? ")
            + "Write it as heroku:APP, or heroku:APP/ATTACHMENT when the app has several databases.");

    public static Fault AppUnknown(string app) => new("load.app_unknown", FaultKind.Refused,
        What: $"Cannot find the Heroku app '{app}'",
        Why: "Heroku does not know it, or this token may not see it",
        Remedy: "Check the name with: heroku apps");

    public static Fault NoDatabase(string app) => new("load.no_database", FaultKind.Refused,
        What: $"The Heroku app '{app}' has no database",
        Why: "no Postgres add-on is attached to it, or the add-on is not provisioned",
        Remedy: $"Look with: heroku addons --app {app}. Order one with: heroku addons:create "
            + $"heroku-postgresql:essential-0 --app {app} --wait");

    public static Fault NoAttachment(string app, string attachment) => new("load.no_attachment", FaultKind.Refused,
        What: $"Cannot find the database '{attachment}' of {app}",
        Why: "the app has no Postgres attached under that name",
        Remedy: $"List the app's databases with: heroku pg:info --app {app}");

    public static Fault SeveralDatabases(string app, string named) => new("load.several_databases", FaultKind.Usage,
        What: $"{app} has several databases",
        Why: $"it is not clear which one is meant: {named}",
        Remedy: $"Name one: --to heroku:{app}/NAME");

    public static Fault NotAttached(string app, string addOn) => new("load.not_attached", FaultKind.Refused,
        What: $"Cannot log in to {addOn}",
        Why: $"{app} has no config var with its URL",
        Remedy: $"Attach it with: heroku addons:attach {addOn} --app {app}");

    public static Fault Gone(string app, string addOn) => new("load.gone", FaultKind.Broken,
        What: $"{addOn} of {app} no longer exists",
        Why: "it existed when this run began, and now Heroku does not know it or does not show it as provisioned",
        Remedy: $"Look with: heroku addons --app {app}. If it was destroyed, start a new run.");

    /// <param name="emptyLive">The other option that is needed, or none; with a full stop.</param>
    public static Fault NotEmpty(string app, string addOn, string use, string contents, string emptyLive) => new(
        "load.not_empty", FaultKind.Refused,
        What: $"{addOn} of {app} is not empty",
        Why: $"it holds {contents}; a restore deletes that; {use}",
        Remedy: $"To keep it, name another database or another app: --to heroku:{app}/NAME. "
            + $"If all of it may be lost, add --confirm {app}{emptyLive}");

    /// <param name="value">Of <c>--empty-live</c>, for the present contents.</param>
    /// <param name="stop">How to stop the writes: the end of a sentence.</param>
    public static Fault Live(
        string app, string addOn, string use, string contents, bool isOld, string value, string stop) => new(
        "load.live", FaultKind.Refused,
        What: $"Will not empty {addOn} of {app}: it is in use",
        Why: (isOld
            ? "the value of --empty-live is for other contents: the database was written to since, or it is another one"
            : "--confirm alone does not empty a database with live data")
            + $"; {use}; a restore deletes what is there: {contents}",
        Remedy: $"To keep it, name another database or another app: --to heroku:{app}/NAME. "
            + $"If all of it may be lost, make a backup (heroku pg:backups:capture {addOn} --app {app}), "
            + $"then add --confirm {app} --empty-live {value}. "
            + $"Each write to the database makes that value invalid{stop}");

    /// <param name="stop">Commands that stop the apps that use it; empty: none does.</param>
    public static Fault Emptied(
        string app, string addOn, string lost, string? holds, bool isStopped, string stop, string runId) => new(
        "load.emptied", FaultKind.Broken,
        What: $"{addOn} of {app} was emptied, and its former contents are not restored",
        Why: $"the run failed after it had emptied the database, as --empty-live allowed; before, it held {lost}; "
            + $"now it {(holds is null ? "does not answer" : $"holds {holds}")}"
            + (isStopped ? $". {app} stays in maintenance with its dynos stopped: this is its DATABASE_URL" : ""),
        Remedy: (stop.Length == 0 ? ""
                : $"First stop the apps that use it, and start them again when this is settled: {stop}. ")
            + $"Either finish the migration: godwit resume {runId}. "
            + $"Or restore a backup of {addOn}: heroku pg:backups --app {app} lists them; "
            + $"then heroku pg:backups:restore BACKUP {addOn} --app {app} --confirm {app}. "
            + $"Then roll back the rest: godwit rollback {runId}");

    public static Fault HoldsData(string target, string contents) => new("load.holds_data", FaultKind.Refused,
        What: $"{target} is not empty",
        Why: $"it holds {contents}, which this run did not copy or which changed since",
        Remedy: "Name an empty database, or empty this one yourself, then run the command again. "
            + "Outside Heroku, Godwit deletes only what the run itself copied.");

    public static Fault NotClaimed(string target) => new("load.not_claimed", FaultKind.Refused,
        What: $"Will not remove anything from {target}",
        Why: "this run has no record of the objects that the database had when it was empty",
        Remedy: "Empty the database yourself, then begin a new run.");

    public static Fault TargetLocked(PostgresAddress target, string who) => new("load.target_locked", FaultKind.Refused,
        What: $"Another run is working on {target}",
        Why: $"it holds Godwit's lock in that database: {who}",
        Remedy: "Wait for that run to end, or stop it; then run the command again.");
}
