using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Godwit.EndToEnd.Servers;

/// <summary>A service account with a key file, and the service that gives tokens for statements that the key
/// signed.</summary>
public sealed class GcsAccount : IDisposable
{
    /// <summary>How old a statement may be for Google, and how far a clock may be ahead.</summary>
    private static readonly TimeSpan SkewMax = TimeSpan.FromMinutes(5);

    private static readonly string[] Scopes =
        ["https://www.googleapis.com/auth/devstorage.read_write",
            "https://www.googleapis.com/auth/devstorage.full_control"];

    private readonly string _folder = Directory.CreateTempSubdirectory("godwit-gcs-").FullName;
    private readonly RSA _key = RSA.Create(2048);
    private readonly Func<string> _endpoint;
    private readonly ConcurrentDictionary<string, (string Scope, DateTimeOffset EndsAt)> _tokens = [];
    private int _granted;

    internal GcsAccount(Func<string> endpoint) => _endpoint = endpoint;

    public string Email => "mover@godwit-test.iam.gserviceaccount.com";

    public string KeyFile => Path.Combine(_folder, "key.json");

    /// <summary>For tokens given from now on.</summary>
    public TimeSpan TokenLife { get; set; } = TimeSpan.FromHours(1);

    /// <summary>The key was deleted at Google.</summary>
    public bool KeyIsRevoked { get; set; }

    public int Granted => _granted;

    /// <summary>All tokens given, for tests that look for leaked tokens.</summary>
    public IReadOnlyList<string> Tokens => [.. _tokens.Keys];

    /// <summary>Lines of the private key as in the file, for the same tests.</summary>
    public IReadOnlyList<string> KeyLines =>
        [.. _key.ExportPkcs8PrivateKeyPem().Split('\n').Where(line => line.Length == 64)];

    /// <summary>Makes the tokens given so far invalid.</summary>
    public void RevokeTokens()
    {
        foreach (var (token, (scope, _)) in _tokens)
            _tokens[token] = (scope, DateTimeOffset.MinValue);
    }

    public bool Verify(byte[] what, byte[] signature) =>
        _key.VerifyData(what, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

    /// <returns>Null: not a token of this account, or an expired one.</returns>
    public string? ScopeOf(string token) => _tokens.TryGetValue(token, out var found)
        && found.EndsAt > TimeProvider.System.GetUtcNow() ? found.Scope : null;

    public void WriteKeyFile() => File.WriteAllText(KeyFile, new JsonObject
    {
        ["type"] = "service_account",
        ["project_id"] = "godwit-test",
        ["private_key_id"] = "0123456789abcdef",
        ["private_key"] = _key.ExportPkcs8PrivateKeyPem(),
        ["client_email"] = Email,
        ["token_uri"] = $"{_endpoint()}/token",
    }.ToJsonString());

    public void Dispose()
    {
        _key.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    internal async Task GrantAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        JsonObject answer;
        if (form["grant_type"] != "urn:ietf:params:oauth:grant-type:jwt-bearer")
            answer = Refuse(context, "unsupported_grant_type", "Invalid grant_type");
        else if (Judge(form["assertion"].ToString(), out var scope) is { } wrong)
            answer = Refuse(context, "invalid_grant", wrong);
        else
            answer = Grant(scope);
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(answer.ToJsonString(), context.RequestAborted);
    }

    private JsonObject Grant(string scope)
    {
        var token = "ya29." + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        _tokens[token] = (scope, TimeProvider.System.GetUtcNow() + TokenLife);
        Interlocked.Increment(ref _granted);
        return new JsonObject
        {
            ["access_token"] = token, ["expires_in"] = (int)TokenLife.TotalSeconds, ["token_type"] = "Bearer",
        };
    }

    private static JsonObject Refuse(HttpContext context, string error, string description)
    {
        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        return new JsonObject { ["error"] = error, ["error_description"] = description };
    }

    /// <returns>What is wrong with the statement; null: nothing.</returns>
    private string? Judge(string statement, out string scope)
    {
        scope = "";
        var parts = statement.Split('.');
        if (parts.Length != 3 || KeyIsRevoked
            || !Verify(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2])))
            return "Invalid JWT Signature.";
        var head = JsonNode.Parse(Base64Url.DecodeFromChars(parts[0]))!;
        var body = JsonNode.Parse(Base64Url.DecodeFromChars(parts[1]))!;
        if ((string?)head["alg"] != "RS256" || (string?)head["kid"] != "0123456789abcdef")
            return "Invalid JWT: unknown key.";
        if ((string?)body["iss"] != Email)
            return "Invalid grant: account not found";
        if ((string?)body["aud"] != $"{_endpoint()}/token")
            return "Invalid JWT: Failed audience check.";
        scope = (string?)body["scope"] ?? "";
        if (!Scopes.Contains(scope))
            return "Invalid scope.";
        var now = TimeProvider.System.GetUtcNow();
        var issued = DateTimeOffset.FromUnixTimeSeconds((long)body["iat"]!);
        var ends = DateTimeOffset.FromUnixTimeSeconds((long)body["exp"]!);
        return issued > now + SkewMax || ends < now || issued < now - TimeSpan.FromHours(1)
            || ends - issued > TimeSpan.FromHours(1) || (now - issued).Duration() > SkewMax
            ? "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. "
                + "Check your iat and exp values in the JWT claim."
            : null;
    }
}
