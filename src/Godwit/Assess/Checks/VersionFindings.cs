namespace Godwit.Assess.Checks;

internal static class VersionFindings
{
    /// <summary>What a newer server dumps often loads into an older one; nobody promises it.</summary>
    public static IReadOnlyList<string> Acceptable { get; } = ["assess.source_newer", "assess.archive_too_new"];

    public static Finding SourceNewer(int source, string target) => new("assess.source_newer", Severity.Blocker,
        What: $"The source runs PostgreSQL {source}, which is newer than the target",
        Why: $"{target}, and PostgreSQL does not promise that an older server takes what a newer one dumps",
        Remedy: "Rehearse it against an add-on of its own: a schema without anything new usually loads. Then run with --accept assess.source_newer; the restore's own "
            + "warnings and the comparison afterwards still stop the run if something is missing. See what Heroku offers now at https://devcenter.heroku.com/articles/heroku-postgres-version-support.");

    public static Finding ArchiveTooNew(string dumper, string format, int target, int wanted) => new("assess.archive_too_new", Severity.Blocker,
        What: $"The target could not read what {dumper} writes",
        Why: $"its archives have the format {format}, and pg_restore of PostgreSQL {target} knows older ones only: it would say 'unsupported version ({format}) in file header'",
        Remedy: $"Install the pg_dump of PostgreSQL {wanted} beside it, and Godwit takes that one: sudo apt install postgresql-client-{wanted} (from https://apt.postgresql.org), "
            + $"or name the folder that holds it with GODWIT_PG_BIN_{wanted}.");

    public static Finding SourceEnds(int major, string when, string advice) => new("assess.source_end_of_life", Severity.Warning,
        What: $"The source runs PostgreSQL {major}, which its makers stop mending",
        Why: $"it {when}: holes found later stay open",
        Remedy: $"{advice} The dates are at https://www.postgresql.org/support/versioning/.");

    public static Finding TargetEnds(int major, string day, string asOf, int wanted, string app) => new("assess.target_end_of_life", Severity.Warning,
        What: $"The target runs PostgreSQL {major}, which Heroku retires",
        Why: $"as published in {asOf} it ends there by {day}, and Heroku upgrades what is left by itself",
        Remedy: $"Move to a newer add-on instead, which saves a second move: heroku addons:create heroku-postgresql:PLAN --app {app} -- --version {wanted}");

    public static Finding Upgrade(int source, int target, int majors) => new("assess.upgrade", Severity.Note,
        What: $"The move is an upgrade over {majors} major {(majors == 1 ? "version" : "versions")}, from PostgreSQL {source} to {target}",
        Why: "functions, plans and defaults differ between majors, whoever moves the data",
        Remedy: $"Run the application's tests against PostgreSQL {target} before, and read what changed at https://www.postgresql.org/docs/{target}/release.html.");
}
