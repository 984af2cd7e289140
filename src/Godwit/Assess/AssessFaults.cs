using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Assess;

internal static class AssessFaults
{
    public static Fault TooOld(PostgresAddress source, int major) => new("assess.too_old", FaultKind.Refused,
        What: $"Cannot move {source}",
        Why: $"it runs PostgreSQL {major}, and Godwit moves from 12 on",
        Remedy: "Upgrade it at its provider first; Heroku advises the same, so that trouble of the upgrade and of the move do not mix.");

    public static Fault Standby(PostgresAddress source) => new("assess.standby", FaultKind.Refused,
        What: $"Cannot freeze {source}",
        Why: "it is a standby (a read replica), and writes are stopped at the primary",
        Remedy: "Give the primary's URL, or stop the writes yourself and use --no-freeze.");

    public static Fault SameDatabase(PostgresAddress source) => new("assess.same_database", FaultKind.Refused,
        What: "Source and target are the same database",
        Why: $"both lead to {source}; a restore would delete the only copy",
        Remedy: "Check --from and --to.");

    public static Fault Unreadable(string user, string named, string grant) => new("assess.unreadable", FaultKind.Refused,
        What: $"The user {user} may not read everything",
        Why: $"these tables are closed to it: {named}",
        Remedy: $"Let their owner run {grant} and, where it lacks it, GRANT USAGE on their schemas. Then run the command again.");

    public static Fault NoBackup() => new("assess.no_backup", FaultKind.Refused,
        What: "Will not touch a source without a backup",
        Why: "Godwit cannot see your provider's backups, and nobody said that there is one",
        Remedy: "Take a backup or snapshot at your provider, see it finished, then add --i-have-a-backup.");
}
