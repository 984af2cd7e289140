using System.Net;
using System.Net.Http.Headers;
using System.Net.Mime;
using System.Security.Authentication;
using System.Text;
using System.Text.Json;
using Godwit.Faults;

namespace Godwit.Heroku;

/// <summary>Sends calls: token, time-out, repeats, pages. Every failure leaves here as a fault.</summary>
internal sealed class HerokuHttp : IDisposable
{
    /// <summary>The logs of a large restore are some megabytes; nothing Heroku answers is larger than this.</summary>
    private const long AnswerBytesMax = 64 * 1024 * 1024;

    /// <summary>Pages of 200 to 1000 entries each: more than any account has of anything.</summary>
    private const int PagesMax = 500;

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
            PooledConnectionLifetime = ConnectionLifetime,
        };
#pragma warning restore CA2000
        // The time-out is per attempt and made below: HttpClient's own could not be told from a cancellation.
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = AnswerBytesMax };
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("godwit", typeof(HerokuHttp).Assembly.GetName().Version?.ToString(3)));
    }

    public async Task<T> GetAsync<T>(HerokuCall call, CancellationToken ct)
        where T : class =>
        Parse<T>(call, await SendAsync(call, ct));

    /// <summary>Null when Heroku says it is not there.</summary>
    public async Task<T?> FindAsync<T>(HerokuCall call, CancellationToken ct)
        where T : class
    {
        var answer = await SendAsync(call, ct);
        return answer.Status == HttpStatusCode.NotFound ? null : Parse<T>(call, answer);
    }

    /// <summary>All pages, in Heroku's order. A call that asks for a range itself gets that range only.</summary>
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

        throw new FaultException(HerokuFaults.Malformed(call.Purpose, $"the list has not ended after {PagesMax} pages"));
    }

    /// <summary>Sends it, again where that is safe, until Heroku answers something that is not an error for this call.</summary>
    public async Task<HerokuAnswer> SendAsync(HerokuCall call, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            var (answer, failure) = await TryOnceAsync(call, ct);
            if (answer is not null)
                return answer;
            if (failure!.Fault.Kind != FaultKind.Transient || attempt >= _options.AttemptsMax || !(call.MayRepeat || failure.NothingDone)
                || failure.RetryAfter > _options.RetryAfterMax)
            {
                throw new FaultException(failure.Fault, failure.Cause);
            }

            await Task.Delay(Pause(failure, attempt), _clock, ct);
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<(HerokuAnswer? Answer, Failure? Failure)> TryOnceAsync(HerokuCall call, CancellationToken ct)
    {
        using var request = Build(call);
        var host = request.RequestUri!.IdnHost;
        // Real time, not the clock's: this bounds a real network, while the clock is moved by tests.
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(_options.RequestTimeout);
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseContentRead, limit.Token);
            var answer = await ReadAsync(response, limit.Token);
            return HerokuAnswers.Judge(call, answer, _token) is { } fault ? (null, FromAnswer(answer, fault)) : (answer, null);
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            var fault = call.MayRepeat
                ? HerokuFaults.Timeout(call.Purpose, host, _options.RequestTimeout)
                : HerokuFaults.AnswerLost(call.Purpose, $"no answer within {_options.RequestTimeout.TotalSeconds:0.#} s");
            return (null, new Failure(fault, NothingDone: false) { Cause = e });
        }
        catch (HttpRequestException e)
        {
            return (null, FromNetwork(call, host, e));
        }
    }

    // A rate limit is met before the call is looked at; after any other error Heroku may have done a part of it.
    private static Failure FromAnswer(HerokuAnswer answer, Fault fault) =>
        answer.Status == HttpStatusCode.TooManyRequests
            ? new Failure(fault, NothingDone: true) { RetryAfter = answer.RetryAfter, IsRateLimit = true }
            : new Failure(fault, NothingDone: false) { RetryAfter = answer.RetryAfter };

    private static Failure FromNetwork(HerokuCall call, string host, HttpRequestException e)
    {
        var why = Redactor.Clean(e.InnerException?.Message ?? e.Message, call.Secrets);
        return e.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError => new Failure(HerokuFaults.HostUnknown(call.Purpose, host), NothingDone: true) { Cause = e },
            HttpRequestError.SecureConnectionError when e.InnerException is AuthenticationException =>
                new Failure(HerokuFaults.Tls(call.Purpose, host, why), NothingDone: true) { Cause = e },
            // The connection never stood, so nothing was sent.
            HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError =>
                new Failure(HerokuFaults.Unreachable(call.Purpose, host, why), NothingDone: true) { Cause = e },
            HttpRequestError.ConfigurationLimitExceeded or HttpRequestError.InvalidResponse =>
                new Failure(HerokuFaults.Malformed(call.Purpose, why), NothingDone: false) { Cause = e },
            _ when call.MayRepeat => new Failure(HerokuFaults.Unreachable(call.Purpose, host, why), NothingDone: false) { Cause = e },
            _ => new Failure(HerokuFaults.AnswerLost(call.Purpose, why), NothingDone: false) { Cause = e },
        };
    }

    private HttpRequestMessage Build(HerokuCall call)
    {
        var uri = new Uri(call.IsData ? _endpoints.Data : _endpoints.Platform, call.Path);
        // The addresses were checked when they were made; a path must not be able to lead elsewhere.
        if (!HerokuEndpoints.MayReceiveToken(uri) || uri.Authority != (call.IsData ? _endpoints.Data : _endpoints.Platform).Authority)
            throw new FaultException(HerokuFaults.HostRefused("a path", uri.IdnHost));
        var request = new HttpRequestMessage(call.Method, uri);
        request.Headers.Authorization = call.BasicAuthorization
            ? new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes($":{_token.Value.Reveal()}")))
            : new AuthenticationHeaderValue("Bearer", _token.Value.Reveal());
        request.Headers.TryAddWithoutValidation("Accept", call.Accept);
        foreach (var (name, value) in call.Headers)
            request.Headers.TryAddWithoutValidation(name, value);
        if (call.Body is not null)
            request.Content = new StringContent(call.Body.ToJsonString(), Encoding.UTF8, MediaTypeNames.Application.Json);
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
            // The exception itself may quote the answer, and an answer may hold passwords: only its place is told.
            throw new FaultException(HerokuFaults.Malformed(call.Purpose, $"{answer.ContentType ?? "no content type"}, {answer.Body.Length} characters, {where}"));
        }
    }

    private TimeSpan Pause(Failure failure, int attempt)
    {
        var first = failure.IsRateLimit ? _options.RateLimitPauseBase : _options.PauseBase;
        var upper = Math.Min(first.TotalMilliseconds * Math.Pow(2, attempt - 1), _options.PauseMax.TotalMilliseconds);
#pragma warning disable CA5394 // Jitter spreads callers in time; nobody gains from guessing it.
        var jitter = TimeSpan.FromMilliseconds(Random.Shared.NextDouble() * upper);
#pragma warning restore CA5394
        // What Heroku asks for is a minimum; the jitter comes on top, so that not all come back together.
        return failure.RetryAfter is { } asked && asked > TimeSpan.Zero ? asked + Shorter(jitter, _options.PauseBase) : jitter;
    }

    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;

    /// <param name="NothingDone">Heroku certainly did not begin: even a call that creates may be sent again.</param>
    private sealed record Failure(Fault Fault, bool NothingDone)
    {
        public TimeSpan? RetryAfter { get; init; }

        public bool IsRateLimit { get; init; }

        public Exception? Cause { get; init; }
    }
}
