using Godwit.Faults;

namespace Godwit.Assess.Checks.Server;

internal static class JobsFindings
{
    public static Finding Cron(string count, string named) => new("assess.cron_jobs", Severity.Warning,
        What: $"{count} of pg_cron will not run any more",
        Why: $"Heroku has no pg_cron, and nothing of its jobs is moved: {named}",
        Remedy: "See what they do: SELECT jobid, schedule, command, active FROM cron.job; "
            + "Run each from Heroku Scheduler, as psql \"$DATABASE_URL\" -c 'command', "
            + "or from a worker of the application: heroku addons:create scheduler:standard --app APP");

    public static Finding CronUnseen(string user, string grants) => new("assess.cron_unseen", Severity.Warning,
        What: "There may be jobs of pg_cron that will not run any more",
        Why: $"the user {user} may not see all of cron.job",
        Remedy: "Ask an administrator to look: SELECT jobid, schedule, command, username FROM cron.job; "
            + $"Or let this user see the table:\n{grants}");

    public static Finding CronElsewhere(string database, string query) => new("assess.cron_elsewhere", Severity.Note,
        What: "Jobs of pg_cron could not be looked at",
        Why: $"this server keeps those of all databases in its database {database}",
        Remedy: $"See there whether some are for this one:\n{query}");

    public static Finding Partman(string what, string schema) => new("assess.partman", Severity.Warning,
        What: $"{what} will not be looked after by pg_partman any more",
        Why: "at the target no background worker or job of the server makes new partitions and drops old ones",
        Remedy: "Run its upkeep from Heroku Scheduler, at least daily: "
            + $"psql \"$DATABASE_URL\" -c 'CALL {schema}.run_maintenance_proc()'");
}
