using System.Security.Cryptography;
using Godwit.Storage;
using Godwit.Storage.Buckets;

namespace Godwit.Assess.Checks.Store;

/// <summary>Stores a small object that begins like an archive, fetches it through a signed link and without the
/// signature, and deletes it. On a fast line a second object measures the speed.</summary>
/// <param name="key">The object's.</param>
/// <param name="isForElsewhere">Another machine will follow the link.</param>
internal sealed class StoreProbe(IObjectStore store, string key, bool isForElsewhere, TimeProvider clock) : IDisposable
{
    // Large enough to exceed a round trip, small on any line.
    private const int FirstBytes = 256 * 1024;

    // One part of an upload, so one stream over the network. Short even on a slow line.
    private const int SecondBytesMax = 8 * 1024 * 1024;
    private const double SecondSeconds = 1.5;

    // Below this, round trips dominate the time.
    private const int SecondBytesMin = 2 * FirstBytes;

    private static readonly TimeSpan LinkLifetime = TimeSpan.FromMinutes(5);

    private readonly LinkReader _reader = new();

    private static ReadOnlySpan<byte> Magic => "PGDMP"u8;

    /// <summary>Without a signature.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>Stays in the store after deletion; null: nothing.</summary>
    public RetainedObject? Retained { get; private set; }

    public Task<SignedLink> SignAsync(CancellationToken ct) => store.SignAsync(key, LinkLifetime, ct);

    /// <summary>Heroku cannot reach the link.</summary>
    public bool FindOnlyHere(SignedLink link, IAssessNotes notes)
    {
        var url = new Uri(link.Url.Reveal());
        if (!isForElsewhere || !LinkReader.IsOnlyHere(url))
            return false;
        notes.Add(StoreFindings.LinkOnlyHere(store.Address, url.Authority));
        return true;
    }

    /// <returns>Uploaded bytes per second; null: too fast to measure, or the store is on this machine.</returns>
    public async Task<double?> TryAsync(IAssessNotes notes, CancellationToken ct)
    {
        try
        {
            var rate = await SendAsync(FirstBytes, ct);
            await FollowAsync(notes, ct);
            if (store.Bucket is { IsLocal: true })
                return null;
            var second = (int)Math.Min(rate * SecondSeconds, SecondBytesMax);
            return second < SecondBytesMin ? rate : await SendAsync(second, ct);
        }
        finally
        {
            // Also after cancellation: the object is small, and only this code knows of it.
            Retained = await PermanentDeletion.DeleteAsync(store, key, CancellationToken.None);
        }
    }

    public void Dispose() => _reader.Dispose();

    private async Task<double> SendAsync(int bytes, CancellationToken ct)
    {
        // Random bytes cannot be compressed on the way.
        var content = RandomNumberGenerator.GetBytes(bytes);
        Magic.CopyTo(content);
        using var body = new MemoryStream(content, writable: false);
        var started = clock.GetTimestamp();
        await store.PutAsync(key, new ObjectUpload(body), ct);
        return bytes / Math.Max(clock.GetElapsedTime(started).TotalSeconds, 1e-6);
    }

    private async Task FollowAsync(IAssessNotes notes, CancellationToken ct)
    {
        var link = await SignAsync(ct);
        var url = new Uri(link.Url.Reveal());
        var start = await _reader.ReadStartAsync(url, link.Url, Magic.Length, ct);
        if (start.Problem is { } problem)
            notes.Add(StoreFindings.LinkBroken(store.Address, problem));
        else if (!start.Bytes.SequenceEqual(Magic.ToArray()))
            notes.Add(StoreFindings.LinkBroken(store.Address, "it returns something else"));
        var bare = await _reader.ReadStartAsync(new UriBuilder(url) { Query = "" }.Uri, link.Url, Magic.Length, ct);
        if (bare.Problem is null && bare.Bytes.SequenceEqual(Magic.ToArray()))
            IsOpen = true;
    }
}
