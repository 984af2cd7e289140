using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Godwit.Faults;
using Godwit.Heroku;

namespace Godwit.Tests.Heroku;

/// <summary>What happens when Heroku, or the way to it, does not behave.</summary>
public sealed class HerokuResilienceTests
{
    private const string Me = """{"id":"1","name":"demo"}""";
    private const string Order = "POST /apps/demo/addons";

    private static readonly HerokuOptions Impatient =
        new() { RequestTimeout = TimeSpan.FromMilliseconds(200), AttemptsMax = 2 };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_rate_limit_is_waited_out_for_as_long_as_Heroku_asks()
    {
        await using var server = (await ScriptedHeroku.StartAsync())
            .On("GET /apps/demo", new Reply(429).With("Retry-After", "7"), Reply.Json(Me));
        using var heroku = server.Client();

        await heroku.GetAppAsync("demo", Ct);

        var pause = Assert.Single(server.Clock.Pauses);
        Assert.InRange(pause, TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(8));
    }

    [Fact]
    public async Task A_time_of_day_in_Retry_After_is_understood()
    {
        await using var server = await ScriptedHeroku.StartAsync();
        var at = server.Clock.GetUtcNow().AddSeconds(20).ToString("R");
        server.On("GET /apps/demo", new Reply(503).With("Retry-After", at), Reply.Json(Me));
        using var heroku = server.Client();

        await heroku.GetAppAsync("demo", Ct);

        Assert.InRange(Assert.Single(server.Clock.Pauses), TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(21));
    }

    [Fact]
    public async Task A_wait_longer_than_our_patience_is_told_instead_of_sat_out()
    {
        await using var server = (await ScriptedHeroku.StartAsync())
            .On("GET /apps/demo", new Reply(429).With("Retry-After", "3600"));
        using var heroku = server.Client();

        var fault = await Expect.FaultAsync(() => heroku.GetAppAsync("demo", Ct));

        Assert.Equal(("heroku.rate_limited", FaultKind.Transient), (fault.Code, fault.Kind));
        Assert.Contains("3600 s", fault.Why, StringComparison.Ordinal);
        Assert.Empty(server.Clock.Pauses);
    }

    [Theory]
    [InlineData(429, "heroku.rate_limited")]
    [InlineData(500, "heroku.server_error")]
    [InlineData(502, "heroku.server_error")]
    [InlineData(503, "heroku.unavailable")]
    public async Task Repeats_end_and_their_pauses_are_bounded(int status, string code)
    {
        await using var server = (await ScriptedHeroku.StartAsync()).On("GET /apps/demo", new Reply(status));
        var options = new HerokuOptions();
        using var heroku = server.Client(options);

        Assert.Equal(code, (await Expect.FaultAsync(() => heroku.GetAppAsync("demo", Ct))).Code);

        Assert.Equal(options.AttemptsMax, server.Requests.Count);
        Assert.Equal(options.AttemptsMax - 1, server.Clock.Pauses.Count);
        Assert.All(server.Clock.Pauses, pause => Assert.InRange(pause, TimeSpan.Zero, options.PauseMax));
    }

    [Fact]
    public async Task An_order_is_sent_again_after_a_rate_limit_because_nothing_was_done()
    {
        await using var server = (await ScriptedHeroku.StartAsync()).On(Order, new Reply(429), Reply.Json(
            """
            {"id":"1","name":"pg","state":"provisioning","plan":{"name":"heroku-postgresql:x"},
             "app":{"id":"2","name":"demo"}}
            """));
        using var heroku = server.Client();

        Assert.Equal("pg", (await OrderAsync(heroku)).Name);
    }

    [Fact]
    public async Task An_order_is_not_sent_twice_when_the_first_may_have_been_taken()
    {
        await using var server = await ScriptedHeroku.StartAsync();
        using var heroku = server.Client(Impatient);

        foreach (var (reply, code) in new[]
        {
            (new Reply(500), "heroku.server_error"), (new Reply(503), "heroku.unavailable"),
            (Reply.Cut, "heroku.answer_lost"), (Reply.Hang, "heroku.answer_lost"),
        })
        {
            server.On(Order, reply);
            server.Requests.Clear();
            Assert.Equal(code, (await Expect.FaultAsync(() => OrderAsync(heroku))).Code);
            Assert.Single(server.Requests);
        }
    }

    [Fact]
    public async Task A_refused_connection_is_tried_again_even_for_an_order()
    {
        var clock = new InstantClock();
        using var heroku = Unreachable("http", clock);

        var fault = await Expect.FaultAsync(() => OrderAsync(heroku));

        Assert.Equal("heroku.unreachable", fault.Code);
        Assert.Equal(new HerokuOptions().AttemptsMax - 1, clock.Pauses.Count);
    }

    [Fact]
    public async Task A_read_survives_a_cut_connection()
    {
        await using var server = (await ScriptedHeroku.StartAsync())
            .On("GET /apps/demo", Reply.Cut, Reply.Cut, Reply.Json(Me));
        using var heroku = server.Client();

        Assert.Equal("demo", (await heroku.GetAppAsync("demo", Ct)).Name);
    }

