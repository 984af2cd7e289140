using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Godwit.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Godwit.EndToEnd.Servers;

/// <summary>Imitates Google Cloud Storage as far as possible without Google: tokens for signed statements, signed
/// links, Google's header names and checksums. Swift stores the objects.</summary>
public sealed class GcsFace : IAsyncDisposable
{
    private readonly SwiftServer _swift;
    private readonly WebApplication _app;
    private readonly GcsAccount _account;
    private readonly SwiftForward _forward;

    private GcsFace(SwiftServer swift)
    {
        _swift = swift;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        _app = builder.Build();
        _app.Run(AnswerAsync);
        _account = new GcsAccount(() => Endpoint);
        _forward = new SwiftForward(swift);
    }

    public string Endpoint => _app.Urls.First();

    public GcsAccount Account => _account;

    /// <summary>How to open a bucket of this server.</summary>
    public GcsOptions Options => new() { Endpoint = Endpoint, KeyFile = _account.KeyFile, PartAttemptsMax = 3 };

    /// <summary>Answers in place of Swift with a status and a body; null leaves the request to Swift. Gets method, path
    /// and query.</summary>
    public Func<string, (int Status, string Body)?> Instead { get; set; } = _ => null;

    /// <summary>Called for each request for an object or a bucket, before it is judged, with method, path and
    /// query.</summary>
    public Action<string> Watch { get; set; } = _ => { };

    /// <summary>Answers for the JSON API's buckets, by path. <see cref="Posted"/> has what was sent.</summary>
    public ConcurrentDictionary<string, (int Status, JsonNode Body)> Json { get; } = [];

    public ConcurrentQueue<(string Target, JsonNode? Body)> Posted { get; } = [];

    /// <summary>Reports a wrong checksum for the whole object, as if a part had been lost.</summary>
    public bool ChecksumIsWrong { get; set; }

    public static async Task<GcsFace> StartAsync(SwiftServer swift, CancellationToken ct)
    {
        await swift.StartAsync(ct);
        var face = new GcsFace(swift);
        try
        {
            await face._app.StartAsync(ct);
            face._account.WriteKeyFile();
            return face;
        }
        catch
        {
            await face.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        // The key file first: it would stay if the test host was killed here.
        _account.Dispose();
        await _app.DisposeAsync();
        _forward.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var request = context.Request;
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (request.Path == "/token")
        {
            await _account.GrantAsync(context);
            return;
        }

        Watch($"{request.Method} {target}");
        if (Judge(request, target) is { } refused)
        {
            await RefuseAsync(context, refused);
            return;
        }

        if (Instead($"{request.Method} {target}") is { } instead)
        {
            await request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
            context.Response.StatusCode = instead.Status;
            context.Response.ContentType = "application/xml";
            if (!HttpMethods.IsHead(request.Method))
                await context.Response.WriteAsync(instead.Body, context.RequestAborted);
            return;
        }

        if (request.Path.StartsWithSegments("/storage/v1", StringComparison.Ordinal))
            await AnswerJsonAsync(context, target);
        else
            await _forward.PassAsync(context, target, ChecksumIsWrong);
    }

    /// <returns>Null: accepted.</returns>
    private Refusal? Judge(HttpRequest request, string target)
    {
        if (request.Query.ContainsKey("X-Goog-Signature"))
            return GcsLinkJudge.Judge(request, target, _account);
        var authorization = request.Headers.Authorization.ToString();
        if (!authorization.StartsWith("Bearer ", StringComparison.Ordinal))
            return new(HttpStatusCode.Forbidden, "AccessDenied", "Anonymous caller does not have access to it.");
        if (_account.ScopeOf(authorization["Bearer ".Length..]) is not { } scope)
            return new(HttpStatusCode.Unauthorized, "AuthenticationRequired", "Authentication required.");
        // With a token, Google accepts only its own header names.
        if (request.Headers.Keys.FirstOrDefault(name => name.StartsWith("x-amz-", StringComparison.OrdinalIgnoreCase))
            is { } strange)
            return new(HttpStatusCode.BadRequest, "InvalidArgument", $"{strange} with a token.");
        return request.Path.StartsWithSegments("/storage/v1",
            StringComparison.Ordinal) == scope.EndsWith("full_control", StringComparison.Ordinal)
            ? null
            : new(HttpStatusCode.Forbidden, "AccessDenied", $"A token for {scope} is not for this.");
    }

    private async Task AnswerJsonAsync(HttpContext context, string target)
    {
        var request = context.Request;
        JsonNode? made = null;
        if (HttpMethods.IsPost(request.Method))
        {
            made = await JsonNode.ParseAsync(request.Body, cancellationToken: context.RequestAborted);
            Posted.Enqueue((target, made));
            if (!Json.ContainsKey("POST"))
            {
                using var client = _swift.OpenClient();
                await client.PutBucketAsync((string?)made?["name"], context.RequestAborted);
            }
        }

        var isPost = HttpMethods.IsPost(request.Method);
        (int Status, JsonNode Body) found = Json.TryGetValue(isPost ? "POST" : request.Path.Value!, out var answer)
            ? answer
            : isPost ? (200, made!) : (403, Forbidden(request.Path.Value!));
        context.Response.StatusCode = found.Status;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(found.Body.ToJsonString(), context.RequestAborted);
    }

    private static JsonObject Forbidden(string path) =>
        new()
        {
            ["error"] = new JsonObject { ["code"] = 403, ["message"] = $"the account does not have access to {path}" },
        };

    private static async Task RefuseAsync(HttpContext context, Refusal refusal)
    {
        await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
        context.Response.StatusCode = (int)refusal.Status;
        context.Response.ContentType = "application/xml";
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await context.Response.WriteAsync(string.Create(CultureInfo.InvariantCulture,
                $"<?xml version='1.0' "
                + $"encoding='UTF-8'?><Error><Code>{refusal.Code}</Code><Message>{refusal.Message}</Message></Error>"),
                context.RequestAborted);
        }
    }

    internal sealed record Refusal(HttpStatusCode Status, string Code, string Message);
}
