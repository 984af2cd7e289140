using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Assess;

internal static class AssessFaults
{
    public static Fault Blocked(PostgresAddress source, IEnumerable<string> reasons, IEnumerable<string> remedies) =>
        new("assess.blocked", FaultKind.Refused,
            What: $"Will not move {source} as it is",
            Why: string.Join("; ", reasons),
            Remedy: $"{string.Join('\n', remedies)}");

    public static Fault PrivateName(PostgresAddress source, string provider, string said, string why, string instead) =>
        new("assess.private_name", FaultKind.Refused,
            What: $"Cannot connect to {source} at {provider} from here",
            Why: $"{why}; from here, {said}",
            Remedy: $"In --from, use {instead}.");

    public static Fault NetworkClosed(PostgresAddress source, string provider, string why, string remedy) => new(
        "assess.network_closed", FaultKind.Transient,
        What: $"Cannot connect to {source} at {provider}",
        Why: $"{why}; most often the provider does not let this machine in",
        Remedy: $"{remedy}");

    /// <param name="take">How to make a backup at the provider: a sentence.</param>
    public static Fault NoBackup(string take) => new("assess.no_backup", FaultKind.Refused,
        What: "Will not touch a source without a backup",
        Why: "Godwit cannot see your provider's backups, and you have not confirmed that one exists",
        Remedy: $"When a recent backup exists, go on with: godwit resume --i-have-a-backup. {take}");
}
