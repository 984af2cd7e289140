using System.Net;
using System.Text;
using Godwit.Storage;

namespace Godwit.Tests.Storage;

/// <summary>One store with nothing in it for each test, and the short way to use it.</summary>
public abstract class ObjectStoreRig : IAsyncLifetime
{
    protected const int MiB = 1024 * 1024;

    protected static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(60) };

    private IObjectStore? _store;

    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    protected IObjectStore Store => _store!;

    public async ValueTask InitializeAsync() => _store = await OpenStoreAsync();

    public async ValueTask DisposeAsync()
    {
        if (_store is not null)
            await _store.DisposeAsync();
        await RemoveStoreAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Whether the checksum of an object's parts lies with it, so that whoever reads it can compare.</summary>
    protected virtual bool KeepsChecksums => true;

    /// <summary>A store with nothing in it, for one test.</summary>
    protected abstract Task<IObjectStore> OpenStoreAsync();

    protected abstract Task RemoveStoreAsync();

    /// <summary>A link as whoever has the credentials for links would make it: not every kind of credentials can sign
    /// one.</summary>
    protected virtual Task<SignedLink> LinkAsync(string key, TimeSpan lifetime) => Store.SignAsync(key, lifetime, Ct);

    protected Task<StoredObject> PutAsync(string key, string text) =>
        Store.PutAsync(key, new ObjectUpload(new MemoryStream(Encoding.UTF8.GetBytes(text))), Ct);

    protected async Task<string> ReadAsync(string key, long offset = 0)
    {
        using var reader = new StreamReader(await Store.OpenAsync(key, offset, Ct));
        return await reader.ReadToEndAsync(Ct);
    }

    protected async Task<string> ReadAsync(string key, ObjectRange range)
    {
        using var reader = new StreamReader(await Store.OpenAsync(key, range, Ct));
        return await reader.ReadToEndAsync(Ct);
    }

    protected async Task<string[]> KeysAsync(string prefix)
    {
        var keys = new List<string>();
        await foreach (var found in Store.ListAsync(prefix, Ct))
            keys.Add(found.Key);
        return [.. keys.Order(StringComparer.Ordinal)];
    }

    protected static async Task<HttpStatusCode> StatusAsync(string url)
    {
        using var answer = await Http.GetAsync(new Uri(url), HttpCompletionOption.ResponseHeadersRead, Ct);
        return answer.StatusCode;
    }

    protected async Task AssertNothingIsLeftAsync(string key)
    {
        Assert.Null(await Store.FindAsync(key, Ct));
        Assert.Empty(await KeysAsync(""));
        Assert.Equal(0, await Store.AbortUploadsAsync(key, Ct));
    }

    /// <summary>Every number of bytes that was reported as sent.</summary>
    protected sealed class Sent : IProgress<long>
    {
        private readonly List<long> _values = [];

        public IReadOnlyList<long> Values => _values;

        /// <summary>0: nothing was sent, and so nothing reported.</summary>
        public long Last => _values.Count > 0 ? _values[^1] : 0;

        public void Report(long value)
        {
            lock (_values)
                _values.Add(value);
        }
    }
}
