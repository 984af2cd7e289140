using Godwit.Heroku;

namespace Godwit.Tests.Heroku;

/// <summary>Transfers, databases and promotions that take their time, on a clock that does not.</summary>
public sealed class HerokuWaitingTests
{
    private const string Look = "GET /client/v11/apps/eb58/transfers/2497";
    private const string LookWithLogs = "GET /client/v11/apps/eb58/transfers/2497?verbose=true";
    private const string AddonLook = "GET /apps/demo/addons/pg";
    private const string WaitStatus = "GET /client/v11/databases/39ee/wait_status";

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_transfer_is_looked_at_every_three_seconds_until_it_has_finished()
    {
        await using var server = (await ScriptedHeroku.StartAsync())
            .On(Look, Transfer(null), Transfer(null, bytes: 10, started: true), Transfer(true, bytes: 20))
            .On(LookWithLogs, Transfer(true, bytes: 20, logs: ["Starting restore", "Restore completed"]));
        using var heroku = server.Client();
        var seen = new Told<HerokuTransfer>();

        var verdict = await new HerokuTransfers(heroku).WatchAsync("eb58", "2497", Hour, seen, Ct);

        Assert.True(verdict.IsClean);
        Assert.Equal(["Starting restore", "Restore completed"], verdict.Logs);
        Assert.Equal([("pending", 0L), ("running", 10), ("finished", 20)],
            seen.All.Select(one => (one.State, one.ProcessedBytes ?? 0)));
        Assert.Equal([TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(3)], server.Clock.Pauses);
    }

    [Theory]
    [InlineData(true, 0, false, "done", true, 0)]
    [InlineData(true, 2, false, "done", true, 2)]
    [InlineData(true, 0, false,
        "pg_restore: error: could not execute query: ERROR:  must be owner of extension hstore", true, 1)]
    [InlineData(true, 1, false, "pg_restore: warning: errors ignored on restore: 3", true, 3)]
    [InlineData(true, 0, false, "pg_restore: [archiver (db)] Error from TOC entry 1", true, 1)]
    [InlineData(true, 0, true, "done", false, 0)]
    [InlineData(false, 0, false, "done", false, 0)]
    [InlineData(null, 0, false, "done", false, 0)]
    public async Task Success_needs_the_flag_and_no_skipped_statement_in_count_or_log(
        bool? flag, int warnings, bool cancelled, string line, bool succeeded, int counted)
    {
        var end = Transfer(flag, warnings, cancelled, logs: ["Starting restore", line]);
        await using var server = (await ScriptedHeroku.StartAsync()).On(Look, end).On(LookWithLogs, end);
        using var heroku = server.Client();

        var verdict = await new HerokuTransfers(heroku).WatchAsync("eb58", "2497", Hour, null, Ct);

        Assert.Equal((succeeded, counted, succeeded && counted == 0),
            (verdict.Succeeded, verdict.Warnings, verdict.IsClean));
        Assert.Equal(line == "done" ? [] : [line], verdict.Problems);
    }

    [Fact]
    public async Task A_transfer_that_is_being_cancelled_is_not_over_yet()
    {
        await using var server = (await ScriptedHeroku.StartAsync())
            .On(Look, Reply.Json("""{"uuid":"2497","canceled_at":"2026-11-21 03:55:34 +0000"}"""),
                Transfer(false, cancelled: true))
            .On(LookWithLogs, Transfer(false, cancelled: true));
        using var heroku = server.Client();
        var seen = new Told<HerokuTransfer>();

        Assert.False((await new HerokuTransfers(heroku).WatchAsync("eb58", "2497", Hour, seen, Ct)).Succeeded);
        Assert.Equal(["cancelling", "cancelled"], seen.All.Select(one => one.State));
    }

