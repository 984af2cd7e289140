using Godwit.Faults;

namespace Godwit.Storage;

/// <summary>A store whose bucket (or container) can be made by us, for whoever asked for that.</summary>
public interface IStoreCreation
{
    /// <summary>Whether the bucket is there and these keys may use it. Only asks.</summary>
    /// <exception cref="FaultException">Nobody could tell, or it is somebody else's.</exception>
    Task<bool> ExistsAsync(CancellationToken ct);

    /// <summary>Makes the bucket: private, public access blocked, encrypted at rest, and with rules that delete objects after <see cref="StoreCreation.ObjectDays"/>
    /// and unfinished uploads after <see cref="StoreCreation.UploadDays"/>, as far as the service has these. A bucket that is there and ours is left
    /// exactly as it is. One that would be open to everybody is removed again.</summary>
    /// <exception cref="FaultException">The name is somebody else's or no name, the keys may not, or it could not be closed.</exception>
    Task<StoreCreation> CreateAsync(CancellationToken ct);
}

/// <summary>What came of making a bucket.</summary>
/// <param name="Created">False: it was there, and is as it was.</param>
public sealed record StoreCreation(bool Created)
{
    /// <summary>Nobody restores a week later; what is left by then was forgotten.</summary>
    public const int ObjectDays = 7;

    /// <summary>No upload takes longer.</summary>
    public const int UploadDays = 1;

    /// <summary>Clauses, for people: what protects it now, e.g. <c>public access to it is blocked</c>.</summary>
    public IReadOnlyList<string> Protections { get; init; } = [];

    /// <summary>Clauses, for people: what the service refused or does not know, e.g. <c>the service takes no rule that deletes what is forgotten (HTTP 501 NotImplemented)</c>.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
