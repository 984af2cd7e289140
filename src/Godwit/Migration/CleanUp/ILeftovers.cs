using Godwit.Faults;

namespace Godwit.Migration.CleanUp;

/// <summary>A place where runs leave something. Each kind of change outside that may outlive a run needs one.</summary>
public interface ILeftovers
{
    /// <summary>The place, for people: <c>s3://bucket/dumps</c>.</summary>
    string Where { get; }

    /// <summary>Only looks.</summary>
    /// <exception cref="FaultException">The place cannot be looked at.</exception>
    Task<IReadOnlyList<Leftover>> FindAsync(CancellationToken ct);

    /// <summary>A leftover that is gone already counts as removed.</summary>
    /// <returns>What the place keeps of it for a time but no longer lists: sentences. Null: nothing.</returns>
    Task<string?> RemoveAsync(Leftover leftover, CancellationToken ct);
}

/// <summary>Something Godwit made that nobody needs any more, or that looks like it.</summary>
/// <param name="At">When it was made; null: the place does not tell.</param>
/// <param name="SizeBytes">Null: the place does not tell.</param>
public sealed record Leftover(LeftoverKind Kind, string Where, string Name, DateTimeOffset? At, long? SizeBytes)
{
    /// <summary>The run that left it; null: no known run.</summary>
    public string? RunId { get; init; }

    /// <summary>Why it is not removed, as a clause; null: it may be.</summary>
    public string? Kept { get; init; }

    public ILeftovers? Place { get; init; }

    /// <summary>Distinguishes leftovers of the same name.</summary>
    internal object? Handle { get; init; }

    internal bool IsSameAs(Leftover other) =>
        (Kind, Where, Name, IdOf(Handle)) == (other.Kind, other.Where, other.Name, IdOf(other.Handle));

    private static string? IdOf(object? handle) => handle switch
    {
        Storage.Buckets.OldVersion version => version.Id,
        Storage.Buckets.UnfinishedUpload upload => upload.Id,
        _ => null,
    };
}

/// <summary>In the order they are shown.</summary>
public enum LeftoverKind
{
    /// <summary>Something that a run changed and that is not restored.</summary>
    Change,

    /// <summary>A whole dump.</summary>
    Dump,

    /// <summary>An upload that never ended: parts that nobody can read, and that are paid for.</summary>
    Upload,

    /// <summary>What the store keeps of an object that was deleted or replaced.</summary>
    OldVersion,

    /// <summary>The small object of an assessment.</summary>
    Probe,
}
