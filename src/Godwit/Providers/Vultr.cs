using System.Text.RegularExpressions;

namespace Godwit.Providers;

internal static partial class Vultr
{
    public static Provider Provider { get; } = new()
    {
        Name = "vultr",
        Title = "Vultr",
        Host = HostName(),
        Roles = ["vultradmin"],
        SettingPrefixes = AivenFamily.SettingPrefixes,
        Extensions = AivenFamily.Extensions,
        Lacks = AivenFamily.Lacks,
        EndPoints = [AivenFamily.Replica],
        Remedies = AivenFamily.Remedies("Vultr's control panel",
            "Add this machine's address to the database's trusted sources in Vultr's control panel, and use its public "
                + "host if it is in a VPC.",
            close: new("Remove this machine's address from the database's trusted sources: Vultr's control panel, the "
                + "database, Overview."),
            delete: "vultr-cli database delete ID"),
        NoiseSettings = AivenFamily.NoiseSettings,
        Store = new("Vultr Object Storage", "https://SITE1.vultrobjects.com", "vultr"),
    };

    [GeneratedRegex(@"\.vultrdb\.com$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex HostName();
}
