using Godwit.Faults;

namespace Godwit.Copy.Archive;

/// <summary>The place of an archive: file, store or pipe.</summary>
public interface IArchivePlace
{
    /// <summary>For messages. Holds no secret.</summary>
    string Name { get; }

    /// <summary>Null: not known before the end.</summary>
    long? SizeBytes { get; }

    /// <summary>On a disk of this machine: reading it twice is cheap.</summary>
    bool IsLocal { get; }

    /// <summary>False: the archive can only be read once, from beginning to end.</summary>
    bool HasPieces { get; }

    /// <summary>The whole archive, readable once. Disposed by the place.</summary>
    Stream Content { get; }

    /// <summary>Says why the archive cannot be read or restored, with the name that the user gave.</summary>
    /// <param name="error">An <see cref="PgArchive.ArchiveException"/>, or an exception from reading.</param>
    Fault Explain(Exception error);

    /// <summary>Opens a range of bytes; several may be open at once. The caller disposes it.</summary>
    /// <exception cref="FaultException">The archive cannot be read, or was replaced.</exception>
    Task<Stream> OpenPieceAsync(long offsetBytes, long lengthBytes, CancellationToken ct);
}
