using System.Net;
using Godwit.Faults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Godwit.HerokuLocal.Http;

/// <summary>Kestrel alone: no configuration files, environment, log or signal handlers.</summary>
internal static class LocalHost
{
    // A megabyte: the CLI's largest body is a set of config vars.
    private const long BodyBytesMax = 1 << 20;

    // For running requests; longer downloads are cut.
    private static readonly TimeSpan StopMax = TimeSpan.FromSeconds(2);

    public static WebApplication Build(IPAddress address, int port, Gate gate)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = BodyBytesMax;
            kestrel.Listen(address, port, listen => listen.Protocols = HttpProtocols.Http1);
        });
        builder.Services.AddRoutingCore();
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = StopMax);
        // The default lifetime would take Ctrl-C away from the program.
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        var web = builder.Build();
        web.UseRouting();
        web.Use(next => context => gate.PassAsync(context, next));
        return web;
    }

    /// <summary>Returns the address it listens on.</summary>
    /// <exception cref="FaultException"><c>heroku_local.port_taken</c>.</exception>
    public static async Task<string> StartAsync(WebApplication web, int port, CancellationToken ct)
    {
        // Otherwise the framework's endpoints come first, and our gate never sees an unknown path.
        web.UseEndpoints(_ => { });
        try
        {
            await web.StartAsync(ct);
        }
        catch (IOException e)
        {
            await web.DisposeAsync();
            throw new FaultException(HerokuLocalFaults.PortTaken(port, e.InnerException?.Message ?? e.Message), e);
        }

        return web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
    }

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
