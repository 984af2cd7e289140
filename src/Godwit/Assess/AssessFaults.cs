using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Assess;

internal static class AssessFaults
{
    public static Fault Blocked(PostgresAddress source, IEnumerable<string> reasons, IEnumerable<string> remedies) => new("assess.blocked", FaultKind.Refused,
        What: $"Will not move {source} as it is",
        Why: string.Join("; ", reasons),
        Remedy: $"{string.Join('\n', remedies)}");

    public static Fault NoBackup() => new("assess.no_backup", FaultKind.Refused,
        What: "Will not touch a source without a backup",
        Why: "Godwit cannot see your provider's backups, and nobody said that there is one",
        Remedy: "Take a backup or snapshot at your provider, see it finished, then add --i-have-a-backup.");
}
