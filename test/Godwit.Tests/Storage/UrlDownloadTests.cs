using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Godwit.App.Web;
using Godwit.Faults;
using Godwit.Storage;
using Godwit.Storage.Download;

namespace Godwit.Tests.Storage;

/// <summary>Web addresses as a source: our own server of a disk store, and one that answers what a test
/// wants.</summary>
public sealed partial class UrlDownloadTests : IDisposable
{
    private static readonly DownloadPlan Plan =
        new() { FirstBytes = 1000, RangeBytes = 5000, ParallelMax = 4, ProgressBytes = 1000, AttemptsMax = 3 };

    private readonly string _folder = Directory.CreateTempSubdirectory("godwit-url-").FullName;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1001)]
    [InlineData(123_456)]
    public async Task A_signed_link_is_read_in_ranges_and_its_signature_is_never_shown(int bytes)
    {
        await using var store = ObjectStores.Open(new StoreAddress.Disk(_folder), new StoreOptions(), new LinkHost(),
            TimeProvider.System);
        await using var content = new PatternStream(bytes);
        await store.PutAsync("shop.dump", new ObjectUpload(content), Ct);
        var link = await store.SignAsync("shop.dump", TimeSpan.FromMinutes(5), Ct);

        var opened = await UrlDownload.OpenAsync(link.Url, Plan, TimeProvider.System, Ct);

        await using var read = opened.Content;
        Assert.Equal((bytes, true), (opened.SizeBytes, opened.CanResume));
        Assert.Equal(content.Sha256, Convert.ToHexStringLower(await SHA256.HashDataAsync(read, Ct)));
        Assert.Equal(link.Url.Reveal()[..link.Url.Reveal().IndexOf('?', StringComparison.Ordinal)],
            UrlDownload.NameOf(link.Url));
        Assert.True(UrlDownload.OpensSomething(link.Url));
    }

    [Fact]
    public async Task A_server_without_ranges_gives_one_stream_and_that_is_said()
    {
        await using var server = new Answering(_ => "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123456789");

        var opened = await UrlDownload.OpenAsync(server.Url("/a?sig=s3cr3t"), TimeProvider.System, Ct);

        await using var read = opened.Content;
        Assert.Equal((10L, false), (opened.SizeBytes, opened.CanResume));
        Assert.Equal("0123456789", await TextAsync(read));
        Assert.Single(server.Heads);
    }

    [Fact]
    public async Task A_server_without_ranges_that_hangs_up_early_is_a_fault_and_no_short_file()
    {
        await using var server = new Answering(_ => "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123");
        var opened = await UrlDownload.OpenAsync(server.Url("/a"), TimeProvider.System, Ct);
        await using var read = opened.Content;

        Assert.Equal("storage.url_broken",
            (await Assert.ThrowsAsync<FaultException>(() => TextAsync(read))).Fault.Code);
    }

    [Fact]
    public async Task A_range_that_breaks_goes_on_at_the_byte_where_it_broke()
    {
        var text = Digits(3000);
        await using var server = new Answering(head => Ranged(head, text, giveMax: 300));
        var opened = await UrlDownload.OpenAsync(server.Url("/a"), Plan with { ProgressBytes = 100 },
            TimeProvider.System, Ct);
        await using var read = opened.Content;

        Assert.Equal(text, await TextAsync(read));
        Assert.Equal(["0-0", "0-999", "300-999", "600-999", "900-999", "1000-2999"],
            server.Heads.Select(RangeOf).Take(6));
        Assert.All(server.Heads.Skip(1),
            head => Assert.Contains("If-Range: \"v1\"\r\n", head, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("\"v2\"", 3000)]
    [InlineData("\"v1\"", 4000)]
    public async Task Another_file_at_the_same_address_is_a_fault_and_never_a_mixture(string mark, int size)
    {
        await using var server = new Answering(head =>
            RangeOf(head).StartsWith('0') ? Ranged(head, Digits(3000)) : Ranged(head, Digits(size), mark));
        var opened = await UrlDownload.OpenAsync(server.Url("/a"), Plan, TimeProvider.System, Ct);
        await using var read = opened.Content;

        Assert.Equal("storage.url_replaced",
            (await Assert.ThrowsAsync<FaultException>(() => TextAsync(read))).Fault.Code);
    }

    [Theory]
    [InlineData("403 Forbidden", "storage.url_refused")]
    [InlineData("401 Unauthorized", "storage.url_refused")]
    [InlineData("404 Not Found", "storage.url_missing")]
    [InlineData("410 Gone", "storage.url_missing")]
    [InlineData("400 Bad Request", "storage.url_failed")]
    [InlineData("503 Slow Down", "storage.url_unavailable")]
    public async Task What_a_server_refuses_is_told_without_the_signature(string status, string code)
    {
        await using var server = new Answering(_ => $"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n");

        var thrown = await Assert.ThrowsAsync<FaultException>(() =>
            UrlDownload.OpenAsync(server.Url("/a.dump?sig=s3cr3t"), TimeProvider.System, Ct));

        Assert.Equal(code, thrown.Fault.Code);
        Assert.Contains($"http://127.0.0.1:{server.Port}/a.dump", thrown.Fault.What, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cr3t", thrown.ToString(), StringComparison.Ordinal);
        Assert.Equal(code == "storage.url_unavailable" ? 3 : 1, server.Heads.Count);
    }

    [Fact]
    public async Task A_redirect_is_followed_and_asked_for_again_when_what_it_led_to_has_run_out()
    {
        var text = Digits(3000);
        var tickets = 0;
        await using var server = new Answering(head => PathOf(head) switch
        {
            "/door" => $"HTTP/1.1 302 Found\r\nLocation: /room?ticket={++tickets}\r\nContent-Length: 0\r\n\r\n",
            var path when path == $"/room?ticket={tickets}" && (tickets > 1 || RangeOf(head) == "0-0") =>
                Ranged(head, text),
            _ => "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n",
        });
        var opened = await UrlDownload.OpenAsync(server.Url("/door"), Plan, TimeProvider.System, Ct);
        await using var read = opened.Content;

        Assert.Equal(text, await TextAsync(read));
        Assert.Equal(2, tickets);
    }

    [Theory]
    [InlineData("http://other.example/x", "nothing protects")]
    [InlineData("https://user:s3cr3t@other.example/x", "a password in it")]
    [InlineData("/again", "more than 5 times")]
    [InlineData("ftp://other.example/x", "nothing protects")]
    public async Task A_redirect_that_leads_astray_is_not_followed(string location, string why)
    {
        await using var server = new Answering(_ =>
            $"HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n");

        var thrown = await Assert.ThrowsAsync<FaultException>(() =>
            UrlDownload.OpenAsync(server.Url("/a"), TimeProvider.System, Ct));

        Assert.Equal("storage.url_redirected", thrown.Fault.Code);
        Assert.Contains(why, thrown.Fault.Why, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cr3t", thrown.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://", "storage.url_malformed")]
    [InlineData("https://me:s3cr3t@host/x", "storage.url_password")]
    public void An_address_that_cannot_be_used_is_told_apart(string url, string code)
    {
        var thrown = Assert.Throws<FaultException>(() => UrlDownload.NameOf(new Secret(url)));

        Assert.Equal(code, thrown.Fault.Code);
        Assert.DoesNotContain("s3cr3t", thrown.ToString(), StringComparison.Ordinal);
    }

    private static string Digits(int count) =>
        string.Concat(Enumerable.Range(0, count).Select(n => (char)('0' + (n % 7))));

    private static async Task<string> TextAsync(Stream read)
    {
        using var reader = new StreamReader(read, leaveOpen: true);
        return await reader.ReadToEndAsync(Ct);
    }

    private static string PathOf(string head) => head.Split(' ')[1];

    private static string RangeOf(string head) => RangeHeader().Match(head).Value;

    [GeneratedRegex(@"(?<=\nRange: bytes=)[\d-]+")]
    private static partial Regex RangeHeader();

    private static string Ranged(string head, string text, string mark = "\"v1\"", int giveMax = int.MaxValue)
    {
        var asked = RangeOf(head).Split('-')
            .Select(number => int.Parse(number, CultureInfo.InvariantCulture)).ToArray();
        var (from, to) = (asked[0], Math.Min(asked[1], text.Length - 1));
        return $"HTTP/1.1 206 Partial Content\r\nETag: {mark}\r\nContent-Range: bytes {from}-{to}/{text.Length}\r\n"
            + $"Content-Length: {to - from + 1}\r\n\r\n"
            + text[from..(to + 1)][..Math.Min(giveMax, to - from + 1)];
    }

    /// <summary>Answers one request for each connection, and hangs up.</summary>
    private sealed class Answering : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly Func<string, string> _answer;
        private readonly Task _serving;
        private readonly List<string> _heads = [];

        public Answering(Func<string, string> answer)
        {
            _answer = answer;
            _listener.Start();
            _serving = ServeAsync();
        }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public IReadOnlyList<string> Heads
        {
            get
            {
                lock (_heads)
                    return [.. _heads];
            }
        }

        public Secret Url(string path) => new($"http://127.0.0.1:{Port}{path}");

        public async ValueTask DisposeAsync()
        {
            _listener.Dispose();
            await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        private async Task ServeAsync()
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync(Ct);
                using var reader = new StreamReader(client.GetStream(), Encoding.ASCII, leaveOpen: true);
                var head = new StringBuilder();
                while (await reader.ReadLineAsync(Ct) is { Length: > 0 } line)
                    head.Append(line).Append("\r\n");
                if (head.Length == 0)
                    continue;
                lock (_heads)
                    _heads.Add(head.ToString());
                await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(_answer(head.ToString())), Ct);
            }
        }
    }
}
