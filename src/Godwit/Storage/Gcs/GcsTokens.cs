using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Godwit.Faults;
using Godwit.Storage.Calls;

namespace Godwit.Storage.Gcs;

/// <summary>Tokens of a service account: requested with a statement signed by its key, kept, and renewed before they
/// expire. https://developers.google.com/identity/protocols/oauth2/service-account#httprest</summary>
/// <param name="scope">The account's own roles limit it further.</param>
/// <param name="store">The address, for faults.</param>
internal sealed class GcsTokens(GcsKeyFile key, string scope, string store, TimeProvider clock) : IDisposable
{
    public const string ObjectsScope = "https://www.googleapis.com/auth/devstorage.read_write";

    /// <summary>The smallest scope that can read a bucket's access settings.
    /// https://cloud.google.com/storage/docs/oauth-scopes</summary>
    public const string BucketScope = "https://www.googleapis.com/auth/devstorage.full_control";

    // The longest that Google accepts.
    private static readonly TimeSpan StatementLife = TimeSpan.FromHours(1);

    // Sending a part may take minutes, and the token must be valid until its end.
    private static readonly TimeSpan RenewBefore = TimeSpan.FromMinutes(5);

    // Shorter than a call's own limit, so that a silent token service is named and not the store.
    private static readonly TimeSpan StallMax = TimeSpan.FromSeconds(15);

    private readonly StoreHttp _http = new(clock);
    private readonly SemaphoreSlim _asking = new(1, 1);
    private Token? _token;

    /// <exception cref="FaultException">The key is not accepted, or the token service cannot be reached.</exception>
    public async Task<Secret> GetAsync(CancellationToken ct)
    {
        await _asking.WaitAsync(ct);
        try
        {
            if (_token is null || clock.GetUtcNow() >= _token.RenewAt)
                _token = await RequestAsync(ct);
            return _token.Value;
        }
        finally
        {
            _asking.Release();
        }
    }

    /// <summary>The service does not take it any more, whatever was said about its life.</summary>
    public void Drop(Secret token)
    {
        if (token.Equals(_token?.Value))
            _token = null;
    }

    public void Dispose()
    {
        _http.Dispose();
        _asking.Dispose();
    }

    private async Task<Token> RequestAsync(CancellationToken ct)
    {
        try
        {
            return await StoreRetry.RunAsync(StoreRetry.CallAttemptsMax, StallMax, IsTransient, clock,
                attempt => AskAsync(attempt.Token), ct);
        }
        catch (Exception e) when (e is not (FaultException or OperationCanceledException))
        {
            ct.ThrowIfCancellationRequested();
            throw new FaultException(Explain(e), e);
        }
    }

    private async Task<Token> AskAsync(CancellationToken ct)
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "urn:ietf:params:oauth:grant-type:jwt-bearer",
            ["assertion"] = State(),
        });
        using var answer = await _http.Client.PostAsync(key.TokenUri, form, ct);
        if (!answer.IsSuccessStatusCode)
            throw new TokenRefusedException(answer.StatusCode, await SaidAsync(answer, ct));
        var granted = await ReadAsync(answer, ct);
        if ((string?)granted["access_token"] is not { Length: > 0 } value)
            throw new TokenRefusedException(HttpStatusCode.BadGateway, "it answered without a token");
        var life = TimeSpan.FromSeconds((int?)granted["expires_in"] ?? 0);
        // A token with a life too short for that is renewed after half of it.
        return new(new Secret(value), clock.GetUtcNow() + (life > 2 * RenewBefore ? life - RenewBefore : life / 2));
    }

    private string State()
    {
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        var head = new JsonObject { ["alg"] = "RS256", ["typ"] = "JWT", ["kid"] = key.KeyId };
        var body = new JsonObject
        {
            ["iss"] = key.Account,
            ["scope"] = scope,
            ["aud"] = key.TokenUri.OriginalString,
            ["iat"] = now,
            ["exp"] = now + (long)StatementLife.TotalSeconds,
        };
        var said = $"{Encode(head.ToJsonString())}.{Encode(body.ToJsonString())}";
        return $"{said}.{Base64Url.EncodeToString(key.Sign(Encoding.ASCII.GetBytes(said)))}";
        static string Encode(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
    }

    private static async Task<string> SaidAsync(HttpResponseMessage answer, CancellationToken ct)
    {
        var refused = await ReadAsync(answer, ct);
        var said = new[] { (string?)refused["error"], (string?)refused["error_description"] }.OfType<string>().ToList();
        return said.Count > 0 ? string.Join(": ", said) : string.Create(CultureInfo.InvariantCulture,
            $"HTTP {(int)answer.StatusCode}");
    }

    // Empty when the answer is not a JSON object.
    private static async Task<JsonObject> ReadAsync(HttpResponseMessage answer, CancellationToken ct)
    {
        try
        {
            return JsonNode.Parse(await answer.Content.ReadAsStringAsync(ct)) as JsonObject ?? [];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private static bool IsTransient(Exception e) => e is TokenRefusedException refused
        ? (int)refused.Status >= 500
            || refused.Status is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout
        : NetworkErrors.IsTransient(e);

    private Fault Explain(Exception e)
    {
        var endpoint = key.TokenUri.GetLeftPart(UriPartial.Authority);
        if (e is not TokenRefusedException refused)
            return NetworkErrors.ToFault(e, store, endpoint)
                ?? GcsFaults.KeyRefused(key.Account, key.Path, NetworkErrors.Clean(e));
        if (IsTransient(e))
            return StorageFaults.Unavailable(store, $"{endpoint}: {NetworkErrors.Clean(e)}");
        // Google reports a statement with a wrong time as an invalid grant too; only its clock tells the two apart.
        if (_http.Skew is { } skew && skew.Duration() > NetworkErrors.SkewTolerated)
            return StorageFaults.ClockSkewed(store, NetworkErrors.InWords(skew));
        return GcsFaults.KeyRefused(key.Account, key.Path, NetworkErrors.Clean(refused));
    }

    private sealed record Token(Secret Value, DateTimeOffset RenewAt);

#pragma warning disable CA1032, CA1064 // It never leaves this class: it holds an answer until that becomes a fault.
    private sealed class TokenRefusedException(HttpStatusCode status, string said) : Exception(said)
    {
        public HttpStatusCode Status => status;
    }
#pragma warning restore CA1032, CA1064
}
