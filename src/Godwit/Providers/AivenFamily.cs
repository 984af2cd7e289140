namespace Godwit.Providers;

/// <summary>Shared by Aiven and the four providers on its platform: Linode, UpCloud, DigitalOcean, Vultr. Host names
/// and the administrator's role tell them apart. https://aiven.io/docs/products/postgresql</summary>
internal static class AivenFamily
{
    /// <summary>Gives ordinary roles some rights of the superuser.</summary>
    public static IReadOnlyList<string> Extensions { get; } = ["aiven_extras"];

    public static IReadOnlyList<string> SettingPrefixes { get; } = ["aiven"];

    public static IReadOnlyList<string> NoiseSettings { get; } = ["aiven.", "extwlist.", "pg_stat_monitor."];

    public static IReadOnlyList<string> Lacks { get; } = ["a superuser",
        "a backup on demand: backups are daily, with the log in between"];

    public const string ReadOnlyWhenFull =
        "It is set when the disk is nearly full: enlarge the disk or delete data, and it is lifted.";

    /// <summary>A replica's host name starts with <c>replica-</c> or <c>public-replica-</c>.</summary>
    public static EndPointRule Replica { get; } = new(EndPointKind.ReadOnly,
        at => at.Host.StartsWith("replica-", StringComparison.OrdinalIgnoreCase)
            || at.Host.StartsWith("public-replica-", StringComparison.OrdinalIgnoreCase),
        "its host is a replica's",
        at => at.Host.Remove(at.Host.IndexOf("replica-", StringComparison.OrdinalIgnoreCase), "replica-".Length));

    /// <param name="network">How to open it; whole sentences.</param>
    /// <param name="backup">How to make one; whole sentences. Null: none on demand.</param>
    /// <param name="delete">The command.</param>
    public static ProviderRemedies Remedies(
        string console, string network, ProviderTask close, string delete,
        string? backup = null) => new()
        {
            TakeBackup = _ => backup ?? $"There is no backup on demand: see in {console} that the newest daily one, or "
                + "the time you could go back to, is recent.",
            OpenNetwork = _ => network,
            CloseNetwork = _ => close,
            DeleteDatabase = _ => new(
                $"Turn off termination protection in {console} if it is on. The backups are deleted with the server.",
                delete),
            LiftReadOnly = ReadOnlyWhenFull,
        };
}
