using Godwit.App.Cli.Flags;
using Godwit.App.Web;
using Godwit.Copy.Archive;
using Godwit.Dump;
using Godwit.Faults;
using Godwit.Storage;
using Godwit.Storage.Download;
using Microsoft.Win32.SafeHandles;

namespace Godwit.App.Cli.Commands;

#pragma warning disable CA2000 // Streams and the store's link host belong to the place, which disposes them.
/// <summary>An existing archive: a file, a link, an object in a store, or standard input. Read once, forwards; or in
/// pieces where possible.</summary>
internal sealed class ArchivePlace : IArchivePlace, IAsyncDisposable
{
    public const string Explained = $"The archive: the path of a file, {StoreFlags.Objects}, https://…, "
        + "env:NAME (a variable with a link), or - for standard input.";

    private const string VariablePrefix = "env:";

    private readonly IObjectStore? _store;
    private readonly Downloaded _opened;

    private ArchivePlace(string name, Downloaded opened, IObjectStore? store = null) =>
        (Name, _opened, _store) = (name, opened, store);

    public string Name { get; }

    public Stream Content => _opened.Content;

    public long? SizeBytes => _opened.SizeBytes;

    public bool IsLocal => _opened.IsLocal;

    public bool HasPieces => _opened.PieceAsync is not null;

    public Fault Explain(Exception error) => ArchiveReadErrors.Explain(error, Name);

    public Task<Stream> OpenPieceAsync(long offsetBytes, long lengthBytes, CancellationToken ct) =>
        _opened.PieceAsync!(offsetBytes, lengthBytes, ct);

    public static async Task<ArchivePlace> OpenAsync(
        string text, StoreOptions options, CliEnvironment world, CancellationToken ct)
    {
        if (text == "-")
        {
            var input = world.Console.BinaryIn ?? throw new FaultException(ArchiveFaults.NothingOnInput());
            return new("standard input", new(new LeavableStream(input), null));
        }

        if (LinkIn(text, world) is { } link)
            return await AtLinkAsync(link, world, ct);
        return DumpDestination.IsAddress(text) && DumpDestination.Parse(text) is DumpDestination.InStore place
            ? await InStoreAsync(place, options, world, ct) : InFile(text);
    }

    private static Secret? LinkIn(string text, CliEnvironment world)
    {
        if (text.StartsWith(VariablePrefix, StringComparison.OrdinalIgnoreCase))
        {
            var name = text[VariablePrefix.Length..];
            return world.Environment(name) is { } said && UrlDownload.IsOne(said.Trim())
                ? new Secret(said) : throw new FaultException(ArchiveFaults.Variable(name));
        }

        if (!UrlDownload.IsOne(text))
            return null;
        var link = new Secret(text);
        if (UrlDownload.OpensSomething(link))
        {
            world.Console.Error.WriteLine("Warning: a signed link on the command line can be seen by every user of "
                + "this machine while this runs, and stays in the shell's history.");
            world.Console.Error.WriteLine("  next: Put the link into a variable and name that: env:LINK");
        }

        return link;
    }

    private static async Task<ArchivePlace> AtLinkAsync(Secret link, CliEnvironment world, CancellationToken ct)
    {
        var name = UrlDownload.NameOf(link);
        var opened = await UrlDownload.OpenAsync(link, world.Clock, ct);
        if (!opened.CanResume)
            await world.Console.Error.WriteLineAsync($"Note: the server of {name} gives no ranges: "
                + "it is read in one stream, and if the connection breaks, all of it must be read again.");
        return new(name, opened);
    }

    private static async Task<ArchivePlace> InStoreAsync(
        DumpDestination.InStore place, StoreOptions options, CliEnvironment world, CancellationToken ct)
    {
        var store = ObjectStores.Open(place.Store, options, new LinkHost(), world.Clock);
        try
        {
            var opened = await ObjectDownload.OpenAsync(store, place.Key, world.Clock, ct);
            return new($"{store.Address}/{place.Key}", opened, store);
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    private static ArchivePlace InFile(string path)
    {
        if (Directory.Exists(path))
            throw new FaultException(ArchiveFaults.Folder(path));
        try
        {
            // Reads are large: a buffer would only add a copy.
            var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete,
                bufferSize: 0, FileOptions.Asynchronous | FileOptions.SequentialScan);
            // A named pipe, or the shell's <(…), has no length.
            return new(path,
                !file.CanSeek ? new(new LeavableStream(file), null) : new(new LeavableStream(file), file.Length)
                {
                    IsLocal = true,
                    PieceAsync = (offset, length, _) =>
                        Task.FromResult<Stream>(new PieceStream(file.SafeFileHandle, offset, length)),
                });
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new FaultException(ArchiveFaults.Missing(path), e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new FaultException(ArchiveReadErrors.Explain(e, path), e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Content.DisposeAsync();
        if (_store is not null)
            await _store.DisposeAsync();
    }

    // A waiting read of a pipe cannot be cancelled. It is abandoned, and ends with the process.
    private sealed class LeavableStream(Stream inner) : ForwardOnlyStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = inner.ReadAsync(buffer, CancellationToken.None);
            return read.IsCompleted ? read : new(read.AsTask().WaitAsync(cancellationToken));
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                inner.Dispose();
            base.Dispose(disposing);
        }
    }

    // A range of an open file, even if its path now names another file. The place disposes the file. Reads
    // synchronously: on Linux, an asynchronous read blocks another thread, and the two thread switches take longer than
    // reading what the kernel has read ahead.
    private sealed class PieceStream(SafeFileHandle file, long offset, long length) : ForwardOnlyStream
    {
        private long _done;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = RandomAccess.Read(file, buffer.Span[..(int)Math.Min(buffer.Length, length - _done)],
                offset + _done);
            _done += read;
            return new(read);
        }
    }
}
