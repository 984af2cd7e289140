using System.Security.Cryptography;
using Godwit.Storage;
using Godwit.Storage.Buckets;

namespace Godwit.Assess.Checks.Store;

/// <summary>A small object that begins as an archive does: stored, fetched back through its signed link as Heroku will,
/// asked for without the signature as anybody might, and deleted. A second one, if the way is fast, tells how
/// fast.</summary>
/// <param name="key">What it is called.</param>
/// <param name="isForElsewhere">Who follows the link is not on this machine.</param>
internal sealed class StoreProbe(IObjectStore store, string key, bool isForElsewhere, TimeProvider clock) : IDisposable
{
    /// <summary>Enough to be more than a round trip, and nothing on any line.</summary>
    private const int FirstBytes = 256 * 1024;

    /// <summary>One part of an upload, and so one stream over the network; less waiting than a coffee on a slow
    /// line.</summary>
    private const int SecondBytesMax = 8 * 1024 * 1024;
    private const double SecondSeconds = 1.5;

    /// <summary>Less than this is the round trips again.</summary>
    private const int SecondBytesMin = 2 * FirstBytes;

    private static readonly TimeSpan LinkLifetime = TimeSpan.FromMinutes(5);

    private readonly LinkReader _reader = new();

    private static ReadOnlySpan<byte> Magic => "PGDMP"u8;

    /// <summary>The object could be fetched without its signature.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>What stays of the object in the store after it was deleted; null: nothing does.</summary>
    public RetainedObject? Retained { get; private set; }

    public Task<SignedLink> SignAsync(CancellationToken ct) => store.SignAsync(key, LinkLifetime, ct);

    /// <summary>Whether Heroku could not even reach the link.</summary>
    public bool FindOnlyHere(SignedLink link, IAssessNotes notes)
    {
        var url = new Uri(link.Url.Reveal());
        if (!isForElsewhere || !LinkReader.IsOnlyHere(url))
            return false;
        notes.Add(StoreFindings.LinkOnlyHere(store.Address, url.Authority));
        return true;
    }

    /// <returns>Bytes in a second that went up; null when it was too quick to tell, or the store is on this
    /// machine.</returns>
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
            // Also when the user has had enough: it is ours, and small, and nobody else knows of it.
            Retained = await PermanentDeletion.DeleteAsync(store, key, CancellationToken.None);
        }
    }

    public void Dispose() => _reader.Dispose();

    private async Task<double> SendAsync(int bytes, CancellationToken ct)
    {
        // Noise, so that nothing on the way makes it smaller.
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
            notes.Add(StoreFindings.LinkBroken(store.Address, "what it gives is something else"));
        var bare = await _reader.ReadStartAsync(new UriBuilder(url) { Query = "" }.Uri, link.Url, Magic.Length, ct);
        if (bare.Problem is null && bare.Bytes.SequenceEqual(Magic.ToArray()))
            IsOpen = true;
    }
}
