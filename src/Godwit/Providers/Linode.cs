using System.Text.RegularExpressions;

namespace Godwit.Providers;

/// <remarks>The current platform has Akamai's host names. The former one had its own administrator,
/// linpostgres.</remarks>
internal static partial class Linode
{
    public static Provider Provider { get; } = new()
    {
        Name = "linode",
        Title = "Linode (Akamai)",
        Host = HostName(),
        Roles = ["akmadmin", "linpostgres"],
        SettingPrefixes = AivenFamily.SettingPrefixes,
        Extensions = AivenFamily.Extensions,
        Lacks = ["a superuser", "a backup on demand with every plan: backups are daily"],
        EndPoints =
        [
            new(EndPointKind.Private, at => PrivateName().IsMatch(at.Host),
                "its host is a name of the provider's own network",
                at => at.Host.Replace("-private.", ".", StringComparison.OrdinalIgnoreCase)),
            AivenFamily.Replica,
        ],
        Remedies = AivenFamily.Remedies("Cloud Manager",
            "Let this machine's address in; the command replaces the list, so name those that are in it too, each with "
                + "an --allow_list of its own: linode-cli databases postgresql-update ID --allow_list ADDRESS/32 "
                + "--allow_list OTHER_ADDRESS",
            close: new("Take this machine's address out of the access list; the command replaces the list, so name "
                + "those that stay, each with an --allow_list of its own.",
                "linode-cli databases postgresql-update ID --allow_list OTHER_ADDRESS"),
            delete: "linode-cli databases postgresql-delete ID",
            backup: "Where your plan offers it, start a backup in Cloud Manager (the database cluster, "
                + "Backups) and see it finished; else see there that the newest daily one is recent."),
        NoiseSettings = AivenFamily.NoiseSettings,
        Store = new("Linode Object Storage", "https://REGION-1.linodeobjects.com", "linode"),
    };

    [GeneratedRegex(@"\.(akamaidb\.net|servers\.linodedb\.net)$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex HostName();

    [GeneratedRegex(@"-private\.servers\.linodedb\.net$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex PrivateName();
}
