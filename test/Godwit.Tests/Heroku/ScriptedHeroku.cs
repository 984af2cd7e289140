using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Godwit.Faults;
using Godwit.Heroku;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Godwit.Tests.Heroku;

/// <summary>A real HTTP server on loopback that gives the answers it was told to give, in order, the last one for
/// ever.</summary>
public sealed class ScriptedHeroku : IAsyncDisposable
{
    public const string Token = "HRKU-0123456789-secret-token";

    private readonly WebApplication _web;
    private readonly ConcurrentDictionary<string, ConcurrentQueue<Reply>> _script = new();

    private ScriptedHeroku(WebApplication web) => _web = web;

    public ConcurrentQueue<Seen> Requests { get; } = new();

    public InstantClock Clock { get; } = new();

    public Uri Address => new(_web.Urls.First());

    public static async Task<ScriptedHeroku> StartAsync(X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (certificate is not null)
                listen.UseHttps(certificate);
        }));
        var server = new ScriptedHeroku(builder.Build());
        server._web.Run(server.AnswerAsync);
        await server._web.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    /// <param name="call">E.g. <c>GET /account</c>, with the query if there is one.</param>
    public ScriptedHeroku On(string call, params IEnumerable<Reply> replies)
    {
        _script[call] = new ConcurrentQueue<Reply>(replies);
        return this;
    }

    public ScriptedHeroku On(string call, string json) => On(call, Reply.Json(json));

    public HerokuClient Client(HerokuOptions? options = null)
    {
        var endpoints = HerokuEndpoints.From(Environment);
        return new HerokuClient(endpoints, HerokuToken.Find(Environment, endpoints), Clock, options);
    }

    public string? Environment(string name) => name switch
    {
        "HEROKU_HOST" => Address.GetLeftPart(UriPartial.Authority),
        "HEROKU_DATA_HOST" => Address.Host,
        "HEROKU_API_KEY" => Token,
        _ => null,
    };

    public ValueTask DisposeAsync() => _web.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body);
        var call = $"{http.Request.Method} {http.Request.Path.ToUriComponent()}{http.Request.QueryString}";
        var headers = http.Request.Headers
            .ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        Requests.Enqueue(new Seen(call, headers, await reader.ReadToEndAsync(http.RequestAborted)));
        if (!_script.TryGetValue(call, out var replies) || !replies.TryPeek(out var reply))
        {
            http.Response.StatusCode = 599;
            return;
        }

        if (replies.Count > 1)
            replies.TryDequeue(out _);
        await reply.WriteAsync(http);
    }
}

public sealed record Seen(string Call, IReadOnlyDictionary<string, string> Headers, string Body);

/// <param name="Status">0: the connection is cut; -1: nothing is ever answered.</param>
public sealed record Reply(int Status, string Body = "", string ContentType = "application/json")
{
    private IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    public static Reply Hang { get; } = new(-1);

    public static Reply Cut { get; } = new(0);

    public static Reply Json(string json) => new(200, json);

    public static Reply Error(int status, string id, string message, string? resource = null) =>
        new(status, $$"""{"id":"{{id}}","message":"{{message}}"{{(
            resource is null ? "" : $",\"resource\":\"{resource}\"")}}}""");

    public Reply With(string header, string value) => this with { Headers = [.. Headers, (header, value)] };

    public async Task WriteAsync(HttpContext http)
    {
        if (Status == 0)
        {
            http.Abort();
            return;
        }

        if (Status < 0)
            await Task.Delay(Timeout.InfiniteTimeSpan, http.RequestAborted)
                .ContinueWith(_ => { }, TaskScheduler.Default);
        http.Response.StatusCode = Math.Max(Status, 200);
        http.Response.ContentType = ContentType;
        foreach (var (name, value) in Headers)
            http.Response.Headers[name] = value;
        if (Body.Length > 0)
            await http.Response.WriteAsync(Body, http.RequestAborted);
    }
}

internal static class Expect
{
    public static async Task<Fault> FaultAsync(Func<Task> call) =>
        (await Assert.ThrowsAsync<FaultException>(call)).Fault;
}
