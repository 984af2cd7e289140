namespace Godwit.Storage.Buckets;

/// <summary>What a store keeps of an object that was deleted, or may keep.</summary>
/// <param name="Why">A clause.</param>
public abstract record RetainedObject(string Why)
{
    /// <summary>An old version, which these keys may not see or not delete.</summary>
    /// <param name="Rights">What they lack, with what it is needed on.</param>
    public sealed record OldVersions(string Why, string Rights) : RetainedObject(Why);

    /// <param name="Until">When the service removes it; about, where it counts whole days.</param>
    /// <param name="Remedy">How it is removed earlier, if it can be, and how the next one is gone at once.</param>
    public sealed record SoftDeleted(DateTimeOffset Until, string Remedy) : RetainedObject(
        $"soft delete is switched on, and keeps what was deleted until {Until.UtcDateTime:yyyy-MM-dd}; whoever may "
        + "restore it there can bring it back, and it is paid for");

    /// <summary>Nobody could tell.</summary>
    public sealed record Unknown(string Why) : RetainedObject(Why);
}
