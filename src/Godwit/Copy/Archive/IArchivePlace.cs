using Godwit.Faults;

namespace Godwit.Copy.Archive;

/// <summary>Where an archive lies.</summary>
public interface IArchivePlace
{
    /// <summary>As it is shown. Holds no secret.</summary>
    string Name { get; }

    /// <summary>Null when nobody knows before the end.</summary>
    long? SizeBytes { get; }

    /// <summary>It is on a disk of this machine: to read it a second time costs little.</summary>
    bool IsLocal { get; }

    /// <summary>Whether pieces can be read, and not only all of it forwards, once.</summary>
    bool HasPieces { get; }

    /// <summary>From its beginning, once. The place's own.</summary>
    Stream Content { get; }

    /// <summary>Why it cannot be restored, or not be read, as a fault that names it: whoever opened it knows how it was
    /// named.</summary>
    /// <param name="error">An <see cref="PgArchive.ArchiveException"/>, or what reading has thrown.</param>
    Fault Explain(Exception error);

    /// <summary>So many bytes from an offset on, several at once. The caller's.</summary>
    /// <exception cref="FaultException">It cannot be read, or is another one by now.</exception>
    Task<Stream> OpenPieceAsync(long offsetBytes, long lengthBytes, CancellationToken ct);
}
