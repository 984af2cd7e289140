using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Godwit.EndToEnd.Migration;

public sealed class LinkTests(JourneyServers servers)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_link_that_is_refused_when_the_restore_begins_is_signed_again()
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        var listen = FreePort();
        // The first three requests are Godwit's: the assessment follows a link with and without its signature, and
        // Godwit reads the first bytes through a new link. The fourth is Heroku's, and gets an expired link.
        await using var front = await FrontDoor.StartAsync($"http://127.0.0.1:{listen}", refused: 4);

        var end = await rig.RunAsync([.. rig.Migrate, "--json", "--disk-listen", $"127.0.0.1:{listen}",
            "--disk-public-url", front.Url]);

        end.Expect(0);
        Assert.Contains(end.Events,
            one => one["event"]!.GetValue<string>() == "state_changed" && one["subject"]!.GetValue<string>() == "link");
        await rig.AssertProvenAsync();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Passes requests on like a proxy, and answers one of them with 403.</summary>
    private sealed class FrontDoor : IAsyncDisposable
    {
        private readonly HttpClient _behind = new();
        private readonly WebApplication _app;
        private int _requests;

        private FrontDoor(string behind, int refused)
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            _app = builder.Build();
            _app.Run(async context =>
            {
                if (Interlocked.Increment(ref _requests) == refused)
                {
                    context.Response.StatusCode = StatusCodes.Status403Forbidden;
                    return;
                }

                using var request = new HttpRequestMessage(HttpMethod.Get,
                    behind + context.Request.Path.ToUriComponent() + context.Request.QueryString);
                if (context.Request.Headers.Range is [{ } range])
                    request.Headers.TryAddWithoutValidation("Range", range);
                using var answer = await _behind.SendAsync(request, HttpCompletionOption.ResponseHeadersRead,
                    context.RequestAborted);
                context.Response.StatusCode = (int)answer.StatusCode;
                context.Response.ContentLength = answer.Content.Headers.ContentLength;
                await answer.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
            });
        }

        public string Url => _app.Urls.First();

        public static async Task<FrontDoor> StartAsync(string behind, int refused)
        {
            var front = new FrontDoor(behind, refused);
            await front._app.StartAsync(Ct);
            return front;
        }

        public async ValueTask DisposeAsync()
        {
            await _app.DisposeAsync();
            _behind.Dispose();
        }
    }
}
