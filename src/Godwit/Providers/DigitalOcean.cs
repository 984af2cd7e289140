using System.Text.RegularExpressions;

namespace Godwit.Providers;

internal static partial class DigitalOcean
{
    private const int PoolerPort = 25061;

    public static Provider Provider { get; } = new()
    {
        Name = "digitalocean",
        Title = "DigitalOcean",
        Host = HostName(),
        Roles = ["doadmin"],
        SettingPrefixes = AivenFamily.SettingPrefixes,
        Extensions = AivenFamily.Extensions,
        Databases = ["_dodb"],
        Lacks = AivenFamily.Lacks,
        EndPoints =
        [
            new(EndPointKind.Pooler, at => at.Port == PoolerPort,
                $"port {PoolerPort} is that of its connection pools, where the database's name is a pool's",
                at => $"port 25060 of {at.Host} and the database's own name"),
            new(EndPointKind.Private, at => at.Host.StartsWith("private-", StringComparison.OrdinalIgnoreCase),
                "its host is a name of the VPC", at => at.Host["private-".Length..]),
            AivenFamily.Replica,
        ],
        Remedies = AivenFamily.Remedies(
            "DigitalOcean's control panel",
            "Add this machine's address to the trusted sources. A cluster that has none is open to everybody, and the "
                + "first one shuts out all others, so add your applications too: doctl databases firewalls append ID "
                + "--rule ip_addr:ADDRESS",
            close: new("Remove this machine's address from the trusted sources: the first command lists them with "
                + "their ids. Without any trusted source the cluster is open to everybody.",
                "doctl databases firewalls list ID", "doctl databases firewalls remove ID --uuid RULE"),
            delete: "doctl databases delete ID"),
        NoiseSettings = AivenFamily.NoiseSettings,
        Store = new("Spaces", "https://REGION.digitaloceanspaces.com", "spaces"),
    };

    [GeneratedRegex(@"\.db\.ondigitalocean\.com$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex HostName();
}
