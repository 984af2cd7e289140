using Godwit.Copy.Archive;
using Godwit.Faults;
using Godwit.Storage;
using Godwit.Storage.Download;

namespace Godwit.Migration.Plans;

/// <summary>The dump of a run, in its store.</summary>
internal sealed class StoredArchive : ArchiveFilling.IPlace
{
    private readonly Downloaded _opened;

    private StoredArchive(string name, Downloaded opened) => (Name, _opened) = (name, opened);

    public string Name { get; }

    public long? SizeBytes => _opened.SizeBytes;

    public bool IsLocal => _opened.IsLocal;

    public bool HasPieces => _opened.PieceAsync is not null;

    public Stream Content => _opened.Content;

    /// <param name="store">The caller disposes it.</param>
    public static async Task<ArchiveFilling.IPlace> OpenAsync(
        IObjectStore store, string key, TimeProvider clock, CancellationToken ct) =>
        new StoredArchive($"{store.Address}/{key}", await ObjectDownload.OpenAsync(store, key, clock, ct));

    public Fault Explain(Exception error) => ArchiveReadErrors.Explain(error, Name);

    public Task<Stream> OpenPieceAsync(long offsetBytes, long lengthBytes, CancellationToken ct) =>
        _opened.PieceAsync!(offsetBytes, lengthBytes, ct);

    public ValueTask DisposeAsync() => Content.DisposeAsync();
}
