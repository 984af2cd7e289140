using Godwit.Faults;

namespace Godwit.Assess.Checks.Server;

internal static class VersionFindings
{
    /// <summary>An older server often accepts a newer one's dump, but without a guarantee.</summary>
    public static IReadOnlyList<string> Acceptable { get; } = ["assess.source_newer", "assess.archive_too_new"];

    public static Finding SourceNewer(int source, string target) => new("assess.source_newer", Severity.Blocker,
        What: $"The source runs PostgreSQL {source}, which is newer than the target",
        Why: $"{target}, and PostgreSQL does not promise that an older server takes what a newer one dumps",
        Remedy: "Rehearse it against an add-on of its own: a schema without anything new usually loads. "
            + "Then run with --accept assess.source_newer; the restore's own "
            + "warnings and the comparison afterwards still stop the run if something is missing. "
            + "See what Heroku offers now at https://devcenter.heroku.com/articles/heroku-postgres-version-support.");

    public static Finding ArchiveTooNew(string dumper, string format, int target, int wanted) => new(
        "assess.archive_too_new", Severity.Blocker,
        What: $"The target could not read what {dumper} writes",
        Why: $"its archives have the format {format}, and pg_restore of PostgreSQL {target} knows older ones only: it "
            + $"would say 'unsupported version ({format}) in file header'",
        Remedy: $"Install the pg_dump of PostgreSQL {wanted} beside it, and Godwit takes that one: "
            + $"sudo apt install postgresql-client-{wanted} (from https://apt.postgresql.org), "
            + $"or name the folder that holds it with GODWIT_PG_BIN_{wanted}.");

    public static Finding SourceNotOffered(int source, int target, string offered, string asOf) => new(
        "assess.source_not_offered", Severity.Warning,
        What: $"The source runs PostgreSQL {source}, which Heroku does not offer any more",
        Why: $"as published in {asOf}, of the versions Heroku has had it still offers {offered}; the new database "
            + $"gets {target}, so the move is an upgrade as well, and trouble afterwards may come of either",
        Remedy: "Heroku's guides advise to upgrade at the provider first. Or let the move be the upgrade, and test "
            + "the application against that version before; another version for the new database is ordered with: "
            + "--pg-version MAJOR");

    public static Finding PgVersion(int asked, string target, int runs) => new("assess.pg_version", Severity.Blocker,
        What: $"The target does not run PostgreSQL {asked}",
        Why: $"--pg-version is for a database that is ordered, and {target} is there already, with PostgreSQL {runs}",
        Remedy: "Leave --pg-version out, or name an app without a database, or another attachment, with --to.");

    public static Finding SourceEnds(int major, string when, string advice) => new(
        "assess.source_end_of_life", Severity.Warning,
        What: $"The source runs PostgreSQL {major}, which its makers stop mending",
        Why: $"it {when}: holes found later stay open",
        Remedy: $"{advice} The dates are at https://www.postgresql.org/support/versioning/.");

    public static Finding TargetEnds(int major, string day, string asOf, int wanted, string app) => new(
        "assess.target_end_of_life", Severity.Warning,
        What: $"The target runs PostgreSQL {major}, which Heroku retires",
        Why: $"as published in {asOf} it ends there by {day}, and Heroku upgrades what is left by itself",
        Remedy: "Move to a newer add-on instead, which saves a second move: heroku addons:create "
            + $"heroku-postgresql:PLAN --app {app} -- --version {wanted}");

    public static Finding Upgrade(int source, int target, int majors) => new("assess.upgrade", Severity.Note,
        What: $"The move is an upgrade over {majors} major {(majors == 1 ? "version" : "versions")}, "
            + $"from PostgreSQL {source} to {target}",
        Why: "functions, plans and defaults differ between majors, whoever moves the data",
        Remedy: $"Run the application's tests against PostgreSQL {target} before, and read what changed at "
            + $"https://www.postgresql.org/docs/{target}/release.html.");
}
