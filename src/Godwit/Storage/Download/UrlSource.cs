using System.Net;
using System.Net.Http.Headers;
using Godwit.Faults;
using Godwit.Storage.Calls;

namespace Godwit.Storage.Download;

/// <summary>The resource behind one URL. Follows redirects, uses only GET (a link signed for GET refuses HEAD), and
/// never mixes two versions.</summary>
internal sealed class UrlSource(Uri url, TimeProvider clock) : IRangeSource, IDisposable
{
    // A link redirects once or twice; more is a loop.
    private const int RedirectsMax = 5;

    private readonly StoreHttp _http = new(clock);
    private readonly Uri _given = url;
    private volatile Uri _door = url;
    private Version? _version;

    public string Name { get; } = NameOf(url);

    /// <summary>For display, without the query.</summary>
    public static string NameOf(Uri url) =>
        url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);

    /// <summary>Asks for one byte, to learn the size and whether the server supports ranges.</summary>
    public async Task<Start> StartAsync(CancellationToken ct)
    {
        var answer = await CallAsync(StoreRetry.CallAttemptsMax, new RangeHeaderValue(0, 0), ct);
        var range = answer.Content.Headers.ContentRange;
        switch (answer.StatusCode)
        {
            case HttpStatusCode.PartialContent when range is { From: 0, Length: { } size }:
                _version = Version.Of(answer);
                answer.Dispose();
                return new(size, null);
            case HttpStatusCode.RequestedRangeNotSatisfiable when range is { Length: 0 }:
                answer.Dispose();
                return new(0, null);
            case HttpStatusCode.OK:
                return await WholeAsync(answer, ct);
            default:
                // No total size, or no range although the object may have bytes: only the whole can be requested.
                answer.Dispose();
                return await WholeAsync(await CallAsync(StoreRetry.CallAttemptsMax, null, ct), ct);
        }
    }

    /// <summary>Tries once: the caller retries.</summary>
    public async Task<Stream> OpenAsync(long offsetBytes, long lengthBytes, CancellationToken ct)
    {
        var answer = await CallAsync(attemptsMax: 1,
            new RangeHeaderValue(offsetBytes, offsetBytes + lengthBytes - 1), ct);
        try
        {
            // Some servers ignore If-Range, so the answer itself is checked.
            if (answer.StatusCode == HttpStatusCode.PartialContent && Version.Of(answer) == _version
                && answer.Content.Headers.ContentRange?.From == offsetBytes)
                return new AnswerStream(answer, await answer.Content.ReadAsStreamAsync(ct), this);
            throw new FaultException(UrlFaults.Replaced(Name));
        }
        catch
        {
            answer.Dispose();
            throw;
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<Start> WholeAsync(HttpResponseMessage answer, CancellationToken ct)
    {
        if (answer.StatusCode == HttpStatusCode.OK)
            return new(answer.Content.Headers.ContentLength,
                new AnswerStream(answer, await answer.Content.ReadAsStreamAsync(ct), this));
        answer.Dispose();
        throw new FaultException(UrlFaults.Failed(Name, Said(answer)));
    }

    /// <returns>200, 206 or 416.</returns>
    private async Task<HttpResponseMessage> CallAsync(int attemptsMax, RangeHeaderValue? range, CancellationToken ct)
    {
        try
        {
            return await StoreRetry.RunAsync(attemptsMax, StoreRetry.StallMax, IsTransient, clock, async attempt =>
            {
                var door = _door;
                try
                {
                    return await FollowAsync(door, range, attempt.Token);
                }
                catch (FaultException e) when (door != _given && e.Fault.Kind == FaultKind.Refused)
                {
                    // A redirect's target is often signed for a few minutes only, so ask the first URL again.
                    return await FollowAsync(_given, range, attempt.Token);
                }
            }, ct);
        }
        catch (Exception e) when (e is not (FaultException or OperationCanceledException))
        {
            ct.ThrowIfCancellationRequested();
            throw new FaultException(OfNetwork(e), e);
        }
    }

    private async Task<HttpResponseMessage> FollowAsync(Uri from, RangeHeaderValue? range, CancellationToken ct)
    {
        var at = from;
        for (var redirects = 0; ; redirects++)
        {
            var answer = await AskAsync(at, range, ct);
            if (answer.StatusCode
                is HttpStatusCode.OK or HttpStatusCode.PartialContent or HttpStatusCode.RequestedRangeNotSatisfiable)
            {
                _door = at;
                return answer;
            }

            using (answer)
                at = answer.Headers.Location is { } location && (int)answer.StatusCode is >= 300 and < 400
                    ? Target(at, location, redirects) : throw new FaultException(FaultOf(answer));
        }
    }

    private Uri Target(Uri at, Uri location, int redirects)
    {
        var target = new Uri(at, location);
        var why = redirects >= RedirectsMax ? $"it redirects more than {RedirectsMax} times"
            : target.UserInfo.Length > 0 ? "it redirects to an address with a password in it"
            : target.Scheme == Uri.UriSchemeHttps || (target.Scheme == at.Scheme && target.Host == at.Host) ? null
            : $"it redirects to {NameOf(target)}, where nothing protects what is read";
        return why is null ? target : throw new FaultException(UrlFaults.Redirected(Name, why));
    }

    private async Task<HttpResponseMessage> AskAsync(Uri at, RangeHeaderValue? range, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, at);
        request.Headers.Range = range;
        // Compression would change the byte offsets.
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("godwit", null));
        if (_version?.Condition is { } condition)
            request.Headers.IfRange = condition;
        return await _http.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
    }

    private Fault FaultOf(HttpResponseMessage answer) => answer.StatusCode switch
    {
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => UrlFaults.Refused(Name, Said(answer)),
        HttpStatusCode.NotFound or HttpStatusCode.Gone => UrlFaults.Missing(Name, Said(answer)),
        HttpStatusCode.PreconditionFailed => UrlFaults.Replaced(Name),
        HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError =>
            UrlFaults.Unavailable(Name, Said(answer)),
        _ => UrlFaults.Failed(Name, Said(answer)),
    };

    private Fault OfNetwork(Exception e) => NetworkErrors.IsTransient(e)
        ? UrlFaults.Unreachable(Name, NetworkErrors.Clean(e.GetBaseException()))
        : UrlFaults.Failed(Name, NetworkErrors.Clean(e.GetBaseException()));

    private static string Said(HttpResponseMessage answer) =>
        Redactor.Clean($"HTTP {(int)answer.StatusCode} {answer.ReasonPhrase}".Trim());

    private static bool IsTransient(Exception e) =>
        e is FaultException said ? said.Fault.Kind == FaultKind.Transient : NetworkErrors.IsTransient(e);

    /// <param name="Whole">The whole resource if the server has no ranges; null: ask for ranges.</param>
    /// <param name="SizeBytes">Null: unknown before the end.</param>
    public sealed record Start(long? SizeBytes, Stream? Whole);

    // Tells whether two answers are of the same version.
    private sealed record Version(string? ETag, DateTimeOffset? ModifiedAt, long? SizeBytes)
    {
        /// <summary>Null for a weak ETag, which If-Range forbids.
        /// https://www.rfc-editor.org/rfc/rfc9110#section-13.1.5</summary>
        public RangeConditionHeaderValue? Condition =>
            EntityTagHeaderValue.TryParse(ETag, out var mark) && !mark.IsWeak ? new(mark) : null;

        public static Version Of(HttpResponseMessage answer) =>
            new(answer.Headers.ETag?.ToString(), answer.Content.Headers.LastModified,
                answer.Content.Headers.ContentRange?.Length);
    }

    private sealed class AnswerStream(HttpResponseMessage answer, Stream body, UrlSource source) : ForwardOnlyStream
    {
        public override async ValueTask<int> ReadAsync(
            Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            try
            {
                return await body.ReadAsync(buffer, cancellationToken);
            }
            catch (Exception e) when (e is IOException or HttpRequestException)
            {
                throw new FaultException(source.OfNetwork(e), e);
            }
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                body.Dispose();
                answer.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
