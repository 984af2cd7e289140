// Web: what Godwit serves over HTTP. It decides nothing: the engine judges each request. It knows no migration.
using System.Net;
using Godwit.Faults;
using Godwit.Storage.Disk;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Godwit.App.Web;

/// <summary>Serves a disk store's objects behind signed links: only GET, with Range.</summary>
public sealed class LinkHost : ILinkHost
{
    // A restore reads one object over one connection, and a retry may overlap it. No known client needs more.
    private const int ConnectionsMax = 16;

    // For a download that still runs when the run ends.
    private static readonly TimeSpan StopMax = TimeSpan.FromSeconds(2);

    private WebApplication? _app;

    public async Task<Uri> StartAsync(IPEndPoint listen, DiskLinks links, CancellationToken ct)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        // The request line contains the signature, so nothing is logged.
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(listen);
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = ConnectionsMax;
            // A restore reads nothing for minutes while it builds an index, so slow readers are allowed.
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Limits.MaxRequestBodySize = 0;
        });
        var app = builder.Build();
        app.Run(context => AnswerAsync(context, links));
        try
        {
            await app.StartAsync(ct);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        _app = app;
        return new Uri(app.Urls.First());
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is null)
            return;
        using var limit = new CancellationTokenSource(StopMax);
        await _app.StopAsync(limit.Token);
        await _app.DisposeAsync();
        _app = null;
    }

    private static Task AnswerAsync(HttpContext context, DiskLinks links)
    {
        var request = context.Request;
        if (!HttpMethods.IsGet(request.Method))
        {
            context.Response.Headers.Allow = HttpMethods.Get;
            return Results.StatusCode(StatusCodes.Status405MethodNotAllowed).ExecuteAsync(context);
        }

        if (!request.Path.StartsWithSegments("/" + DiskLinks.Path, StringComparison.Ordinal, out var rest)
            || rest.Value is not { Length: > 1 } path)
            return Results.StatusCode(StatusCodes.Status403Forbidden).ExecuteAsync(context);
        var signature = request.Query["signature"].FirstOrDefault() is { } given ? new Secret(given) : null;
        var answer = links.Judge(request.Method, path[1..], request.Query["expires"], signature);
        context.Response.Headers.CacheControl = "no-store";
        return answer switch
        {
            { Verdict: LinkVerdict.Serve, File: { } file } =>
                Results.File(file, "application/octet-stream", enableRangeProcessing: true).ExecuteAsync(context),
            { Verdict: LinkVerdict.Missing } => Results.StatusCode(StatusCodes.Status404NotFound).ExecuteAsync(context),
            _ => Results.StatusCode(StatusCodes.Status403Forbidden).ExecuteAsync(context),
        };
    }
}
