namespace Godwit.Providers;

public static class KnownProviders
{
    /// <summary>A server of your own, or of somebody we do not know.</summary>
    public static Provider Unknown { get; } = new() { Name = "unknown", Title = "a provider Godwit does not know, or your own server" };

    /// <summary>In the order they are tried: Heroku first, because its databases live on another provider's hosts.</summary>
    public static IReadOnlyList<Provider> All { get; } = [Heroku.Provider, AwsRds.Provider];
}
