using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Assess.Checks.Server;

internal static class ServerFindings
{
    public static Finding TooOld(PostgresAddress source, int major) => new("assess.too_old", Severity.Blocker,
        What: $"Cannot move {source}",
        Why: $"it runs PostgreSQL {major}, and Godwit moves from 12 on",
        Remedy: "Upgrade it at its provider first; "
            + "Heroku advises the same, so that trouble of the upgrade and of the move do not mix.");

    public static Finding PgDumpOlder(string dumper, int major, Version server) => new(
        "assess.pg_dump_older", Severity.Note,
        What: $"{dumper} is older than the source, which runs PostgreSQL {server}",
        Why: "it takes what a newer minor release keeps for itself, such as the column option pg_attver, "
            + "for a part of your schema, and older servers refuse that",
        Remedy: "Godwit leaves such options out and lists them. "
            + "Archives that you make with this pg_dump yourself have them: mend those with "
            + "godwit archive filter ARCHIVE --to NEW, and update pg_dump: "
            + "sudo apt update && sudo apt install --only-upgrade "
            + $"postgresql-client-{major}. A newer pg_dump elsewhere is named by its folder: GODWIT_PG_BIN_{major}.");
}
