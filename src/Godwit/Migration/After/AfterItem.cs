namespace Godwit.Migration.After;

/// <summary>One thing that is left to do after a proven migration.</summary>
/// <param name="Key">Stable, for scripts: one of <see cref="AfterKeys"/>.</param>
/// <param name="Text">What to do and why, in whole sentences.</param>
/// <param name="Commands">Ready to paste, in their order.</param>
public sealed record AfterItem(string Key, string Text, params IReadOnlyList<string> Commands);

public enum AfterState
{
    Done,
    Open,

    /// <summary>Only the user knows.</summary>
    Unseen,
}

/// <param name="Seen">A clause; null: nothing to say.</param>
public sealed record SeenItem(AfterItem Item, AfterState State, string? Seen);

/// <summary>The result of something the user asked for.</summary>
/// <param name="Said">A sentence.</param>
/// <param name="WasDone">It was done before, and nothing was changed.</param>
public sealed record AfterResult(string Key, string Said, bool WasDone);

/// <summary>In the order of the list.</summary>
public static class AfterKeys
{
    public const string FirstBackup = "first-backup";
    public const string Schedule = "schedule";

    /// <summary>High availability and followers.</summary>
    public const string Availability = "availability";
    public const string Pooling = "pooling";
    public const string EnvFile = "env-file";

    /// <summary>Attachments of databases that nobody uses any more.</summary>
    public const string Attachments = "attachments";

    /// <summary>What was opened in the source's network.</summary>
    public const string Firewall = "firewall";
    public const string Tokens = "tokens";
    public const string Snapshot = "snapshot";
    public const string DeleteSource = "delete-source";
}
