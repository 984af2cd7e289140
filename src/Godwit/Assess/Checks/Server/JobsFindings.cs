using Godwit.Faults;

namespace Godwit.Assess.Checks.Server;

internal static class JobsFindings
{
    public static Finding Cron(string count, string named, bool isForHeroku) => new(
        "assess.cron_jobs", Severity.Warning,
        What: $"{count} of pg_cron will not run at the target",
        Why: (isForHeroku ? "Heroku has no pg_cron, and its jobs are not moved: "
            : "jobs of pg_cron are not moved: ") + named,
        Remedy: "See what they do: SELECT jobid, schedule, command, active FROM cron.job; " + (isForHeroku
            ? "Run each with psql \"$DATABASE_URL\" -c 'command', from a worker of the application "
                + "or from Heroku Scheduler: heroku addons:create scheduler:standard --app APP"
            : "If the target has pg_cron, schedule each there: SELECT cron.schedule('schedule', 'command'); "
                + "Otherwise run each with psql -c 'command' from a scheduler of your own."));

    /// <param name="grants">Null: the user may read the table, and row security hides other users' jobs.</param>
    public static Finding CronUnseen(string user, string? grants) => new("assess.cron_unseen", Severity.Warning,
        What: "There may be jobs of pg_cron that will not run at the target",
        Why: grants is null ? $"the user {user} sees only its own rows of cron.job"
            : $"the user {user} may not read cron.job",
        Remedy: "Ask an administrator to look: SELECT jobid, schedule, command, username FROM cron.job;"
            + (grants is null ? "" : $" Or let this user read the table:\n{grants}"));

    public static Finding CronElsewhere(string database, string query) => new("assess.cron_elsewhere", Severity.Note,
        What: "Could not check the jobs of pg_cron",
        Why: $"this server keeps the jobs of all databases in its database {database}",
        Remedy: $"In that database, see whether some run in this one:\n{query}");

    public static Finding Partman(string what, string schema, bool isForHeroku) => new(
        "assess.partman", Severity.Warning,
        What: $"{what} will no longer be maintained by pg_partman",
        Why: "at the target no background worker or job of the server creates new partitions and drops old ones",
        Remedy: $"Run its maintenance from {(isForHeroku ? "Heroku Scheduler" : "a scheduler of your own")}, "
            + "at least daily: "
            + $"psql \"$DATABASE_URL\" -c 'CALL {schema}.run_maintenance_proc()'");
}
