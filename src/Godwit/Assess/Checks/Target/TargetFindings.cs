using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Assess.Checks.Target;

internal static class TargetFindings
{
    public static Finding SameDatabase(PostgresAddress source) => new("assess.same_database", Severity.Blocker,
        What: "Source and target are the same database",
        Why: $"both lead to {source}; a restore would delete the only copy",
        Remedy: "Check --from and --to.");

    public static Finding NoTarget() => new("assess.no_target", Severity.Note,
        What: "No target was checked",
        Why: "you named none",
        Remedy: "Name it to have its extensions, plan and contents checked too: --to heroku:APP");

    /// <param name="emptyLive">A further option that is needed, or none; with a full stop.</param>
    /// <param name="app">Null: the target is no app's.</param>
    public static Finding NotEmpty(string target, string use, string contents, string? app, string emptyLive) => new(
        "assess.target_not_empty", Severity.Blocker,
        What: $"{target} is not empty",
        Why: $"it holds {contents}; a restore deletes that; {use}",
        Remedy: app is null
            ? "Name an empty database, or empty this one yourself: Godwit empties only databases at Heroku."
            : "To keep it, name another database or another app. "
                + $"If all of it may be lost, migrate with --confirm {app}{emptyLive}");

    /// <param name="value">For <c>--empty-live</c>; fits the present contents.</param>
    /// <param name="stop">How to stop the writes: the end of a sentence.</param>
    public static Finding Live(
        string app, string addOn, string use, string contents, bool isOld, string value, string stop) => new(
        "assess.target_live", Severity.Blocker,
        What: $"{addOn} of {app} is in use, and would be emptied",
        Why: (isOld
            ? "the value of --empty-live is for other contents: the database was written to since, or it is another one"
            : "--confirm alone does not empty a database with live data")
            + $"; {use}; a restore deletes what is there: {contents}",
        Remedy: $"To keep it, name another database or another app: --to heroku:{app}/NAME. "
            + $"If all of it may be lost, make a backup (heroku pg:backups:capture {addOn} --app {app}), "
            + $"then migrate with --confirm {app} --empty-live {value}. "
            + $"Each write to the database makes that value invalid{stop}");

    public static Finding ReadOnly(string target, string database) => new("assess.target_read_only", Severity.Blocker,
        What: $"{target} is read-only",
        Why: "it is a standby, or its default_transaction_read_only is on: every statement of a restore would fail",
        Remedy: "Name the primary. If the setting is a leftover, let the owner run: "
            + $"BEGIN READ WRITE; ALTER DATABASE {database} RESET default_transaction_read_only; COMMIT;");

    public static Finding NoRight(string target, string user, string grants) => new(
        "assess.target_rights", Severity.Blocker,
        What: $"The user {user} may not create objects in {target}",
        Why: "it lacks rights on the database or on the schema public",
        Remedy: $"Log in as the database's owner, or let the owner run: {grants};");

    public static Finding NoApp(string app) => new("assess.no_app", Severity.Warning,
        What: $"There is no app '{app}'",
        Why: "Heroku does not know it, or this token may not see it",
        Remedy: $"If it is to be created, migrate with --create-app. Otherwise check the name with: heroku apps");

    public static Finding NotReady(string addOn, string app, string state) => new(
        "assess.target_not_ready", Severity.Note,
        What: $"{addOn} of {app} could not be checked",
        Why: $"its state at Heroku is '{state}'",
        Remedy: "A migration waits for it. To check its versions and extensions before, assess again once it is "
            + "ready. This command waits for that: "
            + $"heroku addons:wait {addOn} --app {app}");

    public static Finding Maintenance(string app) => new("assess.maintenance", Severity.Note,
        What: $"{app} is in maintenance already",
        Why: "somebody has switched it on; Godwit leaves it on after the move",
        Remedy: $"When all is well, switch it off with: heroku maintenance:off --app {app}");

    public static Finding OtherPrimary(string app, string addOn) => new("assess.other_primary", Severity.Note,
        What: $"{app} uses {addOn} today",
        Why: "its DATABASE_URL points to that database; "
            + "the cut-over points it to the target, and the rows of the old database stay there",
        Remedy: $"If you need the rows of {addOn}, name that database as the source, in --from.");
}