    [Fact]
    public async Task The_log_does_not_show_the_link_the_archive_was_read_from()
    {
        var end = Reply.Json("""
            {"uuid":"2497","finished_at":"2026-11-21 03:55:34 +0000","succeeded":false,
             "from_url":"https://b/k?x=abc","to_url":"postgres://u:hunter2@h/d",
             "logs":[{"message":"cannot read https://b/k?x=abc into postgres://u:hunter2@h/d","level":"error"}]}
            """);
        await using var server = (await ScriptedHeroku.StartAsync()).On(Look, end).On(LookWithLogs, end);
        using var heroku = server.Client();

        var verdict = await new HerokuTransfers(heroku).WatchAsync("eb58", "2497", Hour, null, Ct);

        Assert.Equal(["cannot read *** into ***"], verdict.Problems);
        Assert.DoesNotContain("hunter2", verdict.Transfer.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_few_failed_looks_do_not_end_the_wait_and_many_in_a_row_end_it_with_a_fault()
    {
        var options = new HerokuOptions { AttemptsMax = 1, FailedLooksMax = 3 };
        await using var server = (await ScriptedHeroku.StartAsync())
            .On(Look, new Reply(500), new Reply(404), Transfer(null), new Reply(500), new Reply(500), Transfer(true))
            .On(LookWithLogs, Transfer(true));
        using var heroku = server.Client(options);
        var transfers = new HerokuTransfers(heroku);

        Assert.True((await transfers.WatchAsync("eb58", "2497", Hour, null, Ct)).IsClean);
        server.On(Look, new Reply(500));
        server.Requests.Clear();
        var fault = await Expect.FaultAsync(() => transfers.WatchAsync("eb58", "2497", Hour, null, Ct));

        Assert.Equal(("heroku.lost_sight", 3), (fault.Code, server.Requests.Count));
    }

    [Fact]
    public async Task A_refused_token_ends_the_wait_at_once()
    {
        await using var server = (await ScriptedHeroku.StartAsync())
            .On(Look, Transfer(null), Reply.Error(401, "unauthorized", "No"));
        using var heroku = server.Client();

        var fault = await Expect.FaultAsync(() =>
            new HerokuTransfers(heroku).WatchAsync("eb58", "2497", Hour, null, Ct));

        Assert.Equal("heroku.unauthorized", fault.Code);
    }

    [Fact]
    public async Task A_transfer_that_never_ends_is_left_to_itself_at_the_limit()
    {
        await using var server = (await ScriptedHeroku.StartAsync()).On(Look, Transfer(null, started: true));
        using var heroku = server.Client();

        var fault = await Expect.FaultAsync(() =>
            new HerokuTransfers(heroku).WatchAsync("eb58", "2497", TimeSpan.FromMinutes(1), null, Ct));

        Assert.Equal("heroku.transfer_slow", fault.Code);
        Assert.Contains("'running'", fault.Why, StringComparison.Ordinal);
        Assert.Contains("heroku pg:backups:cancel r002 --app eb58", fault.Remedy, StringComparison.Ordinal);
        Assert.Equal(20, server.Clock.Pauses.Count);
    }

    [Fact]
    public async Task A_new_database_is_ready_when_the_addon_is_provisioned_and_the_server_no_longer_waits()
    {
        await using var server = (await ScriptedHeroku.StartAsync())
            .On(AddonLook, Addon("provisioning"), Addon("provisioned"))
            .On(WaitStatus, new Reply(404), Reply.Json("""{"message":"preparing","waiting?":true}"""),
                Reply.Json("""{"message":"available","waiting?":false}"""));
        using var heroku = server.Client();
        var seen = new Told<string>();

        var addon = await new HerokuProvisioning(heroku).WaitProvisionedAsync("demo", "pg", Hour, seen, Ct);

        Assert.True(addon.IsProvisioned);
        Assert.Equal(["provisioning", "provisioned", "not provisioned yet", "preparing", "available"], seen.All);
    }

    [Theory]
    [InlineData("deprovisioned", """{"waiting?":false}""", "heroku.provisioning_failed")]
    [InlineData("deprovisioning", """{"waiting?":false}""", "heroku.provisioning_failed")]
    [InlineData("provisioned", """{"error?":true,"message":"disk broke"}""", "heroku.provisioning_failed")]
    [InlineData("provisioned", """{"waiting?":true}""", "heroku.provisioning_slow")]
    [InlineData("provisioning", """{"waiting?":false}""", "heroku.provisioning_slow")]
    public async Task A_database_that_does_not_come_is_a_fault(string state, string waiting, string code)
    {
        await using var server = (await ScriptedHeroku.StartAsync())
            .On(AddonLook, Addon(state)).On(WaitStatus, waiting);
        using var heroku = server.Client();

        var fault = await Expect.FaultAsync(() =>
            new HerokuProvisioning(heroku).WaitProvisionedAsync("demo", "pg", TimeSpan.FromMinutes(5), null, Ct));

        Assert.Equal(code, fault.Code);
    }

    private static Reply Addon(string state) => Reply.Json(
        $$"""
        {"id":"39ee","name":"pg","state":"{{state}}","plan":{"name":"heroku-postgresql:essential-1"},
         "app":{"id":"eb58","name":"demo"} }
        """);

    private static Reply Transfer(
        bool? succeeded, int warnings = 0, bool cancelled = false, long bytes = 0, bool started = false,
        IReadOnlyList<string>? logs = null)
    {
        const string time = "\"2026-11-21 03:55:34 +0000\"";
        var ended = succeeded is not null || logs is not null;
        return Reply.Json($$"""
            {"uuid":"2497","num":2,"created_at":{{time}},"from_type":"gof3r","to_type":"pg_restore",
             "started_at":{{(started ? time : "null")}},"finished_at":{{(ended ? time : "null")}},
             "canceled_at":{{(cancelled ? time : "null")}},
             "succeeded":{{(succeeded is { } flag ? flag ? "true" : "false" : "null")}},
             "processed_bytes":{{bytes}},"warnings":{{warnings}},
             "logs":[{{string.Join(',', (logs ?? []).Select(line =>
                 $$"""{"created_at":{{time}},"level":"info","message":"{{line}}"}"""))}}]}
            """);
    }
}
