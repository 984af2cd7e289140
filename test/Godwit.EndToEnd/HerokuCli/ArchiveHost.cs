using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Godwit.EndToEnd.HerokuCli;

/// <summary>The bucket of these stories: a small web server on this machine that hands out what it was given.</summary>
internal sealed class ArchiveHost : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, byte[]> _files = new();
    private readonly WebApplication _app;

    private ArchiveHost()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.MapGet("/{name}", (string name) => _files.TryGetValue(name, out var bytes)
            ? Results.Bytes(bytes, "application/octet-stream")
            : Results.NotFound());
    }

    public static async Task<ArchiveHost> StartAsync(CancellationToken ct)
    {
        var host = new ArchiveHost();
        await host._app.StartAsync(ct);
        return host;
    }

    /// <summary>Serves these bytes. The address looks like a signed one, because that is what the CLI must pass on
    /// unharmed.</summary>
    public string Serve(string name, byte[] bytes)
    {
        _files[name] = bytes;
        return AddressOf(name);
    }

    public string AddressOf(string name) => $"{_app.Urls.First()}/{name}?X-Amz-Expires=900&X-Amz-Signature=0a1b2c3d";

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
