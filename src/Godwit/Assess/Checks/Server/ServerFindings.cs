using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Assess.Checks.Server;

internal static class ServerFindings
{
    public static Finding TooOld(PostgresAddress source, int major) => new("assess.too_old", Severity.Blocker,
        What: $"Cannot move {source}",
        Why: $"it runs PostgreSQL {major}, and Godwit needs 12 or later",
        Remedy: "Upgrade it at its provider first. "
            + "Heroku advises the same, to keep problems of the upgrade and of the move apart.");

    public static Finding PgDumpOlder(string dumper, int major, Version server) => new(
        "assess.pg_dump_older", Severity.Note,
        What: $"{dumper} is older than the source, which runs PostgreSQL {server}",
        Why: "this pg_dump writes internal options of newer minor releases, such as the column option pg_attver, "
            + "into the dump, and older servers refuse them",
        Remedy: "Godwit leaves these options out and lists them. "
            + "Archives that you make with this pg_dump yourself contain them: remove them with "
            + "godwit archive filter ARCHIVE --to NEW, and update pg_dump: "
            + "sudo apt update && sudo apt install --only-upgrade "
            + $"postgresql-client-{major}. If a newer pg_dump is elsewhere, set GODWIT_PG_BIN_{major} to its folder.");
}
