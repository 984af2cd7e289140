using Godwit.Faults;

namespace Godwit.Storage;

/// <summary>A store that can remove one unfinished upload and leave others of the same key alone.</summary>
public interface IUploadRemoval
{
    /// <summary>Removing what is not there is done already.</summary>
    /// <param name="upload">As <see cref="IStoreInspection.FindUnfinishedAsync"/> told it.</param>
    /// <exception cref="FaultException">Forbidden, or unreachable.</exception>
    Task AbortAsync(UnfinishedUpload upload, CancellationToken ct);
}
