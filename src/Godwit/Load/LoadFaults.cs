using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Load;

internal static class LoadFaults
{
    public static Fault NoApp(string app) => new("load.no_app", FaultKind.Refused,
        What: $"Cannot find the Heroku app '{app}'",
        Why: "Heroku does not know it, or this token may not see it",
        Remedy: "Check the name with: heroku apps. To have Godwit create the app: godwit migrate … --create-app");

    public static Fault NoPlanFits(string needed) => new("load.no_plan_fits", FaultKind.Refused,
        What: "No Heroku plan that Godwit knows is large enough",
        Why: $"the source needs {needed}",
        Remedy: "Ask Heroku which plan to take and name it with --plan.");

    public static Fault PlanTooSmall(
        string app, string addOn, string plan, string has, string needed, string fitting) =>
        new("load.plan_too_small", FaultKind.Refused,
            What: $"{addOn} is too small for the source",
            Why: $"its plan {plan} holds {has}, and the source has {needed}",
            Remedy: $"Move it to a larger plan first (heroku addons:upgrade {addOn} heroku-postgresql:{fitting} --app "
                + $"{app}), or name another database.");

    public static Fault ExtensionsRefused(string addOn, string named) => new(
        "load.extensions_refused", FaultKind.Refused,
        What: $"{addOn} cannot have all extensions of the source",
        Why: $"Heroku does not offer: {named}",
        Remedy: "At the source, change the objects that need them and drop the extensions; `godwit assess` names all "
            + "of these, with the statements. To do without them, add --accept load.extensions_refused; these objects "
            + "will then be missing, and the restore will warn.");

    public static Fault ExtensionsNotHere(string named, string install) => new(
        "load.extensions_not_here", FaultKind.Refused,
        What: "Extensions that the source needs are not installed on this machine",
        Why: "Heroku offers them, but the local Heroku of this rehearsal uses this machine's PostgreSQL, which does "
            + $"not have them: {named}",
        Remedy: "Nothing has to change at the source, and no restart is needed. Packages that Debian lacks are at "
            + $"apt.postgresql.org. Install them as root, then run the command again:\n{install}");

    public static Fault ExtensionRowsRefused(string addOn, string named, string why) => new(
        "load.extension_rows_refused", FaultKind.Refused,
        What: $"{addOn} does not accept your rows in tables of extensions ({named})",
        Why: why,
        Remedy: "Ask Heroku's support to let the database's owner write to these tables, or delete rows at the source "
            + "that nothing uses; then run the command again. If the user of --from may not read a table, grant that "
            + "first; `godwit assess` prints the statements. To leave the rows out, add "
            + "--accept load.extension_rows_refused; whatever relies on them will fail at the target.");

    public static Fault LinkUnreachable(string host) => new("load.link_loopback", FaultKind.Refused,
        What: "Heroku could not fetch the dump",
        Why: $"the store's link points to {host}, which only this machine can reach",
        Remedy: "Use a bucket (--via s3://…), or give the address under which the internet reaches this machine "
            + "with --disk-public-url.");

    public static Fault LinkBroken(string store, string why) => new("load.link_broken", FaultKind.Refused,
        What: $"The signed link of {store} does not return the dump",
        Why: why,
        Remedy: "If the answer is 403, check the store's clock, region and endpoint: they may differ from those that "
            + "the link was signed with. Then run: godwit resume.");

    public static Fault OtherRestore(string app, string transfer) => new("load.other_restore", FaultKind.Refused,
        What: $"Cannot restore into {app} now",
        Why: $"another restore or copy is running there ({transfer})",
        Remedy: $"Wait for it (heroku pg:backups --app {app}) or cancel it (heroku pg:backups:cancel --app {app}); "
            + "then run: godwit resume.");

    public static Fault RestoreFailed(string app, string transfer, string logs) => new(
        "load.restore_failed", FaultKind.Broken,
        What: $"Heroku's restore {transfer} into {app} failed",
        Why: logs,
        Remedy: $"See the whole log with: heroku pg:backups:info {transfer} --app {app}. Remove the cause; then run: "
            + "godwit resume.");

    public static Fault RestoreWarned(string app, string transfer, int warnings, string logs) => new(
        "load.restore_warnings", FaultKind.Refused,
        What: $"Heroku's restore {transfer} into {app} skipped {warnings} statements",
        Why: logs,
        Remedy: "Change the source so that these statements succeed. If you can do without them, add "
            + "--accept load.restore_warnings. Then run: godwit resume. "
            + "Heroku calls this a success, but something of your database is missing.");

    public static Fault SourceItself(PostgresAddress source) => new("load.source_itself", FaultKind.Refused,
        What: "Will not restore over the source itself",
        Why: $"the target is {source} as well; a restore would delete the only copy",
        Remedy: "Check --from and --to.");
}
