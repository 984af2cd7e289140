using System.Net;
using System.Net.Http.Headers;
using Godwit.Faults;
using Godwit.Storage;

namespace Godwit.Load;

/// <summary>The signed link of this process: a secret that is never written down, so a resumed run signs a new one.</summary>
/// <param name="herokuIsHere">Heroku itself is on this machine (heroku-local), so a link to loopback is one it can follow.</param>
public sealed class RestoreLink(IObjectStore store, string key, Func<TimeSpan> lifetime, bool herokuIsHere, TimeProvider clock) : IDisposable
{
    /// <summary>Every custom-format archive begins with these bytes.</summary>
    /// <remarks>https://www.postgresql.org/docs/current/app-pgdump.html</remarks>
    private static readonly byte[] Magic = "PGDMP"u8.ToArray();

    private static readonly TimeSpan FetchMax = TimeSpan.FromSeconds(30);

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = FetchMax };
    private SignedLink? _link;

    /// <summary>Has run out, or does within the next moments.</summary>
    public bool IsExpired => _link is null || _link.ExpiresAt - clock.GetUtcNow() < TimeSpan.FromSeconds(30);

    public async Task<SignedLink> CurrentAsync(CancellationToken ct) => IsExpired ? await SignAsync(ct) : _link!;

    /// <summary>Signs anew and reads the first bytes through the link, as Heroku will: a link that was never followed proves nothing.</summary>
    /// <exception cref="FaultException">Heroku could not follow it, or it does not give the dump.</exception>
    public async Task<SignedLink> SignAsync(CancellationToken ct)
    {
        var link = await store.SignAsync(key, lifetime(), ct);
        var url = new Uri(link.Url.Reveal());
        if (!herokuIsHere && (url.IsLoopback || url.Host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)))
            throw new FaultException(LoadFaults.LinkUnreachable(url.Authority));
        await RequireReadableAsync(url, link.Url, ct);
        return _link = link;
    }

    public void Dispose() => _http.Dispose();

    private async Task RequireReadableAsync(Uri url, Secret secret, CancellationToken ct)
    {
        // A URL signed for GET answers 403 to HEAD, so the check is a GET of five bytes.
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.Range = new RangeHeaderValue(0, Magic.Length - 1);
        try
        {
            using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
            if (answer.StatusCode is not (HttpStatusCode.PartialContent or HttpStatusCode.OK))
                throw new FaultException(LoadFaults.LinkBroken(store.Address, $"it answered {(int)answer.StatusCode} {answer.ReasonPhrase}"));
            var first = new byte[Magic.Length];
            await using var body = await answer.Content.ReadAsStreamAsync(ct);
            var read = await body.ReadAtLeastAsync(first, first.Length, throwOnEndOfStream: false, ct);
            if (read < first.Length || !first.AsSpan().SequenceEqual(Magic))
                throw new FaultException(LoadFaults.LinkBroken(store.Address, "what it gives does not begin as a PostgreSQL archive does"));
        }
        catch (HttpRequestException e)
        {
            throw new FaultException(LoadFaults.LinkBroken(store.Address, Redactor.Clean(e.Message, secret)), e);
        }
        catch (TaskCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw new FaultException(LoadFaults.LinkBroken(store.Address, $"it did not answer within {FetchMax.TotalSeconds} s"), e);
        }
    }
}
