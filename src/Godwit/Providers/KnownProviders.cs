namespace Godwit.Providers;

public static class KnownProviders
{
    /// <summary>Your own server, or an unknown provider.</summary>
    public static Provider Unknown { get; } = new()
    {
        Name = "unknown",
        Title = "a provider Godwit does not know, or your own server",
        Remedies = new()
        {
            TakeBackup = _ => "Take a backup or snapshot at your provider, and see it finished.",
            OpenNetwork = _ => "Let this machine's address through the server's firewall and its pg_hba.conf.",
            CloseNetwork = _ => new(
                "If this machine's address was let through the server's firewall or its pg_hba.conf for the move, take "
                + "that back."),
            DeleteDatabase = at => new(
                "At your provider, in its console; on a server of your own, as an administrator.",
                $"dropdb --host={Quoted(at.Host)} --port={at.Port} --username=ADMIN {Quoted(at.Database)}"),
        },
    };

    /// <summary>Heroku is first: its databases run on another provider's hosts. If two providers fit equally, the first
    /// wins.</summary>
    public static IReadOnlyList<Provider> All { get; } =
    [
        Heroku.Provider,
        AwsRds.Provider,
        CloudSql.Provider,
        AzureFlexible.Provider,
        Aiven.Provider,
        Linode.Provider,
        UpCloud.Provider,
        DigitalOcean.Provider,
        Vultr.Provider,
        Render.Provider,
    ];

    // Quotes for a shell.
    private static string Quoted(string text) =>
        text.Length > 0 && text[0] != '-'
            && text.All(one => char.IsAsciiLetterOrDigit(one) || one is '.' or '_' or '-' or ':')
            ? text : $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    private static readonly string[] NoiseSettings =
        [.. All.SelectMany(one => one.NoiseSettings.Concat(one.SettingPrefixes.Select(prefix => prefix + ".")))
            .Distinct(StringComparer.OrdinalIgnoreCase)];

    /// <summary>A provider adds the setting to its servers; it says nothing about an application.</summary>
    public static bool IsProviderSetting(string setting) =>
        Array.Exists(NoiseSettings, beginning => setting.StartsWith(beginning, StringComparison.OrdinalIgnoreCase));

    public static bool HasRole(string role) => All.Any(one => one.Roles.Contains(role));
}
