using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Godwit.Faults;
using Godwit.Storage.Calls;

namespace Godwit.Storage.Gcs;

/// <summary>Google's JSON API, for requests about the bucket rather than its objects. It needs a token.
/// https://cloud.google.com/storage/docs/json_api/v1/buckets</summary>
internal sealed class GcsJson(
    StoreAddress.Gcs address, GcsOptions options, GcsKeyFile key, TimeProvider clock) : IDisposable
{
    private readonly GcsTokens _tokens = new(key, GcsTokens.BucketScope, address.ToString(), clock);
    private readonly StoreHttp _http = new(clock);

    public StoreAddress.Gcs Address => address;

    public GcsKeyFile Key => key;

    /// <param name="path">Starts with <c>/b</c>.</param>
    /// <exception cref="FaultException">Still failing after retries. A refusal is returned as an answer.</exception>
    public async Task<GcsAnswer> CallAsync(HttpMethod method, string path, JsonObject? body, CancellationToken ct)
    {
        try
        {
            return await StoreRetry.RunAsync(StoreRetry.CallAttemptsMax, StoreRetry.StallMax, IsTransient, clock,
                attempt => SendAsync(method, path, body, attempt.Token), ct);
        }
        catch (Exception e) when (e is not (FaultException or OperationCanceledException))
        {
            ct.ThrowIfCancellationRequested();
            throw new FaultException(Explain(e), e);
        }
    }

    public void Dispose()
    {
        _http.Dispose();
        _tokens.Dispose();
    }

    private async Task<GcsAnswer> SendAsync(HttpMethod method, string path, JsonObject? body, CancellationToken ct)
    {
        var token = await _tokens.GetAsync(ct);
        using var request = new HttpRequestMessage(method, $"{options.Endpoint}/storage/v1{path}");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Reveal());
        if (body is not null)
            request.Content = new StringContent(body.ToJsonString(), new MediaTypeHeaderValue("application/json"));
        using var answer = await _http.Client.SendAsync(request, ct);
        if (answer.StatusCode == HttpStatusCode.Unauthorized)
            _tokens.Drop(token);
        if (answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.TooManyRequests
            or HttpStatusCode.RequestTimeout || (int)answer.StatusCode >= 500)
            throw new HttpRequestException(string.Create(CultureInfo.InvariantCulture,
                $"HTTP {(int)answer.StatusCode} {answer.ReasonPhrase}"), null, answer.StatusCode);
        return new(answer.StatusCode, Parse(await answer.Content.ReadAsStringAsync(ct)));
    }

    private static JsonObject Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text) as JsonObject ?? [];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private static bool IsTransient(Exception e) => e is not FaultException && NetworkErrors.IsTransient(e);

    private Fault Explain(Exception e) => e is HttpRequestException { StatusCode: { } status }
        ? status == HttpStatusCode.Unauthorized
            ? GcsFaults.TokenRefused(address.ToString(), key.Account, NetworkErrors.Clean(e))
            : StorageFaults.Unavailable(address.ToString(), NetworkErrors.Clean(e))
        : NetworkErrors.ToFault(e, address.ToString(), options.Endpoint)
            ?? StorageFaults.Unavailable(address.ToString(), NetworkErrors.Clean(e));
}

/// <param name="Body">Empty when the answer is not a JSON object.</param>
internal sealed record GcsAnswer(HttpStatusCode Status, JsonObject Body)
{
    /// <summary>Google's error message in one line.</summary>
    public string Said => string.Create(CultureInfo.InvariantCulture,
        $"HTTP {(int)Status} {Redactor.Clean(((string?)Body["error"]?["message"] ?? "").ReplaceLineEndings(" "))}")
        .TrimEnd('.', ' ');
}
