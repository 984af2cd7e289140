using Godwit.Faults;

namespace Godwit.Assess.Checks.Server;

internal static class VersionFindings
{
    /// <summary>An older server often accepts a newer one's dump, but without a guarantee.</summary>
    public static IReadOnlyList<string> Acceptable { get; } = ["assess.source_newer", "assess.archive_too_new"];

    public static Finding SourceNewer(int source, string target) => new("assess.source_newer", Severity.Blocker,
        What: $"The source runs PostgreSQL {source}, which is newer than the target",
        Why: $"{target}, and PostgreSQL does not guarantee that an older server accepts a newer server's dump",
        Remedy: "Rehearse into a separate add-on: a schema without new features usually loads. "
            + "Then run with --accept assess.source_newer; the restore's warnings "
            + "and the comparison still stop the run if something is missing. "
            + "See what Heroku offers now at https://devcenter.heroku.com/articles/heroku-postgres-version-support.");

    public static Finding ArchiveTooNew(string dumper, string format, int target, int wanted) => new(
        "assess.archive_too_new", Severity.Blocker,
        What: $"The target cannot read the archives of {dumper}",
        Why: $"they have the format {format}, and pg_restore of PostgreSQL {target} reads only older ones: it "
            + $"would fail with 'unsupported version ({format}) in file header'",
        Remedy: $"Install the pg_dump of PostgreSQL {wanted} as well, and Godwit uses it: "
            + $"sudo apt install postgresql-client-{wanted} (from https://apt.postgresql.org), "
            + $"or set GODWIT_PG_BIN_{wanted} to the folder that holds it.");

    public static Finding SourceNotOffered(int source, int target, string offered, string asOf) => new(
        "assess.source_not_offered", Severity.Warning,
        What: $"The source runs PostgreSQL {source}, which Heroku no longer offers",
        Why: $"as published in {asOf}, Heroku still offers {offered}; the new database gets {target}, "
            + "so the move is also an upgrade, and later problems may come from either",
        Remedy: "Upgrade at the provider first, as Heroku's guides advise. Or let the move be the upgrade, and test "
            + "the application against that version before. To order another version for the new database: "
            + "--pg-version MAJOR");

    public static Finding PgVersion(int asked, string target, int runs) => new("assess.pg_version", Severity.Blocker,
        What: $"The target does not run PostgreSQL {asked}",
        Why: $"--pg-version is only for a database that Godwit orders, and {target} exists already, "
            + $"with PostgreSQL {runs}",
        Remedy: "Leave --pg-version out, or name an app without a database, or another attachment, with --to.");

    public static Finding SourceEnds(int major, string when, string advice) => new(
        "assess.source_end_of_life", Severity.Warning,
        What: $"The source runs PostgreSQL {major}, which is at the end of its support",
        Why: $"PostgreSQL {major} {when}: security holes found later are not fixed",
        Remedy: $"{advice} The dates are at https://www.postgresql.org/support/versioning/.");

    public static Finding TargetEnds(int major, string day, string asOf, int wanted, string app) => new(
        "assess.target_end_of_life", Severity.Warning,
        What: $"The target runs PostgreSQL {major}, which Heroku retires",
        Why: $"as published in {asOf}, Heroku ends it by {day}, and then upgrades the remaining databases itself",
        Remedy: "Move to an add-on with a newer version, which saves a second move: heroku addons:create "
            + $"heroku-postgresql:PLAN --app {app} -- --version {wanted}");

    public static Finding Upgrade(int source, int target, int majors) => new("assess.upgrade", Severity.Note,
        What: $"The move is an upgrade over {majors} major {(majors == 1 ? "version" : "versions")}, "
            + $"from PostgreSQL {source} to {target}",
        Why: "functions, query plans and defaults differ between majors, however the data is moved",
        Remedy: $"Before the move, run the application's tests against PostgreSQL {target}, and read what changed at "
            + $"https://www.postgresql.org/docs/{target}/release.html.");
}
