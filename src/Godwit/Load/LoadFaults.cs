using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Load;

internal static class LoadFaults
{
    public static Fault NoApp(string app) => new("load.no_app", FaultKind.Refused,
        What: $"Cannot find the Heroku app '{app}'",
        Why: "Heroku does not know it, or this token may not see it",
        Remedy: "Check the name with: heroku apps. To have it created, begin anew with: godwit migrate … --create-app");

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
        Remedy: "Change what needs them and drop them at the source; `godwit assess` names all of it, with the "
            + "statements. To go on without, add --accept load.extensions_refused; what needs them will be missing, "
            + "and the restore will warn.");

    public static Fault ExtensionsNotHere(string named, string install) => new(
        "load.extensions_not_here", FaultKind.Refused,
        What: "This machine has no package of extensions that the database needs",
        Why: "Heroku offers them; the Heroku of this rehearsal runs on this machine's PostgreSQL, which does not "
            + $"have them installed: {named}",
        Remedy: "Change nothing at the source. Install them on this machine, as root (what Debian itself does not "
            + $"have is at apt.postgresql.org); no restart is needed. Then run the command again:\n{install}");

    public static Fault ExtensionRowsRefused(string addOn, string named, string why) => new(
        "load.extension_rows_refused", FaultKind.Refused,
        What: $"{addOn} does not take rows of yours in extensions' own tables ({named})",
        Why: why,
        Remedy: "Ask Heroku's support to let the database's owner write into these tables, or delete rows that "
            + "nothing uses any more at the source; then run the command again. A table that the user of --from may "
            + "not read has to be opened to it first; an assessment has the statements. To go on without the rows, "
            + "add --accept load.extension_rows_refused; what relies on them will fail there.");

    public static Fault LinkUnreachable(string host) => new("load.link_loopback", FaultKind.Refused,
        What: "Heroku could not fetch the dump",
        Why: $"the store's link points to {host}, which only this machine can reach",
        Remedy: "Use a bucket (--via s3://…), or give the address under which the internet reaches this machine "
            + "with --disk-public-url.");

    public static Fault LinkBroken(string store, string why) => new("load.link_broken", FaultKind.Refused,
        What: $"The signed link of {store} does not give the dump",
        Why: why,
        Remedy: "If it says 403: the store's clock, region or endpoint may differ from what was signed with. Check "
            + "them; then go on with: godwit resume.");

    public static Fault OtherRestore(string app, string transfer) => new("load.other_restore", FaultKind.Refused,
        What: $"Cannot restore into {app} now",
        Why: $"another restore or copy is running there ({transfer})",
        Remedy: $"Wait for it (heroku pg:backups --app {app}) or cancel it (heroku pg:backups:cancel --app {app}); "
            + "then go on with: godwit resume.");

    public static Fault RestoreFailed(string app, string transfer, string logs) => new(
        "load.restore_failed", FaultKind.Broken,
        What: $"Heroku's restore {transfer} into {app} failed",
        Why: logs,
        Remedy: $"See all of it with: heroku pg:backups:info {transfer} --app {app}. Remove the cause; then go on "
            + "with: godwit resume.");

    public static Fault RestoreWarned(string app, string transfer, int warnings, string logs) => new(
        "load.restore_warnings", FaultKind.Refused,
        What: $"Heroku's restore {transfer} into {app} skipped {warnings} statements",
        Why: logs,
        Remedy: "Heroku calls this a success; something of your database is missing. Change the source so that it "
            + "does not occur. If you can do without, add --accept load.restore_warnings. Then go on with: godwit "
            + "resume.");

    public static Fault SourceItself(PostgresAddress source) => new("load.source_itself", FaultKind.Refused,
        What: "Will not restore over the source itself",
        Why: $"the target leads to {source} as well; a restore would delete the only copy",
        Remedy: "Check --from and --to.");
}
