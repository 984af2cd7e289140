using System.Text.Json;
using Godwit.Faults;
using Godwit.Heroku;

namespace Godwit.Tests.Heroku;

/// <summary>What goes over the wire and what is read from it, call by call.</summary>
public sealed class HerokuClientTests
{
    private const string App = """{"id":"eb58","name":"demo","maintenance":false,"region":{"id":"r","name":"eu"}}""";
    private const string Addon = """
        {"id":"39ee","name":"postgresql-curved-1","state":"provisioning",
         "plan":{"id":"p","name":"heroku-postgresql:essential-1",
        "price":{"cents":900,"unit":"month"}},"app":{"id":"eb58","name":"demo"},"config_vars":["DATABASE_URL"]}
        """;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_call_carries_the_token_the_version_and_our_name()
    {
        await using var server = (await ScriptedHeroku.StartAsync())
            .On("GET /apps/demo", """{"id":"1","name":"demo"}""");
        using var heroku = server.Client();

        Assert.Equal("demo", (await heroku.GetAppAsync("demo", Ct)).Name);

        var seen = Assert.Single(server.Requests);
        Assert.Equal($"Bearer {ScriptedHeroku.Token}", seen.Headers["Authorization"]);
        Assert.Equal("application/vnd.heroku+json; version=3", seen.Headers["Accept"]);
        Assert.StartsWith("godwit/", seen.Headers["User-Agent"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_app_that_is_not_there_is_an_answer_unless_it_is_required()
    {
        await using var server = (await ScriptedHeroku.StartAsync())
            .On("GET /apps/gone", Reply.Error(404, "not_found", "Couldn't find that app.", "app"))
            .On("GET /apps/demo", App);
        using var heroku = server.Client();

        Assert.Null(await heroku.FindAppAsync("gone", Ct));
        Assert.Equal("eu", (await heroku.FindAppAsync("demo", Ct))?.Region?.Name);
        Assert.Equal("heroku.app_missing", (await Expect.FaultAsync(() => heroku.GetAppAsync("gone", Ct))).Code);
    }

    [Fact]
    public async Task An_addon_that_is_not_there_is_an_answer_but_its_missing_app_is_not()
    {
        await using var server = (await ScriptedHeroku.StartAsync())
            .On("GET /apps/demo/addons/x", Reply.Error(404, "not_found", "Couldn't find that add-on.", "add_on"))
            .On("GET /apps/gone/addons/x", Reply.Error(404, "not_found", "Couldn't find that app.", "app"));
        using var heroku = server.Client();

        Assert.Null(await heroku.FindAddonAsync("demo", "x", Ct));
        Assert.Equal("heroku.app_missing",
            (await Expect.FaultAsync(() => heroku.FindAddonAsync("gone", "x", Ct))).Code);
    }

    [Fact]
    public async Task A_database_is_ordered_as_Herokus_own_command_orders_it()
    {
        await using var server = (await ScriptedHeroku.StartAsync())
            .On("POST /apps/demo/addons", new Reply(201, Addon));
        using var heroku = server.Client();

        var addon = await heroku.CreateAddonAsync(
            "demo", "heroku-postgresql:essential-1", new Dictionary<string, string> { ["version"] = "16" },
            attachAs: null, Ct);

        Assert.Equal(("essential-1", 900, false), (addon.Plan.ShortName, addon.Plan.Price?.Cents, addon.IsProvisioned));
        Assert.Equal("""{"attachment":{},"config":{"version":"16"},"plan":{"name":"heroku-postgresql:essential-1"}}""",
            Assert.Single(server.Requests).Body);
    }

    [Fact]
    public async Task Quantities_are_sent_as_strings_and_a_size_only_when_given()
    {
        await using var server = (await ScriptedHeroku.StartAsync())
            .On("PATCH /apps/demo/formation", """[{"type":"worker","quantity":0,"size":"Basic"}]""");
        using var heroku = server.Client();

        var after = await heroku.ScaleAsync("demo", [new("worker", 0), new("web", 2, "Standard-1X")], Ct);

        Assert.Equal(new HerokuProcess("worker", 0, "Basic"), Assert.Single(after));
        Assert.Equal(
            """{"updates":[{"type":"worker","quantity":"0"},{"type":"web","quantity":"2","size":"Standard-1X"}]}""",
            Assert.Single(server.Requests).Body);
    }

    [Fact]
    public async Task Config_vars_are_secrets_both_ways()
    {
        await using var server = (await ScriptedHeroku.StartAsync())
            .On("GET /apps/demo/config-vars", """{"DATABASE_URL":"postgres://u:p@h/d"}""")
            .On("PATCH /apps/demo/config-vars",
                Reply.Error(422, "invalid_params", "FOO cannot be hunter2 (postgres://u:p@h/d)"));
        using var heroku = server.Client();

        var vars = await heroku.GetConfigVarsAsync("demo", Ct);
        var refused = await Expect.FaultAsync(() => heroku.PatchConfigVarsAsync(
            "demo", new Dictionary<string, Secret?> { ["FOO"] = new("hunter2"), ["GONE"] = null }, Ct));

        Assert.Equal("postgres://u:p@h/d", vars["DATABASE_URL"].Reveal());
        Assert.Equal("""{"FOO":"hunter2","GONE":null}""", server.Requests.Last().Body);
        Assert.Equal("Heroku refuses the request: FOO cannot be *** (postgres://u:***@h/d)", refused.Why);
    }

    [Fact]
    public async Task Releases_come_newest_first_and_no_more_than_asked_for()
    {
        await using var server = (await ScriptedHeroku.StartAsync()).On("GET /apps/demo/releases", new Reply(
            206, """[{"id":"a","version":7},{"id":"c","version":9,"status":"succeeded"},{"id":"b","version":8}]""")
            .With("Next-Range", "version ]7..; max=2"));
        using var heroku = server.Client();

        var releases = await heroku.ListReleasesAsync("demo", 2, Ct);

        Assert.Equal([9, 8], releases.Select(release => release.Version));
        Assert.Equal("version ..; order=desc,max=2", Assert.Single(server.Requests).Headers["Range"]);
    }

    [Fact]
    public async Task An_attachment_is_resolved_to_the_one_database_it_means()
    {
        const string plain = """
            {"id":"1","name":"DATABASE","namespace":null,"app":{"id":"eb58","name":"demo"},
             "config_vars":["DATABASE_URL"],
             "addon":{"id":"39ee","name":"pg","app":{"id":"eb58","name":"demo"},
             "plan":{"name":"heroku-postgresql:essential-1"}}}
            """;
        var pooled = plain.Replace("\"namespace\":null", "\"namespace\":\"connection-pooling:default\"");
        var redis = plain.Replace("heroku-postgresql:essential-1", "heroku-redis:mini").Replace("39ee", "77");
        var another = plain.Replace("39ee", "40ff");
        await using var server = await ScriptedHeroku.StartAsync();
        const string call = "POST /actions/addon-attachments/resolve";
        using var heroku = server.Client();

        server.On(call, $"[{redis},{pooled},{plain}]");
        Assert.Equal("DATABASE", (await heroku.ResolveAttachmentAsync("demo", "DATABASE_URL", Ct))?.Name);
        Assert.Equal("""{"addon_attachment":"DATABASE_URL","app":"demo"}""", server.Requests.Last().Body);
        server.On(call, Reply.Error(404, "not_found", "Couldn't find that add on attachment.", "add_on attachment"));
        Assert.Null(await heroku.ResolveAttachmentAsync("demo", "X", Ct));
        server.On(call, $"[{plain},{another}]");
        Assert.Equal("heroku.attachment_ambiguous",
            (await Expect.FaultAsync(() => heroku.ResolveAttachmentAsync("demo", "X", Ct))).Code);
    }

    [Fact]
    public async Task A_database_that_is_not_provisioned_yet_is_an_answer()
    {
        await using var server = (await ScriptedHeroku.StartAsync())
            .On("GET /client/v11/databases/39ee", new Reply(404))
            .On("GET /client/v11/databases/39ee/wait_status", new Reply(404))
            .On("POST /client/v11/databases/39ee/backups", new Reply(404));
        using var heroku = server.Client();

        Assert.Null(await heroku.FindDatabaseAsync("39ee", Ct));
        Assert.Null(await heroku.FindWaitStatusAsync("39ee", Ct));
        Assert.Equal("heroku.database_missing", (await Expect.FaultAsync(() => heroku.CaptureAsync("39ee", Ct))).Code);
    }

    [Fact]
    public async Task Daily_backups_are_listed_and_ordered_as_Herokus_own_command_does_it()
    {
        const string schedules = "/client/v11/databases/39ee/transfer-schedules";
        await using var server = (await ScriptedHeroku.StartAsync())
            // Heroku writes the hour as it likes.
            .On("GET " + schedules, """
                [{"uuid":"1","name":"DATABASE_URL","hour":2,"timezone":"UTC"},{"uuid":"2","name":"X_URL","hour":"14"}]
                """)
            .On("POST " + schedules, new Reply(201, "{}"));
        using var heroku = server.Client();

        await heroku.CreateScheduleAsync("39ee", "DATABASE_URL", new(2, "UTC"), Ct);
        Assert.Equal("""{"hour":"02","timezone":"UTC","schedule_name":"DATABASE_URL"}""", server.Requests.Last().Body);
        Assert.Equal(["02:00 UTC", "14:00 "], (await heroku.ListSchedulesAsync("39ee", Ct)).Select(one => one.At));
    }

    [Fact]
    public async Task What_pg_info_shows_can_be_asked_for_by_its_title()
    {
        await using var server = (await ScriptedHeroku.StartAsync()).On("GET /client/v11/databases/39ee", """
            {"addon_id":"39ee","plan":"essential-1","resource_url":"postgres://u:p@h:5432/d",
             "num_bytes":8123456,"waiting?":true,
             "created_at":"2026-08-20 10:00:00 +0000",
             "info":[{"name":"PG Version","values":["17.9"]},{"name":"Tables","values":["0/4000"]},
             {"name":"Odd","values":[1,true,"x"]},
                     {"name":"Following","values":["postgres://…"],"resolve_db_name":true}]}
            """);
        using var heroku = server.Client();

        var database = await heroku.FindDatabaseAsync("39ee", Ct);

        Assert.NotNull(database);
        Assert.Equal(("17.9", "0/4000"), (database.Find("PG Version"), database.Find("Tables")));
        Assert.Equal(("1, true, x", null), (database.Find("odd"), database.Find("Region")));
        Assert.Equal("***", $"{database.ResourceUrl}");
        Assert.DoesNotContain("u:p@h", database.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_restore_carries_the_link_and_the_extensions_as_Herokus_command_sends_them()
    {
        await using var server = (await ScriptedHeroku.StartAsync()).On("POST /client/v11/databases/39ee/restores", """
            {"uuid":"2497","num":2,"from_type":"gof3r","to_type":"pg_restore","created_at":"2026-11-21 03:55:34 +0000"}
            """);
        using var heroku = server.Client();

        var transfer = await heroku.RestoreAsync("39ee", new Secret("https://b/k?X-Amz-Signature=abc"),
            ["uuid-ossp", " heroku_ext.Hstore"], Ct);

        Assert.Equal(("2497", "pending", true), (transfer.Uuid, transfer.State, transfer.IsRestore));
        Assert.Equal(new DateTimeOffset(2026, 11, 21, 3, 55, 34, TimeSpan.Zero), transfer.CreatedAt);
        using var body = JsonDocument.Parse(Assert.Single(server.Requests).Body);
        Assert.Equal("https://b/k?X-Amz-Signature=abc", body.RootElement.GetProperty("backup_url").GetString());
        Assert.Equal("""["heroku_ext.hstore","uuid-ossp"]""", body.RootElement.GetProperty("extensions").GetRawText());
    }

    [Fact]
    public async Task A_refused_restore_does_not_show_the_link()
    {
        await using var server = (await ScriptedHeroku.StartAsync()).On("POST /client/v11/databases/39ee/restores",
            Reply.Error(422, "invalid_params",
                "Cannot fetch https://b/k?x=abc for Bearer HRKU-0123456789-secret-token"));
        using var heroku = server.Client();

        var thrown = await Assert.ThrowsAsync<FaultException>(() =>
            heroku.RestoreAsync("39ee", new Secret("https://b/k?x=abc"), null, Ct));

        Assert.Contains("Cannot fetch *** for Bearer ***", thrown.Fault.Why, StringComparison.Ordinal);
        Assert.DoesNotContain("abc", thrown.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("HRKU", thrown.ToString(), StringComparison.Ordinal);
        Assert.Equal("""{"backup_url":"https://b/k?x=abc"}""", Assert.Single(server.Requests).Body);
    }

    [Fact]
    public async Task A_setting_is_sent_as_the_kind_of_value_it_is()
    {
        const string settings = """
            {"log_statement":{"value":"ddl","default":"ddl","desc":"…"},"log_lock_waits":{"value":true},
             "log_min_duration_statement":{"value":2000,"default":-1}}
            """;
        await using var server = (await ScriptedHeroku.StartAsync())
            .On("PATCH /postgres/v0/databases/39ee/config", settings)
            .On("GET /postgres/v0/databases/39ee/config", settings);
        using var heroku = server.Client();

        var changes = new Dictionary<string, string>
        {
            ["log_statement"] = "ddl", ["log_lock_waits"] = "true", ["log_min_duration_statement"] = "-1",
        };
        await heroku.PatchSettingsAsync("39ee", changes, Ct);
        var now = await heroku.GetSettingsAsync("39ee", Ct);

        Assert.Equal("""{"log_statement":"ddl","log_lock_waits":true,"log_min_duration_statement":-1}""",
            server.Requests.First().Body);
        Assert.Equal(["ddl", "true", "2000"], now.Values.Select(setting => setting.Value));
    }

    [Fact]
    public async Task A_reset_and_a_cancellation_need_no_answer_to_be_read()
    {
        await using var server = (await ScriptedHeroku.StartAsync())
            .On("PUT /client/v11/databases/39ee/reset", new Reply(200, "ok", "text/plain"))
            .On("POST /client/v11/apps/eb58/transfers/2497/actions/cancel", new Reply(204));
        using var heroku = server.Client();

        await heroku.ResetAsync("39ee", null, Ct);
        await heroku.CancelTransferAsync("eb58", "2497", Ct);

        Assert.Equal(["{}", ""], server.Requests.Select(seen => seen.Body));
    }
}
