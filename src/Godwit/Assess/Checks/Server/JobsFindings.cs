using Godwit.Faults;

namespace Godwit.Assess.Checks.Server;

internal static class JobsFindings
{
    public static Finding Cron(string count, string named) => new("assess.cron_jobs", Severity.Warning,
        What: $"{count} of pg_cron will not run at the target",
        Why: $"Heroku has no pg_cron, and its jobs are not moved: {named}",
        Remedy: "See what they do: SELECT jobid, schedule, command, active FROM cron.job; "
            + "Run each with psql \"$DATABASE_URL\" -c 'command', from a worker of the application "
            + "or from Heroku Scheduler: heroku addons:create scheduler:standard --app APP");

    public static Finding CronUnseen(string user, string grants) => new("assess.cron_unseen", Severity.Warning,
        What: "There may be jobs of pg_cron that will not run at the target",
        Why: $"the user {user} may not read all rows of cron.job",
        Remedy: "Ask an administrator to look: SELECT jobid, schedule, command, username FROM cron.job; "
            + $"Or let this user read the table:\n{grants}");

    public static Finding CronElsewhere(string database, string query) => new("assess.cron_elsewhere", Severity.Note,
        What: "Could not check the jobs of pg_cron",
        Why: $"this server keeps the jobs of all databases in its database {database}",
        Remedy: $"In that database, see whether some run in this one:\n{query}");

    public static Finding Partman(string what, string schema) => new("assess.partman", Severity.Warning,
        What: $"{what} will no longer be maintained by pg_partman",
        Why: "at the target no background worker or job of the server creates new partitions and drops old ones",
        Remedy: "Run its maintenance from Heroku Scheduler, at least daily: "
            + $"psql \"$DATABASE_URL\" -c 'CALL {schema}.run_maintenance_proc()'");
}
