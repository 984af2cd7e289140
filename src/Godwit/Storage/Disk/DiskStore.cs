using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Godwit.Faults;
using Godwit.Storage.Buckets;

namespace Godwit.Storage.Disk;

/// <summary>Stores objects as files under one folder, readable by their owner only. A file is written under a temporary
/// name, flushed to disk and renamed, so a file with its final name is complete.</summary>
internal sealed class DiskStore : IObjectStore
{
    // Larger blocks were not faster; smaller ones report progress needlessly often.
    private const int CopyBytes = 1024 * 1024;

    private readonly StoreAddress.Disk _address;
    private readonly DiskOptions _options;
    private readonly ILinkHost _host;
    private readonly TimeProvider _clock;
    private readonly DiskParts _parts;
    private readonly DiskLinks _links;
    private readonly SemaphoreSlim _starting = new(1, 1);
    private Uri? _served;

    public DiskStore(StoreAddress.Disk address, DiskOptions options, ILinkHost host, TimeProvider clock)
    {
        _address = address;
        _options = options;
        _host = host;
        _clock = clock;
        _parts = new DiskParts(address.Folder);
        _links = new DiskLinks(FileOf, clock);
    }

    public string Address => _address.ToString();

    public IBucket Bucket => new DiskBucket(_address, _parts);

    public Task CheckAsync(CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        return DiskErrors.Guard(Address, () =>
        {
            for (var folder = _address.Folder; folder is not null; folder = Path.GetDirectoryName(folder))
            {
                if (File.Exists(folder))
                    throw new FaultException(StorageFaults.DiskUnusable(Address, $"{folder} is a file, not a folder"));
                if (!Directory.Exists(folder))
                    continue;
                // Reads one entry, because listing may be forbidden.
                _ = Directory.EnumerateFileSystemEntries(folder).Any();
                break;
            }
        });
    }

    public async Task CheckWritableAsync(CancellationToken ct)
    {
        await CheckAsync(ct);
        var existed = Directory.Exists(_address.Folder);
        var probe = _parts.New(GodwitKeys.WriteCheck);
        await DiskErrors.Guard(Address, () =>
        {
            using (DiskParts.Create(probe))
            {
                // Being able to create the file is the answer.
            }

            DiskParts.Remove(probe);
            if (!existed)
                DiskFolders.RemoveIfEmpty(_address.Folder);
        });
    }

    public async Task<StoredObject> PutAsync(string key, ObjectUpload what, CancellationToken ct)
    {
        ObjectKey.Check(key);
        var existed = Directory.Exists(_address.Folder);
        var part = _parts.New(key);
        try
        {
            await WritePartAsync(part, what, ct);
            ct.ThrowIfCancellationRequested();
            await DiskErrors.Guard(Address, () => Publish(part, PathOf(key)));
        }
        finally
        {
            // Cleans up after a failure; after a success the part no longer exists.
            DiskParts.Remove(part);
            if (!existed)
                DiskFolders.RemoveIfEmpty(_address.Folder);
        }

        return await FindAsync(key, ct) ?? throw new FaultException(StorageFaults.ObjectMissing(Address, key));
    }

    public async Task<Stream> OpenAsync(string key, ObjectRange range, CancellationToken ct)
    {
        ObjectKey.Check(key);
        range.Require();
        ct.ThrowIfCancellationRequested();
        FileStream? opened = null;
        await DiskErrors.Guard(Address, () =>
        {
            if (FileOf(key) is not { } file)
                throw new FaultException(StorageFaults.ObjectMissing(Address, key));
            var stream = new FileStream(file,
                new FileStreamOptions { Options = FileOptions.Asynchronous | FileOptions.SequentialScan });
            stream.Seek(Math.Min(range.OffsetBytes, stream.Length), SeekOrigin.Begin);
            opened = stream;
        });
        // Compares the open file, because another file may have this name by now.
        if (range.ETag is not null
            && range.ETag != Mark(File.GetLastWriteTimeUtc(opened!.SafeFileHandle), opened.Length))
        {
            await opened.DisposeAsync();
            throw new FaultException(StorageFaults.ObjectReplaced(Address, key));
        }

        return ClippedStream.Of(opened!, range.LengthBytes);
    }

    public Task<StoredObject?> FindAsync(string key, CancellationToken ct)
    {
        ObjectKey.Check(key);
        ct.ThrowIfCancellationRequested();
        return Task.FromResult(FileOf(key) is { } file ? Describe(key, file) : null);
    }

