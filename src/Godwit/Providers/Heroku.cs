namespace Godwit.Providers;

internal static class Heroku
{
    /// <remarks>Its hosts are another provider's; it is told by the setting that its own command line reads for the extensions of Standard and larger plans, and by
    /// the shape of its users' and databases' names (<see cref="ProviderRecognition"/>).</remarks>
    public static Provider Provider { get; } = new()
    {
        Name = "heroku",
        Title = "Heroku Postgres",
        SettingPrefixes = ["extwlist"],
    };
}
