using Godwit.Faults;
using Godwit.Storage;
using Godwit.Storage.Buckets;

namespace Godwit.Dump;

/// <summary>Where a dump goes that belongs to no run.</summary>
public abstract class DumpTarget : IAsyncDisposable
{
    private protected DumpTarget(string name, bool headMayBeLate) => (Name, HeadMayBeLate) = (name, headMayBeLate);

    /// <summary>As it is shown: the object with its store, the file's path, <c>standard output</c>.</summary>
    public string Name { get; }

    /// <summary>Whether it takes the beginning of the archive last.</summary>
    public bool HeadMayBeLate { get; }

    /// <summary>Behind <c>--accept</c>: a store that everybody can read is taken all the same. The same code as in a
    /// migration.</summary>
    public const string PublicCode = "assess.store_public";

    /// <param name="store">Disposed with the target.</param>
    /// <param name="overwrite">What has the name already is replaced, once the new dump is whole. Otherwise it is
    /// refused.</param>
    /// <param name="acceptsPublic">A store that everybody can read is taken all the same. Otherwise it is
    /// refused.</param>
    public static DumpTarget InStore(IObjectStore store, string key, bool overwrite, bool acceptsPublic) =>
        new StoreTarget(store, key, $"{store.Address}/{key}", overwrite, acceptsPublic);

    /// <param name="folder">The folder of <paramref name="path"/> as a store, which brings all of its care along: a
    /// temporary name, to the disk, renamed, removed after a failure, readable by its owner alone. Disposed with the
    /// target.</param>
    public static DumpTarget InFile(IObjectStore folder, string path, bool overwrite) =>
        new FileTarget(folder, path, overwrite);

    /// <param name="output">Not disposed.</param>
    public static DumpTarget Pipe(Stream output, TimeProvider clock) => new PipeTarget(output, clock);

    /// <summary>Where there is a bucket to make, and it is not there.</summary>
    /// <exception cref="FaultException">It cannot be made.</exception>
    public virtual Task<StoreCreation> CreateStoreAsync(CancellationToken ct) =>
        Task.FromResult(new StoreCreation(false));

    /// <summary>Before the source is read: it can be written to, and nothing is there that was not to be
    /// replaced.</summary>
    /// <exception cref="FaultException">It cannot.</exception>
    public abstract Task PrepareAsync(CancellationToken ct);

    /// <summary>The whole archive, or nothing where that can be helped; what its body throws is thrown on
    /// unchanged.</summary>
    public abstract Task<StoredObject> WriteAsync(ObjectUpload what, CancellationToken ct);

    /// <summary>After a failure: makes sure that nothing is left.</summary>
    /// <returns>What is left and cannot be removed by us; null: nothing.</returns>
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
            // Of an earlier dump to the same place that was killed, which cannot be told from one that goes on: that
            // one is told that its upload was removed.
            await store.AbortUploadsAsync(key, ct);
        }

        public override Task<StoredObject> WriteAsync(ObjectUpload what, CancellationToken ct) =>
            store.PutAsync(key, what with { PartsLeft = why => _left = why }, ct);

        public override async Task<Fault?> CleanUpAsync(CancellationToken ct)
        {
            // The upload removed its own parts. Those of somebody else who writes to the same name by now are not
            // ours to touch.
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

        /// <summary>What nobody could tell is no reason to refuse: many keys may write and not ask.</summary>
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
            // A store makes its folders; a mistyped path must not.
            Directory.Exists(Path.GetDirectoryName(Name))
                ? base.PrepareAsync(ct) : throw new FaultException(DumpFaults.NoFolder(Name));

        // The store's mark for a file means nothing to whoever has the file.
        public override async Task<StoredObject> WriteAsync(ObjectUpload what, CancellationToken ct) =>
            await base.WriteAsync(what, ct) with { ETag = "" };
    }

    private sealed class PipeTarget(Stream output, TimeProvider clock)
        : DumpTarget("standard output", headMayBeLate: false)
    {
        /// <summary>As much as a pipe of Linux holds and some more; larger ones were not faster.</summary>
        private const int CopyBytes = 128 * 1024;

        /// <summary>Ctrl-C ends a whole pipeline, and its reader perhaps a moment before we hear of it
        /// ourselves.</summary>
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
                // A write into a full pipe cannot be cancelled; it is left behind, and ends with the process.
                await output.WriteAsync(bytes, ct).AsTask().WaitAsync(ct);
            }
            // A descriptor that was closed before we began is told as a missing right.
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                await Task.Delay(HearOfStopMax, clock, ct);
                throw new FaultException(DumpFaults.OutputClosed(e.Message.TrimEnd('.')), e);
            }
        }
    }
}
