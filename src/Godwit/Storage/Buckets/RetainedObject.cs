namespace Godwit.Storage.Buckets;

/// <summary>What a store keeps, or may keep, of a deleted object.</summary>
/// <param name="Why">A clause.</param>
public abstract record RetainedObject(string Why)
{
    /// <summary>Old versions that these keys may not see or not delete.</summary>
    /// <param name="Rights">Those that the keys lack, and on what.</param>
    public sealed record OldVersions(string Why, string Rights) : RetainedObject(Why);

    /// <param name="Until">When the service removes it; approximate where the service counts whole days.</param>
    /// <param name="Remedy">How to remove it earlier, if possible, and how the next deletion can be immediate.</param>
    public sealed record SoftDeleted(DateTimeOffset Until, string Remedy) : RetainedObject(
        $"soft delete is switched on, and keeps what was deleted until {Until.UtcDateTime:yyyy-MM-dd}; whoever may "
        + "restore it there can bring it back, and it is paid for");

    public sealed record Unknown(string Why) : RetainedObject(Why);
}
