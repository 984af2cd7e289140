using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Godwit.EndToEnd.Servers;
using Godwit.Faults;
using Godwit.Storage;
using Godwit.Tests.Storage;
using Verdict = Godwit.EndToEnd.Servers.S3Proxy.Verdict;

namespace Godwit.EndToEnd.Storage;

/// <summary>What every store on a network promises when something is wrong: with the keys, the clock, the bucket, the
/// line, or the service itself. Each adapter runs it on a strict server, through a proxy that knows nothing of its
/// protocol.</summary>
public abstract partial class ObjectStoreFailures : IAsyncLifetime
{
    protected const string Key = "folder/a b.dump";

    private const int MiB = 1024 * 1024;

    /// <summary>More parts of 8 MiB than are under way at once.</summary>
    private const int BodyBytes = (6 * 8 * MiB) - 5000;

    private readonly byte[] _head = RandomNumberGenerator.GetBytes(5000);
    private int _port;

    /// <summary>Who opens the store.</summary>
    public enum Opener
    {
        /// <summary>The owner of the bucket, with its right keys.</summary>
        Owner,

        /// <summary>The owner, with one letter of the secret wrong.</summary>
        UsageProblems,

        /// <summary>Somebody the service knows, who has no right in this bucket.</summary>
        Stranger,
    }

    /// <summary>What a request is for; nothing else of a protocol is of interest here.</summary>
    public enum Call
    {
        Other,
        PutWhole,
        Begin,
        SendPart,
        Complete,
    }

    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Where the server listens.</summary>
    protected int Port => _port;

    public async ValueTask InitializeAsync() => _port = await MakeBucketAsync();

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    /// <summary>Starts the server if need be, and makes an empty bucket for this test.</summary>
    /// <returns>The server's port on 127.0.0.1.</returns>
    protected abstract Task<int> MakeBucketAsync();

    /// <summary>The bucket that was made, through whatever listens at a port of 127.0.0.1.</summary>
    /// <param name="attempts">Of each part.</param>
    protected abstract IObjectStore Open(int port, Opener opener, int attempts, TimeProvider clock);

    /// <summary>A bucket that nobody made.</summary>
    protected abstract IObjectStore OpenMissing();

    /// <summary>The bucket, or another one, as a machine sees it whose clock is ahead of the service's by so much;
    /// behind, if negative. Adapters whose library takes the time from elsewhere move the server's clock
    /// instead.</summary>
    protected virtual Task<IObjectStore> OpenAheadAsync(TimeSpan ahead) =>
        Task.FromResult(Open(_port, Opener.Owner, attempts: 2, new Shifted(ahead)));

    /// <param name="line">The first line of a request.</param>
    /// <returns>And the part's number, from 1, if it is one of a part.</returns>
    protected abstract (Call Call, int Part) Read(string line);

    /// <summary>The whole answer, head and body, with which the service asks to be left alone for a while.</summary>
    protected abstract string Busy { get; }

    /// <summary>The whole answer, a head without a body, that the service gives to a part it has kept.</summary>
    protected abstract string Acknowledge(byte[] part);

    /// <summary>Whatever the server keeps for the bucket, be it an object or a part.</summary>
    protected abstract Task<IReadOnlyList<string>> KeptAsync();

    protected IObjectStore Open(S3Proxy proxy, int attempts, TimeProvider? clock = null) =>
        Open(new Uri(proxy.Endpoint).Port, Opener.Owner, attempts, clock ?? TimeProvider.System);

    /// <summary>A proxy that gives a verdict on each request.</summary>
    private protected S3Proxy Proxy(Func<Call, int, Verdict> judge, Func<Task>? meanwhile = null) => new(_port, line =>
    {
        var (call, part) = Read(line);
        return judge(call, part);
    })
    {
        Busy = Busy,
        Acknowledge = Acknowledge,
        Meanwhile = meanwhile ?? (() => Task.CompletedTask),
    };

    /// <summary>A verdict on the first attempt of each of these requests; the others pass.</summary>
    private protected S3Proxy ProxyOnce(
        Verdict verdict, ConcurrentDictionary<(Call, int), bool> met, params Call[] calls) =>
        Proxy((call, part) => calls.Contains(call) && met.TryAdd((call, part), true) ? verdict : Verdict.Pass);

    private protected PatternStream Body() => new(BodyBytes);

    private protected ObjectUpload Upload(Stream body) => new(body) { Head = new LateHead(_head.Length, () => _head) };

    private protected async Task AssertWholeAsync(IObjectStore store, PatternStream body, StoredObject put)
    {
        Assert.Equal(_head.Length + body.Given, put.SizeBytes);
        await using var back = await store.OpenAsync(Key, 0, Ct);
        var head = new byte[_head.Length];
        await back.ReadExactlyAsync(head, Ct);
        Assert.Equal(_head, head);
        Assert.Equal(body.Sha256, Convert.ToHexStringLower(await SHA256.HashDataAsync(back, Ct)));
        Assert.Equal(0, await store.AbortUploadsAsync(Key, Ct));
    }

    /// <summary>Asked past the proxy: neither an object nor a part nor an upload.</summary>
    private protected async Task AssertNothingIsLeftAsync()
    {
        await using var store = Open(_port, Opener.Owner, attempts: 2, TimeProvider.System);
        Assert.Null(await store.FindAsync(Key, Ct));
        Assert.Equal(0, await store.AbortUploadsAsync(Key, Ct));
        Assert.Empty(await KeptAsync());
    }

    private protected static async Task<Fault> FaultOfAsync(Func<Task> action) =>
        (await Assert.ThrowsAsync<FaultException>(action)).Fault;

    private protected static Task<StoredObject> PutAsync(IObjectStore store, string text) =>
        store.PutAsync(Key, new ObjectUpload(new MemoryStream(Encoding.UTF8.GetBytes(text))), Ct);

    private protected sealed class Shifted(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + by;
    }
}
