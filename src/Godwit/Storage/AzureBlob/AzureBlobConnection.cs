using System.Globalization;
using System.Net;
using Godwit.Faults;
using Godwit.Storage.Calls;

namespace Godwit.Storage.AzureBlob;

/// <summary>Sends every request to the service: signs it, limits each attempt, retries passing errors and turns errors
/// into faults.</summary>
internal sealed class AzureBlobConnection(
    StoreAddress.AzureBlob address, AzureBlobOptions options, TimeProvider clock) : IDisposable
{
    /// <summary>The oldest service version that has everything this adapter uses. Sovereign clouds get new versions
    /// later.</summary>
    public const string Version = "2021-12-02";

    // An error is a few lines of XML; a longer body is not an error document.
    private const int ErrorCharsMax = 64 * 1024;

    private const int BigBytes = 1024 * 1024;

    private readonly StoreHttp _http = new(clock);
    private readonly EntraLogin _login = new(options.Login, clock);
    private AzureCredential? _credential;

    public StoreAddress.AzureBlob Address => address;

    public AzureBlobOptions Options => options;

    public TimeProvider Clock => clock;

    /// <summary>Chosen at the first request and then kept: the credential does not change during a run.</summary>
    public AzureCredential Credential => _credential ??= AzureCredential.Find(address, options);

    public string FullKey(string key) => address.Prefix.Length == 0 ? key : $"{address.Prefix}/{key}";

    /// <summary>Without a signature. Null key: the container's.</summary>
    public string UrlOf(string? key) => key is null
        ? $"{Credential.Endpoint}/{address.Container}"
        : $"{Credential.Endpoint}/{address.Container}/"
            + string.Join('/', FullKey(key).Split('/').Select(Uri.EscapeDataString));

    public Task<AzureBlobAnswer> CallAsync(AzureBlobCall call, CancellationToken ct) =>
        CallAsync(call, StoreRetry.CallAttemptsMax, StoreRetry.StallMax, ct);

    public Task<AzureBlobAnswer> CallAsync(
        AzureBlobCall call, int attemptsMax, TimeSpan stallMax, CancellationToken ct) =>
        RunAsync(call, attemptsMax, stallMax, async attempt =>
        {
            using var answer = await SendAsync(call, attempt);
            // A HEAD answer has the object's length but no bytes. Reading it as text would allocate that length, and
            // fail above 2 GiB.
            var text = call.Method == HttpMethod.Head ? "" : await answer.Content.ReadAsStringAsync(attempt.Token);
            return new AzureBlobAnswer(HeadersOf(answer), text);
        }, ct);

    /// <summary>Returns before the body is read. The caller disposes the response.</summary>
    public Task<HttpResponseMessage> OpenAsync(AzureBlobCall call, CancellationToken ct) =>
        RunAsync(call, StoreRetry.CallAttemptsMax, StoreRetry.StallMax, attempt => SendAsync(call, attempt), ct);

    public Fault Explain(Exception e, AzureBlobCall call) =>
        AzureBlobErrors.ToFault(e, new(address, call, Credential, _http.Skew));

    public void Dispose()
    {
        _http.Dispose();
        _login.Dispose();
    }

    private async Task<T> RunAsync<T>(
        AzureBlobCall call, int attemptsMax, TimeSpan stallMax, Func<StoreAttempt, Task<T>> run, CancellationToken ct)
    {
        using var landed = new TimeLimit(Timeout.InfiniteTimeSpan, clock);
        await using var stopped = ct.Register(() => landed.Renew(call.LandingMax));
        try
        {
            var answer = await StoreRetry.RunAsync(
                attemptsMax, stallMax, e => !ct.IsCancellationRequested && AzureBlobErrors.IsTransient(e), clock,
                run, landed.Token);
            if (ct.IsCancellationRequested)
                (answer as IDisposable)?.Dispose();
            ct.ThrowIfCancellationRequested();
            return answer;
        }
        catch (Exception e) when (e is not (FaultException or OperationCanceledException))
        {
            // The error of a cancelled call says nothing about the service.
            ct.ThrowIfCancellationRequested();
            throw new FaultException(Explain(e, call), e);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(AzureBlobCall call, StoreAttempt attempt)
    {
        try
        {
            return await SendOnceAsync(call, attempt);
        }
        catch (AzureBlobException e) when ((e.Status == HttpStatusCode.Unauthorized || e.Code == "AuthenticationFailed")
            && Credential is AzureCredential.Login)
        {
            // The token expired early or was revoked, so ask for a new one.
            _login.Forget();
            return await SendOnceAsync(call, attempt);
        }
    }

    private async Task<HttpResponseMessage> SendOnceAsync(AzureBlobCall call, StoreAttempt attempt)
    {
        using var request = await RequestAsync(call, attempt);
        var answer = await _http.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, attempt.Token);
        attempt.Alive();
        if (answer.IsSuccessStatusCode)
            return answer;
        using (answer)
            throw await ReadErrorAsync(answer, attempt);
    }

    private async Task<HttpRequestMessage> RequestAsync(AzureBlobCall call, StoreAttempt attempt)
    {
        var credential = Credential;
        var query = call.Query.Select(pair => $"{pair.Name}={Uri.EscapeDataString(pair.Value)}");
        if (credential is AzureCredential.Sas sas)
            query = query.Append(sas.Token.Reveal());
        var url = new Uri((call.IsOfService ? credential.Endpoint + "/" : UrlOf(call.Key)) + "?"
            + string.Join('&', query));
        var headers = new Dictionary<string, string>(call.Headers, StringComparer.OrdinalIgnoreCase)
        {
            ["x-ms-version"] = Version,
            ["x-ms-date"] = clock.GetUtcNow().UtcDateTime.ToString("R", CultureInfo.InvariantCulture),
        };
        var request = new HttpRequestMessage(call.Method, url);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        if (call.Method == HttpMethod.Put || call.Method == HttpMethod.Post)
            request.Content = new MovingContent(call, attempt);
        // Lets a busy service refuse the part before it is sent.
        request.Headers.ExpectContinue = call.Body.Count >= BigBytes;
        if (request.Content is { } content)
        {
            if (content.Headers.ContentMD5 is { } md5)
                headers["Content-MD5"] = Convert.ToBase64String(md5);
            if (content.Headers.ContentType is { } type)
                headers["Content-Type"] = type.ToString();
        }

        if (credential is AzureCredential.SharedKey key)
            request.Headers.TryAddWithoutValidation("Authorization",
                SharedKeySignature.Authorization(key.Key, call.Method.Method, url, headers, call.Body.Count));
        else if (credential is AzureCredential.Login login)
            request.Headers.TryAddWithoutValidation("Authorization",
                $"Bearer {(await _login.TokenAsync(address, login.Endpoint, attempt.Token)).Reveal()}");
        return request;
    }

    private static Dictionary<string, string> HeadersOf(HttpResponseMessage answer)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, values) in answer.Headers.NonValidated.Concat(answer.Content.Headers.NonValidated))
            headers[name] = values.ToString();
        return headers;
    }

    private async Task<AzureBlobException> ReadErrorAsync(HttpResponseMessage answer, StoreAttempt attempt)
    {
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(attempt.Token));
        var buffer = new char[ErrorCharsMax];
        var read = await reader.ReadBlockAsync(buffer, attempt.Token);
        var (code, message) = AzureBlobXml.Error(new string(buffer, 0, read));
        if (answer.Headers.TryGetValues("x-ms-error-code", out var codes))
            code = codes.First();
        var wait = answer.Headers.RetryAfter is { } after ? after.Delta ?? after.Date - clock.GetUtcNow() : null;
        return new AzureBlobException(answer.StatusCode, code,
            message.Length > 0 ? message : answer.ReasonPhrase ?? "no reason given", wait);
    }
}
