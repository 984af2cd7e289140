using Godwit.Faults;

namespace Godwit.Storage;

/// <summary>A store whose service may keep deleted objects for some days, in case the deletion was a mistake. Nobody
/// can read them meanwhile; whoever may restore them can bring them back, and they are paid for.</summary>
public interface ISoftDelete
{
    /// <summary>Asked once the object is deleted.</summary>
    /// <returns>Null: the service keeps nothing of it.</returns>
    /// <exception cref="FaultException"><c>storage.deleted_unseen</c>: these keys may not ask; or it is unreachable.
    /// </exception>
    Task<Remains.SoftDeleted?> FindDeletedAsync(string key, CancellationToken ct);
}

/// <summary>What a store keeps of an object that was deleted, or may keep.</summary>
/// <param name="Why">A clause.</param>
public abstract record Remains(string Why)
{
    /// <summary>An old version, which these keys may not see or not delete.</summary>
    /// <param name="Rights">What they lack, with what it is needed on.</param>
    public sealed record OldVersions(string Why, string Rights) : Remains(Why);

    /// <param name="Until">When the service removes it; about, where it counts whole days.</param>
    /// <param name="Remedy">How it is removed earlier, if it can be, and how the next one is gone at once.</param>
    public sealed record SoftDeleted(DateTimeOffset Until, string Remedy) : Remains(
        $"soft delete is switched on, and keeps what was deleted until {Until.UtcDateTime:yyyy-MM-dd}; whoever may "
        + "restore it there can bring it back, and it is paid for");

    /// <summary>Nobody could tell.</summary>
    public sealed record Unseen(string Why) : Remains(Why);
}
