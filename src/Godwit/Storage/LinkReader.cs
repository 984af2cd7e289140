using System.Net;
using System.Net.Http.Headers;
using Godwit.Faults;

namespace Godwit.Storage;

/// <summary>Tests signed links by following them.</summary>
public sealed class LinkReader : IDisposable
{
    private static readonly TimeSpan FetchMax = TimeSpan.FromSeconds(30);

    private readonly HttpClient _http =
        new(new SocketsHttpHandler { AllowAutoRedirect = false, Proxy = DirectToLoopback.OfEnvironment() })
        {
            Timeout = FetchMax,
        };

    /// <summary>Only this machine can follow the link.</summary>
    public static bool IsOnlyHere(Uri url) =>
        url.IsLoopback || url.Host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);

    /// <param name="secret">Removed from the problem's text.</param>
    public async Task<LinkStart> ReadStartAsync(Uri url, Secret secret, int bytes, CancellationToken ct)
    {
        // A URL signed for GET answers 403 to HEAD, so the check is a GET of a few bytes.
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.Range = new RangeHeaderValue(0, bytes - 1);
        try
        {
            using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
            if (answer.StatusCode is not (HttpStatusCode.PartialContent or HttpStatusCode.OK))
                return new([], $"it answered {(int)answer.StatusCode} {answer.ReasonPhrase}");
            var first = new byte[bytes];
            await using var body = await answer.Content.ReadAsStreamAsync(ct);
            var read = await body.ReadAtLeastAsync(first, first.Length, throwOnEndOfStream: false, ct);
            return new(first[..read], null);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return new([], Redactor.Clean(e.Message, secret).TrimEnd('.'));
        }
        catch (TaskCanceledException) when (!ct.IsCancellationRequested)
        {
            return new([], $"it did not answer within {FetchMax.TotalSeconds} s");
        }
    }

    public void Dispose() => _http.Dispose();
}

/// <param name="Bytes">As many as were requested, or the whole object if it is shorter.</param>
/// <param name="Problem">A clause: why nothing could be read. Null on success.</param>
public sealed record LinkStart(IReadOnlyList<byte> Bytes, string? Problem);
