using System.Net;
using System.Net.Http.Headers;
using System.Net.Mime;
using System.Text;
using System.Text.Json;
using Godwit.Faults;

namespace Godwit.Heroku;

/// <summary>Sends calls with token, time-out, retries and paging. Every failure becomes a fault.</summary>
internal sealed class HerokuHttp : IDisposable
{
    // The largest answers are logs of large restores, with some megabytes.
    private const long AnswerBytesMax = 64 * 1024 * 1024;

    // Pages have 200 to 1,000 entries: no account has so many of anything.
    private const int PagesMax = 500;

    // Connections are renewed with a new DNS lookup: a long wait must survive a change of Heroku's addresses.
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    private readonly HerokuEndpoints _endpoints;
    private readonly HerokuToken _token;
    private readonly HerokuOptions _options;
    private readonly TimeProvider _clock;
    private readonly HttpClient _http;

    public HerokuHttp(HerokuEndpoints endpoints, HerokuToken token, HerokuOptions options, TimeProvider clock)
    {
        (_endpoints, _token, _options, _clock) = (endpoints, token, options, clock);
#pragma warning disable CA2000 // The client disposes its handler.
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = endpoints.MayUseProxy,
            AutomaticDecompression = DecompressionMethods.All,
            ConnectTimeout = options.ConnectTimeout,
            PooledConnectionLifetime = ConnectionLifetime,
        };
#pragma warning restore CA2000
        // The time-out applies to each attempt and is set below: HttpClient's own looks like a cancellation.
        _http = new HttpClient(handler)
        {
            Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = AnswerBytesMax,
        };
        var version = typeof(HerokuHttp).Assembly.GetName().Version?.ToString(3);
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("godwit", version));
    }

    public async Task<T> GetAsync<T>(HerokuCall call, CancellationToken ct)
        where T : class =>
        Parse<T>(call, await SendAsync(call, ct));

    /// <summary>Null: Heroku answers 404.</summary>
    public async Task<T?> FindAsync<T>(HerokuCall call, CancellationToken ct)
        where T : class
    {
        var answer = await SendAsync(call, ct);
        return answer.Status == HttpStatusCode.NotFound ? null : Parse<T>(call, answer);
    }

    /// <summary>All pages, in Heroku's order. A call with its own range gets that range only.</summary>
    public async Task<IReadOnlyList<T>> ListAsync<T>(HerokuCall call, CancellationToken ct)
    {
        var asked = call.Headers.ContainsKey("Range");
        var all = new List<T>();
        for (var page = 0; page < PagesMax; page++)
        {
            var answer = await SendAsync(call, ct);
            all.AddRange(Parse<IReadOnlyList<T>>(call, answer));
            if (asked || answer.NextRange is not { Length: > 0 } next)
                return all;
            call = call with { Headers = new Dictionary<string, string>(call.Headers) { ["Range"] = next } };
        }

        throw new FaultException(HerokuFaults.Malformed(call.Purpose,
            $"the list has not ended after {PagesMax} pages"));
    }

    /// <summary>Sends the call, and again where that is safe, until the answer is no error for this call.</summary>
    public async Task<HerokuAnswer> SendAsync(HerokuCall call, CancellationToken ct)
    {
        try
        {
            return await new Retry(_options.AttemptsMax, _options.PauseBase, _options.PauseMax).RunAsync(
                token => TryOnceAsync(call, token), e => e is HerokuFailure { Fault.Kind: FaultKind.Transient } failure
                    && (call.MayRepeat || failure.NothingDone), _clock, ct);
        }
        catch (HerokuFailure e)
        {
            throw new FaultException(e.Fault, e.InnerException);
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<HerokuAnswer> TryOnceAsync(HerokuCall call, CancellationToken ct)
    {
        using var request = Build(call);
        var host = request.RequestUri!.IdnHost;
        using var limit = new TimeLimit(_options.RequestTimeout, _clock, ct);
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseContentRead, limit.Token);
            var answer = await ReadAsync(response, limit.Token);
            return HerokuAnswers.Judge(call, answer, _token) is { } fault
                ? throw HerokuFailure.FromAnswer(answer, fault, _options) : answer;
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw HerokuFailure.FromTimeout(call, host, _options, e);
        }
        catch (HttpRequestException e)
        {
            throw HerokuFailure.FromNetwork(call, host, e);
        }
    }

    private HttpRequestMessage Build(HerokuCall call)
    {
        var api = call.IsData ? _endpoints.Data : _endpoints.Platform;
        var uri = new Uri(api, call.Path);
        // The addresses are checked, and a path must not lead to another one.
        if (uri.Scheme != api.Scheme || uri.Authority != api.Authority)
            throw new FaultException(HerokuFaults.BadName(call.Path));
        var request = new HttpRequestMessage(call.Method, uri);
        request.Headers.Authorization = new("Bearer", _token.Value.Reveal());
        request.Headers.TryAddWithoutValidation("Accept", call.Accept);
        foreach (var (name, value) in call.Headers)
            request.Headers.TryAddWithoutValidation(name, value);
        if (call.Body is not null)
            request.Content = new StringContent(call.Body.ToJsonString(), Encoding.UTF8,
                MediaTypeNames.Application.Json);
        return request;
    }

    private async Task<HerokuAnswer> ReadAsync(HttpResponseMessage response, CancellationToken ct) =>
        new(response.StatusCode,
            await response.Content.ReadAsStringAsync(ct),
            response.Content.Headers.ContentType?.MediaType,
            Header(response, "Next-Range"),
            Header(response, "Request-Id"))
        {
            RetryAfter = response.Headers.RetryAfter switch
            {
                { Delta: { } wait } => wait,
                { Date: { } at } => at - _clock.GetUtcNow(),
                _ => null,
            },
            Location = Header(response, "Location"),
        };

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? string.Join(',', values) : null;

    private static T Parse<T>(HerokuCall call, HerokuAnswer answer)
        where T : class
    {
        try
        {
            if (JsonSerializer.Deserialize<T>(answer.Body, HerokuJson.Options) is { } value)
                return value;
            throw new FaultException(HerokuFaults.Malformed(call.Purpose, "it is JSON's null"));
        }
        catch (JsonException e)
        {
            var where = e.Path is { Length: > 0 } path ? $"at {path}" : "no JSON";
            // The exception may quote the answer, which may hold passwords: only the position is reported.
            var seen = $"{answer.ContentType ?? "no content type"}, {answer.Body.Length} characters, {where}";
            throw new FaultException(HerokuFaults.Malformed(call.Purpose, seen));
        }
    }
}
