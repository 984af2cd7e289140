namespace Godwit.Journal;

/// <summary>How the contents come over.</summary>
public static class RouteName
{
    /// <summary>A dump in a store, and Heroku's own restore of it.</summary>
    public const string Backup = "backup";

    /// <summary>From server to server.</summary>
    public const string Direct = "direct";
}
