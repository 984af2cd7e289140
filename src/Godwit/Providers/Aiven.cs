using System.Text.RegularExpressions;

namespace Godwit.Providers;

internal static partial class Aiven
{
    public static Provider Provider { get; } = new()
    {
        Name = "aiven",
        Title = "Aiven",
        Host = HostName(),
        Roles = ["avnadmin"],
        SettingPrefixes = AivenFamily.SettingPrefixes,
        Extensions = AivenFamily.Extensions,
        Databases = ["_aiven"],
        Lacks = [.. AivenFamily.Lacks, "an object store of its own"],
        EndPoints = [AivenFamily.Replica],
        Remedies = AivenFamily.Remedies("Aiven's console",
            "Let this machine's address in; the command replaces the IP filter, so name those that are in it too, with "
                + "commas between them: avn service update SERVICE -c ip_filter=ADDRESS/32,OTHER_ADDRESSES",
            close: new("Take this machine's address out of the IP filter; the command replaces the list, so name those "
                + "that stay, with commas between them.",
                "avn service update SERVICE -c ip_filter=OTHER_ADDRESSES"),
            delete: "avn service terminate SERVICE")
            with
        {
            LiftReadOnly = AivenFamily.ReadOnlyWhenFull
                + " Aiven's API lifts it at once for a while: POST /v1/project/PROJECT/service/SERVICE/enable-writes.",
        },
        NoiseSettings = AivenFamily.NoiseSettings,
    };

    [GeneratedRegex(@"\.(aivencloud\.com|avns\.net)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex HostName();
}
