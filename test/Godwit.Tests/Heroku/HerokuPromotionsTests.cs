using Godwit.Heroku;

namespace Godwit.Tests.Heroku;

public sealed class HerokuPromotionsTests
{
    private const string Attachments = "GET /apps/demo/addon-attachments";
    private const string Attach = "POST /addon-attachments";
    private const string WaitStatus = "GET /client/v11/databases/new-id/wait_status";
    private const string Formation = "GET /apps/demo/formation";
    private const string Releases = "GET /apps/demo/releases";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_former_database_keeps_another_name_before_it_loses_this_one()
    {
        await using var server = (await StartAsync())
            .On(Attachments, $"[{Attached("DATABASE", "old")},{Attached("HEROKU_POSTGRESQL_RED", "new")}]")
            .On(Attach, Reply.Json(Attached("HEROKU_POSTGRESQL_BLUE", "old")), Reply.Json(Attached("DATABASE", "new")));

        await PromoteAsync(server);

        Assert.Equal(
            [
                """{"addon":{"name":"old"},"app":{"name":"demo"},"confirm":"demo","namespace":null}""",
                """{"addon":{"name":"new"},"app":{"name":"demo"},"confirm":"demo","namespace":"""
                    + """null,"name":"DATABASE"}""",
            ],
            server.Requests.Where(seen => seen.Call == Attach).Select(seen => seen.Body));
    }

    [Fact]
    public async Task A_former_database_with_another_name_gets_no_third()
    {
        await using var server = (await StartAsync())
            .On(Attachments,
                $"[{Attached("DATABASE", "old")},{Attached("OLD", "old")},{Attached("HEROKU_POSTGRESQL_RED", "new")}]")
            .On(Attach, Attached("DATABASE", "new"));

        await PromoteAsync(server);

        Assert.Single(server.Requests, seen => seen.Call == Attach);
    }

    [Fact]
    public async Task A_promotion_that_is_done_is_not_done_again()
    {
        await using var server = (await StartAsync()).On(Attachments, $"[{Attached("DATABASE", "new")}]");

        await PromoteAsync(server);

        Assert.DoesNotContain(server.Requests, seen => seen.Call == Attach);
    }

    [Fact]
    public async Task A_database_that_is_not_ready_is_not_promoted()
    {
        await using var server = (await StartAsync())
            .On(Attachments, "[]").On(WaitStatus, """{"waiting?":true,"message":"preparing"}""");

        Assert.Equal("heroku.database_not_ready", (await Expect.FaultAsync(() => PromoteAsync(server))).Code);
        Assert.DoesNotContain(server.Requests, seen => seen.Call == Attach);
    }

    [Theory]
    [InlineData("succeeded", null)]
    [InlineData("failed", "heroku.release_failed")]
    [InlineData("pending", "heroku.release_slow")]
    public async Task An_app_with_a_release_phase_is_promoted_when_that_succeeded(string status, string? code)
    {
        await using var server = (await StartAsync()).On(Attachments, "[]").On(Attach, Attached("DATABASE", "new"))
            .On(Formation, """[{"type":"web","quantity":1},{"type":"release","quantity":0}]""")
            .On(Releases, """
                [{"id":"r9","version":9,"status":"pending","description":"Attach DATABASE (@ref:new)"},
                 {"id":"r8","version":8,"status":"failed","description":"Detach DATABASE (@ref:old)"}]
                """)
            .On("GET /apps/demo/releases/r9", Reply.Json("""{"id":"r9","version":9,"status":"pending"}"""),
                Reply.Json($$"""{"id":"r9","version":9,"status":"{{status}}"}"""));

        if (code is null)
            await PromoteAsync(server);
        else
            Assert.Equal(code, (await Expect.FaultAsync(() => PromoteAsync(server))).Code);
    }

    [Fact]
    public async Task A_failed_release_phase_is_over_when_a_later_release_succeeded()
    {
        await using var server = (await StartAsync()).On(Attachments, $"[{Attached("DATABASE", "new")}]")
            .On(Formation, """[{"type":"release","quantity":0}]""")
            .On(Releases, """
                [{"id":"r10","version":10,"status":"succeeded","description":"Deploy abc"},
                 {"id":"r9","version":9,"status":"failed","description":"Attach DATABASE (@ref:new)"}]
                """);

        await PromoteAsync(server);

        Assert.DoesNotContain(server.Requests, seen => seen.Call == Attach);
    }

    private static async Task<ScriptedHeroku> StartAsync() =>
        (await ScriptedHeroku.StartAsync())
            .On(WaitStatus, """{"waiting?":false,"message":"available"}""").On(Formation, "[]");

    private static async Task PromoteAsync(ScriptedHeroku server)
    {
        using var heroku = server.Client();
        var app = new HerokuRef("eb58", "demo");
        var target = new HerokuAttachment("a", "HEROKU_POSTGRESQL_RED", app,
            new HerokuAttachedAddon("new-id", "new", app));
        await new HerokuPromotions(heroku).PromoteAsync("demo", target, Ct);
    }

    private static string Attached(string name, string addon) => $$"""
        {"id":"{{name}}-id","name":"{{name}}","namespace":null,"app":{"id":"eb58","name":"demo"},
         "addon":{"id":"{{addon}}-id","name":"{{addon}}","app":{"id":"eb58","name":"demo"} },
         "config_vars":["{{name}}_URL"]}
        """;
}