    [Fact]
    public async Task A_Heroku_that_never_answers_is_given_up()
    {
        await using var server = (await ScriptedHeroku.StartAsync()).On("GET /apps/demo", Reply.Hang);
        using var heroku = server.Client(Impatient);

        var fault = await Expect.FaultAsync(() => heroku.GetAppAsync("demo", Ct));

        Assert.Equal("heroku.timeout", fault.Code);
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task A_cancelled_call_is_a_cancellation_and_not_a_fault()
    {
        await using var server = (await ScriptedHeroku.StartAsync()).On("GET /apps/demo", Reply.Hang);
        using var heroku = server.Client();
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Ct);

        var call = heroku.GetAppAsync("demo", cancel.Token);
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Fact]
    public async Task A_redirect_does_not_take_the_token_elsewhere()
    {
        await using var elsewhere = (await ScriptedHeroku.StartAsync()).On("GET /apps/demo", Me);
        await using var server = (await ScriptedHeroku.StartAsync())
            .On("GET /apps/demo", new Reply(302).With("Location", $"{elsewhere.Address}account?sig=abc"));
        using var heroku = server.Client();

        var fault = await Expect.FaultAsync(() => heroku.GetAppAsync("demo", Ct));

        Assert.Equal("heroku.redirected", fault.Code);
        Assert.DoesNotContain("abc", fault.Why, StringComparison.Ordinal);
        Assert.Empty(elsewhere.Requests);
    }

    [Fact]
    public async Task A_list_is_read_to_its_last_page()
    {
        await using var server = (await ScriptedHeroku.StartAsync()).On("GET /addon-services/heroku-postgresql/plans",
            new Reply(206, """[{"name":"heroku-postgresql:essential-0"}]""").With("Next-Range", "]a..; max=1"),
            new Reply(206, """[{"name":"heroku-postgresql:essential-1"}]""").With("Next-Range", "]b..; max=1"),
            Reply.Json("""[{"name":"heroku-postgresql:essential-2"}]"""));
        using var heroku = server.Client();

        var plans = await heroku.ListPlansAsync(Ct);

        Assert.Equal(["essential-0", "essential-1", "essential-2"], plans.Select(plan => plan.ShortName));
        Assert.Equal(["", "]a..; max=1", "]b..; max=1"],
            server.Requests.Select(seen => seen.Headers.GetValueOrDefault("Range", "")));
    }

    [Fact]
    public async Task A_list_that_never_ends_does()
    {
        await using var server = (await ScriptedHeroku.StartAsync())
            .On("GET /addon-services/heroku-postgresql/plans", Reply.Json("[]").With("Next-Range", "]a.."));
        using var heroku = server.Client();

        Assert.Equal("heroku.malformed", (await Expect.FaultAsync(() => heroku.ListPlansAsync(Ct))).Code);
    }

    [Theory]
    [InlineData("<html>Sign in to the hotel's network, password=hunter2</html>", "text/html")]
    [InlineData("{\"id\":\"1\",\"name\":", "application/json")]
    [InlineData("{}", "application/json")]
    [InlineData("null", "application/json")]
    [InlineData("[\"hunter2\"]", "application/json")]
    [InlineData("{\"id\":\"1\",\"name\":null}", "application/json")]
    [InlineData("{\"id\":\"1\",\"name\":{\"hunter2\":1}}", "application/json")]
    [InlineData("", "application/json")]
    public async Task An_answer_that_is_not_Herokus_is_a_fault_that_does_not_quote_it(string body, string type)
    {
        await using var server = (await ScriptedHeroku.StartAsync()).On("GET /apps/demo", new Reply(200, body, type));
        using var heroku = server.Client();

        var thrown = await Assert.ThrowsAsync<FaultException>(() => heroku.GetAppAsync("demo", Ct));

        Assert.Equal("heroku.malformed", thrown.Fault.Code);
        Assert.DoesNotContain("hunter2", thrown.ToString(), StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_certificate_nobody_vouches_for_ends_the_call_before_the_token_is_sent()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch,
            DateTimeOffset.UnixEpoch.AddYears(100));
        await using var server = (await ScriptedHeroku.StartAsync(certificate)).On("GET /apps/demo", Me);
        using var heroku = server.Client();

        var fault = await Expect.FaultAsync(() => heroku.GetAppAsync("demo", Ct));

        Assert.Equal(("heroku.tls", FaultKind.Refused), (fault.Code, fault.Kind));
        Assert.Empty(server.Requests);
    }

    [Fact]
    public void A_name_that_cannot_be_resolved_is_told_as_such()
    {
        var call = new HerokuCall(HttpMethod.Post, IsData: false, "/apps", "create the app demo");

        var failure = HerokuFailure.FromNetwork(
            call, "api.heroku.com",
            new HttpRequestException(HttpRequestError.NameResolutionError, "Name or service not known."));

        Assert.Equal(("heroku.host_unknown", FaultKind.Transient, true),
            (failure.Fault.Code, failure.Fault.Kind, failure.NothingDone));
    }

    private static Task<HerokuAddon> OrderAsync(HerokuClient heroku) =>
        heroku.CreateAddonAsync("demo", "heroku-postgresql:x", new Dictionary<string, string>(), attachAs: null, Ct);

    private static HerokuClient Unreachable(string scheme, InstantClock clock)
    {
        // A port that was free a moment ago, and that nobody listens on.
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        return HerokuClient.From(
            name => name switch
            {
                "HEROKU_HOST" => $"{scheme}://127.0.0.1:{port}",
                "HEROKU_DATA_HOST" => "127.0.0.1",
                "HEROKU_API_KEY" => "k",
                _ => null,
            },
            clock);
    }
}
