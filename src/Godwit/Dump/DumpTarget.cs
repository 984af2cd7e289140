using Godwit.Faults;
using Godwit.Storage;
using Godwit.Storage.Buckets;

namespace Godwit.Dump;

/// <summary>The destination of a dump outside of a run.</summary>
public abstract class DumpTarget : IAsyncDisposable
{
    private protected DumpTarget(string name, bool headMayBeLate) => (Name, HeadMayBeLate) = (name, headMayBeLate);

    /// <summary>For messages: store and object, file path, or <c>standard output</c>.</summary>
    public string Name { get; }

    /// <summary>The archive's beginning can be written last.</summary>
    public bool HeadMayBeLate { get; }

    /// <summary>With <c>--accept</c>: allows a store that everybody can read. The same code as in a
    /// migration.</summary>
    public const string PublicCode = "assess.store_public";

    /// <param name="store">Disposed with the target.</param>
    /// <param name="overwrite">True: a whole dump replaces an existing object. False: that is a fault.</param>
    /// <param name="acceptsPublic">Allows a store that everybody can read; otherwise that is a fault.</param>
    public static DumpTarget InStore(IObjectStore store, string key, bool overwrite, bool acceptsPublic) =>
        new StoreTarget(store, key, $"{store.Address}/{key}", overwrite, acceptsPublic);

    /// <param name="folder">The folder of <paramref name="path"/> as a store, which writes under a temporary name,
    /// flushes to the disk, renames, removes after a failure, and lets only the owner read. Disposed with the
    /// target.</param>
    public static DumpTarget InFile(IObjectStore folder, string path, bool overwrite) =>
        new FileTarget(folder, path, overwrite);

    /// <param name="output">Not disposed.</param>
    public static DumpTarget Pipe(Stream output, TimeProvider clock) => new PipeTarget(output, clock);

    /// <summary>Creates the bucket if it is missing.</summary>
    public virtual Task<StoreCreation> CreateStoreAsync(CancellationToken ct) =>
        Task.FromResult(new StoreCreation(false));

    /// <summary>Before the source is read: checks that the target is writable and holds nothing that must
    /// stay.</summary>
    public abstract Task PrepareAsync(CancellationToken ct);

    /// <summary>Writes the whole archive, or nothing if possible; exceptions from its body pass through.</summary>
    public abstract Task<StoredObject> WriteAsync(ObjectUpload what, CancellationToken ct);

    /// <summary>After a failure: removes what is left.</summary>
    /// <returns>What could not be removed; null: nothing.</returns>
    public abstract Task<Fault?> CleanUpAsync(CancellationToken ct);

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    private class StoreTarget(IObjectStore store, string key, string name, bool overwrite, bool acceptsPublic)
        : DumpTarget(name, headMayBeLate: true)
    {
        private string? _left;

        public override Task<StoreCreation> CreateStoreAsync(CancellationToken ct) => store.Bucket is { } bucket
            ? bucket.CreateAsync(StoreUse.Keeping, ct)
            : throw new FaultException(CreationFaults.NotHere(store.Address));

        public override async Task PrepareAsync(CancellationToken ct)
        {
            await store.CheckWritableAsync(ct);
            await RequirePrivateAsync(ct);
            if (!overwrite && await store.FindAsync(key, ct) is { } found)
                throw new FaultException(DumpFaults.AlreadyThere(Name, found.SizeBytes));
            // Removes parts of a killed dump to this name. A dump that still runs looks the same, and fails without its
            // upload.
            await store.AbortUploadsAsync(key, ct);
        }

        public override Task<StoredObject> WriteAsync(ObjectUpload what, CancellationToken ct) =>
            store.PutAsync(key, what with { PartsLeft = why => _left = why }, ct);

        public override async Task<Fault?> CleanUpAsync(CancellationToken ct)
        {
            // The upload has removed its own parts. Parts of another writer to the same name must stay.
            if (_left is null)
                return null;
            try
            {
                await store.AbortUploadsAsync(key, ct);
                return null;
            }
            catch (FaultException e)
            {
                return DumpFaults.PartsLeft(Name, e.Fault.Why);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return DumpFaults.PartsLeft(Name, "the store did not answer in time");
            }
        }

        // An unknown answer is accepted: many keys can write but cannot ask.
        private async Task RequirePrivateAsync(CancellationToken ct)
        {
            if (!acceptsPublic && store.Bucket is { IsLocal: false } bucket
                && await bucket.FindPrivacyAsync(ct) is { Verdict: PrivacyVerdict.Public } privacy)
                throw new FaultException(DumpFaults.StorePublic(store.Address, privacy.Why));
        }

        public override async ValueTask DisposeAsync()
        {
            await store.DisposeAsync();
            await base.DisposeAsync();
        }
    }

    private sealed class FileTarget(IObjectStore folder, string path, bool overwrite)
        : StoreTarget(folder, Path.GetFileName(path), path, overwrite, acceptsPublic: false)
    {
        public override Task PrepareAsync(CancellationToken ct) =>
            // A store would create the folder of a mistyped path.
            Directory.Exists(Path.GetDirectoryName(Name))
                ? base.PrepareAsync(ct) : throw new FaultException(DumpFaults.NoFolder(Name));

        // A file needs no version mark.
        public override async Task<StoredObject> WriteAsync(ObjectUpload what, CancellationToken ct) =>
            await base.WriteAsync(what, ct) with { ETag = "" };
    }

    private sealed class PipeTarget(Stream output, TimeProvider clock)
        : DumpTarget("standard output", headMayBeLate: false)
    {
        // A little more than a Linux pipe holds; larger buffers were not faster.
        private const int CopyBytes = 128 * 1024;

        // Ctrl-C ends a whole pipeline, its reader perhaps a moment before this process gets the signal.
        private static readonly TimeSpan HearOfStopMax = TimeSpan.FromMilliseconds(300);

        private long _written;

        public override Task PrepareAsync(CancellationToken ct) => Task.CompletedTask;

        public override async Task<StoredObject> WriteAsync(ObjectUpload what, CancellationToken ct)
        {
            if (what.Head is not null)
                throw new InvalidOperationException("a pipe takes bytes in their order");
            var buffer = new byte[CopyBytes];
            while (await what.Body.ReadAsync(buffer, ct) is var read and > 0)
            {
                await SendAsync(buffer.AsMemory(0, read), ct);
                _written += read;
                what.SentBytes?.Report(_written);
            }

            return new StoredObject(Name, _written, "");
        }

        public override Task<Fault?> CleanUpAsync(CancellationToken ct) =>
            Task.FromResult(_written == 0 ? null : DumpFaults.HalfWritten(_written));

        private async Task SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken ct)
        {
            try
            {
                // A write into a full pipe cannot be cancelled: it is abandoned, and ends with the process.
                await output.WriteAsync(bytes, ct).AsTask().WaitAsync(ct);
            }
            // A descriptor closed before the start throws UnauthorizedAccessException.
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                await Task.Delay(HearOfStopMax, clock, ct);
                throw new FaultException(DumpFaults.OutputClosed(e.Message.TrimEnd('.')), e);
            }
        }
    }
}
