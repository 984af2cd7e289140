using System.Text.RegularExpressions;

namespace Godwit.Providers;

internal static partial class UpCloud
{
    public static Provider Provider { get; } = new()
    {
        Name = "upcloud",
        Title = "UpCloud",
        Host = HostName(),
        Roles = ["upadmin"],
        SettingPrefixes = AivenFamily.SettingPrefixes,
        Extensions = AivenFamily.Extensions,
        Lacks = AivenFamily.Lacks,
        EndPoints =
        [
            AivenFamily.Replica,
            new(EndPointKind.Private,
                at => HostName().IsMatch(at.Host) && !at.Host.StartsWith("public-", StringComparison.OrdinalIgnoreCase),
                "its host has a private address", at => $"public-{at.Host}, with public access turned on"),
        ],
        Remedies = AivenFamily.Remedies("UpCloud's control panel",
            "Turn public access on and let this machine's address in, in UpCloud's control panel, the database, "
                + "Settings (ip_filter).",
            close: new("Take this machine's address out of the allowed ones (ip_filter), and turn public access off "
                + "if nobody else needs it: UpCloud's control panel, the database, Settings."),
            delete: "upctl database delete UUID"),
        NoiseSettings = AivenFamily.NoiseSettings,
        Store = new("UpCloud Managed Object Storage", "https://SERVICE.upcloudobjects.com", "upcloud"),
    };

    [GeneratedRegex(@"\.db\.upclouddatabases\.com$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex HostName();
}