    public async IAsyncEnumerable<StoredObject> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken ct)
    {
        // Walks only the folder of the prefix: a store may share a disk with many other files.
        var slash = prefix.LastIndexOf('/');
        if (slash >= 0)
            ObjectKey.Check(prefix[..slash]);
        var start = slash < 0 ? _address.Folder : PathOf(prefix[..slash]);
        var walk = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None };
        if (!Directory.Exists(start))
            yield break;
        foreach (var file in Directory.EnumerateFiles(start, "*", walk))
        {
            ct.ThrowIfCancellationRequested();
            var key = Path.GetRelativePath(_address.Folder, file).Replace(Path.DirectorySeparatorChar, '/');
            if (DiskParts.Holds(key) || !key.StartsWith(prefix, StringComparison.Ordinal))
                continue;
            if (Describe(key, file) is { } found)
                yield return found;
        }

        await Task.CompletedTask;
    }

    public Task DeleteAsync(string key, CancellationToken ct)
    {
        ObjectKey.Check(key);
        ct.ThrowIfCancellationRequested();
        return DiskErrors.Guard(Address, () =>
        {
            if (FileOf(key) is not { } file)
                return;
            File.Delete(file);
            // Removes folders that are now empty.
            for (var folder = Path.GetDirectoryName(file)!; folder != _address.Folder; folder =
                Path.GetDirectoryName(folder)!)
            {
                if (!DiskFolders.RemoveIfEmpty(folder))
                    break;
            }
        });
    }

    public async Task<SignedLink> SignAsync(string key, TimeSpan lifetime, CancellationToken ct)
    {
        ObjectKey.Check(key);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(lifetime, TimeSpan.Zero);
        var expires = DateTimeOffset.FromUnixTimeSeconds((_clock.GetUtcNow() + lifetime).ToUnixTimeSeconds());
        var url = $"{(await ServeAsync(ct)).AbsoluteUri.TrimEnd('/')}/{_links.Sign(key, expires)}";
        return new SignedLink(new Secret(url), expires);
    }

    public async Task<int> AbortUploadsAsync(string key, CancellationToken ct)
    {
        ObjectKey.Check(key);
        ct.ThrowIfCancellationRequested();
        var removed = 0;
        await DiskErrors.Guard(Address, () => removed = _parts.RemoveAbandoned(key));
        return removed;
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _starting.Dispose();
    }

    private async Task<Uri> ServeAsync(CancellationToken ct)
    {
        await _starting.WaitAsync(ct);
        try
        {
            _served ??= await _host.StartAsync(IPEndPoint.Parse(_options.Listen), _links, ct);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            throw new FaultException(StorageFaults.LinkHostNotStarted(_options.Listen, e.Message.TrimEnd('.')), e);
        }
        finally
        {
            _starting.Release();
        }

        return _options.PublicUrl is { } url ? new Uri(url) : _served;
    }

    private async Task WritePartAsync(string part, ObjectUpload what, CancellationToken ct)
    {
        FileStream? opened = null;
        await DiskErrors.Guard(Address, () => opened = DiskParts.Create(part));
        await using var file = opened!;
        var buffer = new byte[CopyBytes];
        long written = 0;
        file.Position = what.Head?.LengthBytes ?? 0;
        // Exceptions of the body pass unchanged; only the disk's own errors become faults of the store.
        while (await what.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, ct)
            is var count and > 0)
        {
            await DiskErrors.GuardAsync(Address, () => file.WriteAsync(buffer.AsMemory(0, count), ct));
            written += count;
            what.SentBytes?.Report(written);
        }

        if (what.Head is not null)
        {
            var first = what.Head.Ask();
            file.Position = 0;
            await DiskErrors.GuardAsync(Address, () => file.WriteAsync(first, ct));
            what.SentBytes?.Report(written + first.Length);
        }

        await DiskErrors.Guard(Address, () => file.Flush(flushToDisk: true));
        // Two objects of the same size written within one tick of the kernel's clock still get different marks.
        await DiskErrors.Guard(Address,
            () => File.SetLastWriteTimeUtc(file.SafeFileHandle, _clock.GetUtcNow().UtcDateTime));
    }

    // .NET cannot fsync the folder: after a power cut the object may be missing, but never incomplete.
    private static FileInfo Publish(string part, string path) => DiskFolders.In(Path.GetDirectoryName(path)!, () =>
    {
        var file = new FileInfo(part);
        file.MoveTo(path, overwrite: true);
        return file;
    });

    private static StoredObject? Describe(string key, string file)
    {
        var info = new FileInfo(file);
        var (bytes, at) = (info.Exists ? info.Length : 0, info.LastWriteTimeUtc);
        return info.Exists ? new StoredObject(key, bytes, Mark(at, bytes)) { ModifiedAt = at } : null;
    }

    private static string Mark(DateTime writtenAt, long bytes) => $"{writtenAt.Ticks:x}-{bytes:x}";

    private string PathOf(string key) => Path.Combine(_address.Folder, key.Replace('/', Path.DirectorySeparatorChar));

    private string? FileOf(string key) =>
        !DiskParts.Holds(key) && PathOf(key) is var path && File.Exists(path) ? path : null;
}
