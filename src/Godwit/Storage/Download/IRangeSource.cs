using Godwit.Faults;

namespace Godwit.Storage.Download;

/// <summary>Something of a known size that gives pieces of itself, several at once, and always of the same
/// version.</summary>
internal interface IRangeSource
{
    /// <summary>As faults name it. Holds no secret.</summary>
    string Name { get; }

    /// <exception cref="FaultException">Of kind <see cref="FaultKind.Transient"/> where asking again may help. So do
    /// the stream's reads.</exception>
    Task<Stream> OpenAsync(long offsetBytes, long lengthBytes, CancellationToken ct);
}
