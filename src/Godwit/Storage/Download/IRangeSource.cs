using Godwit.Faults;

namespace Godwit.Storage.Download;

/// <summary>A source of known size that gives ranges of itself, several at once, and always of the same
/// version.</summary>
internal interface IRangeSource
{
    /// <summary>The name in faults. Holds no secret.</summary>
    string Name { get; }

    /// <exception cref="FaultException">Of kind <see cref="FaultKind.Transient"/> when a retry may help. The stream's
    /// reads throw the same.</exception>
    Task<Stream> OpenAsync(long offsetBytes, long lengthBytes, CancellationToken ct);
}
