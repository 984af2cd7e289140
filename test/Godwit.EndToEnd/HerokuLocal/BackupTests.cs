using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Npgsql;

namespace Godwit.EndToEnd.HerokuLocal;

public sealed class BackupTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_backup_is_captured_linked_restored_over_HTTP_and_deleted()
    {
        await using var heroku = await LocalHeroku.StartAsync();
        var (addon, connection) = await heroku.CreateAppAsync("whole-way");
        await LocalHeroku.ScalarAsync<object>(connection, "CREATE TABLE t AS SELECT generate_series(1, 1000) AS a");
        var backup = await FinishAsync(heroku, "whole-way",
            await heroku.PostAsync($"/client/v11/databases/{addon}/backups", null, 201));
        Assert.Equal(("pg_dump", "gof3r", "DATABASE"),
            (Text(backup, "from_type"), Text(backup, "to_type"), Text(backup, "from_name")));
        Assert.True(backup["succeeded"]!.GetValue<bool>());
        Assert.True(backup["processed_bytes"]!.GetValue<long>() > 1000);

        var link = Text(await heroku.PostAsync("/client/v11/apps/whole-way/transfers/1/actions/public-url"), "url");
        using var anybody = new HttpClient();
        var archive = await anybody.GetByteArrayAsync(link, Ct);
        Assert.Equal("PGDMP"u8.ToArray(), archive[..5]);
        Assert.Equal(HttpStatusCode.Forbidden,
            (await anybody.GetAsync(link[..^1] + (link[^1] == '0' ? '1' : '0'), Ct)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await anybody.GetAsync(Text(backup, "to_url"), Ct)).StatusCode);

        await LocalHeroku.ScalarAsync<object>(connection, "DROP TABLE t; CREATE TABLE stays_not (a int)");
        await using var idle = new NpgsqlConnection(connection);
        await idle.OpenAsync(Ct);
        var restore = await FinishAsync(heroku, "whole-way", await RestoreAsync(heroku, addon, link));

        Assert.Equal((2, 0, true), (restore["num"]!.GetValue<int>(), restore["warnings"]!.GetValue<int>(),
            restore["succeeded"]!.GetValue<bool>()));
        Assert.Equal(archive.Length, restore["processed_bytes"]!.GetValue<long>());
        Assert.Contains(restore["logs"]!.AsArray(),
            l => Text(l!, "message") == "pg_restore: creating TABLE \"public.t\"");
        Assert.Equal(1000, await LocalHeroku.ScalarAsync<long>(connection, "SELECT count(*) FROM t"));
        Assert.True(await LocalHeroku.ScalarAsync<bool>(connection, "SELECT to_regclass('stays_not') IS NULL"));
        await using (var stillThere = new NpgsqlCommand("SELECT 1", idle))
            Assert.Equal(1, await stillThere.ExecuteScalarAsync(Ct));

        await heroku.SendAsync(HttpMethod.Delete, "/client/v11/apps/whole-way/transfers/1");
        Assert.Equal(HttpStatusCode.Forbidden, (await anybody.GetAsync(link, Ct)).StatusCode);
        Assert.Single((await heroku.GetAsync("/client/v11/apps/whole-way/transfers")).AsArray());
    }

    [Fact]
    public async Task An_error_pg_restore_went_on_after_becomes_a_warning_and_the_transfer_succeeds()
    {
        await using var heroku = await LocalHeroku.StartAsync();
        var (addon, connection) = await heroku.CreateAppAsync("warned");
        await LocalHeroku.ScalarAsync<object>(connection, "CREATE TABLE t AS SELECT 1 AS a; CREATE EXTENSION hstore");
        var backup = await FinishAsync(heroku, "warned",
            await heroku.PostAsync($"/client/v11/databases/{addon}/backups", null, 201));

        var restore = await FinishAsync(heroku, "warned", await RestoreAsync(heroku, addon, Text(backup, "to_url")));

        Assert.True(restore["succeeded"]!.GetValue<bool>());
        Assert.Equal(1, restore["warnings"]!.GetValue<int>());
        Assert.Contains(restore["logs"]!.AsArray(),
            l => Text(l!, "message").Contains("must be owner of extension hstore", StringComparison.Ordinal));
        Assert.Equal(1, await LocalHeroku.ScalarAsync<int>(connection, "SELECT a FROM t"));
    }

    [Fact]
    public async Task A_restore_of_something_that_is_no_archive_or_not_there_fails_and_says_why()
    {
        await using var heroku = await LocalHeroku.StartAsync();
        var (addon, _) = await heroku.CreateAppAsync("broken");
        await using var web = await ServeAsync("this is no archive");
        var garbage = await FinishAsync(heroku, "broken",
            await RestoreAsync(heroku, addon, web.Urls.First() + "/file"));
        Assert.False(garbage["succeeded"]!.GetValue<bool>());
        Assert.Contains(garbage["logs"]!.AsArray(),
            l => Text(l!, "message").Contains("does not appear to be a valid archive", StringComparison.Ordinal));

        var missing = await FinishAsync(heroku, "broken",
            await RestoreAsync(heroku, addon, heroku.Server.Url + "/_local/backups/" + Guid.NewGuid()));
        Assert.False(missing["succeeded"]!.GetValue<bool>());
        Assert.Contains(missing["logs"]!.AsArray(),
            l => Text(l!, "message").Contains("answered 403 Forbidden", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_canceled_restore_ends_with_its_pg_restore()
    {
        await using var heroku = await LocalHeroku.StartAsync();
        var (addon, connection) = await heroku.CreateAppAsync("canceled");
        // The index calls a function that takes its time, so that the restore is still running when it is canceled.
        await LocalHeroku.ScalarAsync<object>(connection, """
            CREATE TABLE t AS SELECT 1 AS a;
            CREATE FUNCTION slow(int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN
                IF current_setting('application_name') = 'heroku-pgbackups' THEN PERFORM pg_sleep(60); END IF;
                RETURN $1; END $$;
            CREATE INDEX ON t (public.slow(a));
            """);
        var backup = await FinishAsync(heroku, "canceled",
            await heroku.PostAsync($"/client/v11/databases/{addon}/backups", null, 201));
        var restore = await RestoreAsync(heroku, addon, Text(backup, "to_url"));
        var path = $"/client/v11/apps/canceled/transfers/{Text(restore, "uuid")}";
        await LocalHeroku.UntilAsync(async () => (await heroku.GetAsync(path + "?verbose=true"))["logs"]!.AsArray()
            .Any(l => Text(l!, "message").Contains("creating INDEX", StringComparison.Ordinal)));
        Assert.Null((await heroku.GetAsync(path))["finished_at"]);

        await heroku.PostAsync(path + "/actions/cancel");

        var ended = await FinishAsync(heroku, "canceled", restore);
        Assert.False(ended["succeeded"]!.GetValue<bool>());
        Assert.NotNull(ended["canceled_at"]);
        await LocalHeroku.UntilAsync(async () => await heroku.Server.Cluster.ScalarAsync<long>("postgres",
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'heroku-pgbackups' "
            + "AND wait_event = 'PgSleep'", Ct) <= 1);
    }

    [Fact]
    public async Task A_transfer_that_was_running_when_the_server_died_is_failed_at_the_next_start()
    {
        string folder, restore;
        await using (var first = await LocalHeroku.StartAsync(null, keepFolder: true, "restore:slow=1m"))
        {
            folder = first.Folder;
            var (addon, _) = await first.CreateAppAsync("killed");
            restore = Text(await RestoreAsync(first, addon, first.Server.Url), "uuid");
        }

        await using var second = await LocalHeroku.StartAsync(folder);
        var found = await second.GetAsync($"/client/v11/apps/killed/transfers/{restore}?verbose=true");
        Assert.False(found["succeeded"]!.GetValue<bool>());
        Assert.NotNull(found["finished_at"]);
        Assert.Contains("interrupted", Text(found["logs"]!.AsArray()[^1]!, "message"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("restore:fails-after=0s", "failed as ordered", false)]
    [InlineData("restore:warnings=2", "Finished with 2 warnings", true)]
    [InlineData("restore:cut-after=0s", "connection to the database was lost", false)]
    [InlineData("storage:limit=1MB", "outgrown the 1 MB", false)]
    public async Task Ordered_trouble_ends_a_restore_as_ordered(string fault, string lastWords, bool succeeds)
    {
        await using var heroku = await LocalHeroku.StartAsync();
        var (addon, connection) = await heroku.CreateAppAsync("trouble");
        await LocalHeroku.ScalarAsync<object>(connection, """
            CREATE TABLE t AS SELECT 1 AS a;
            CREATE FUNCTION slow(int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN
                IF current_setting('application_name') = 'heroku-pgbackups' THEN PERFORM pg_sleep(3); END IF;
                RETURN $1; END $$;
            CREATE INDEX ON t (public.slow(a));
            """);
        var backup = await FinishAsync(heroku, "trouble",
            await heroku.PostAsync($"/client/v11/databases/{addon}/backups", null, 201));
        heroku.Server.AddFault(fault);
        var restore = await FinishAsync(heroku, "trouble", await RestoreAsync(heroku, addon, Text(backup, "to_url")));
        Assert.Contains(lastWords, Text(restore["logs"]!.AsArray()[^1]!, "message"), StringComparison.Ordinal);
        Assert.Equal(succeeds, restore["succeeded"]!.GetValue<bool>());
    }

    /// <summary>One in hundreds never ended when its program was stopped faster than its failure was noticed.</summary>
    [Fact]
    public async Task A_restore_that_fails_at_once_ends_every_time()
    {
        await using var heroku = await LocalHeroku.StartAsync();
        var (addon, _) = await heroku.CreateAppAsync("early");
        var backup = await FinishAsync(heroku, "early",
            await heroku.PostAsync($"/client/v11/databases/{addon}/backups", null, 201));
        for (var time = 0; time < 20; time++)
        {
            heroku.Server.AddFault("restore:fails-after=0s,count=1");
            var restore = await FinishAsync(heroku, "early", await RestoreAsync(heroku, addon, Text(backup, "to_url")));
            Assert.Contains("failed as ordered", Text(restore["logs"]!.AsArray()[^1]!, "message"),
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_copy_pulls_from_any_PostgreSQL_and_a_reset_leaves_nothing()
    {
        await using var heroku = await LocalHeroku.StartAsync();
        var (addon, connection) = await heroku.CreateAppAsync("copied");
        await heroku.Server.Cluster.ExecuteAsync("postgres", "CREATE DATABASE outside", Ct);
        await heroku.Server.Cluster.ExecuteAsync("outside",
            "CREATE SCHEMA s; CREATE TABLE s.t AS SELECT 3 AS a; SELECT lo_from_bytea(0, 'x')", Ct);
        var to = Text(await heroku.GetAsync("/apps/copied/config-vars"), "DATABASE_URL");
        var copy = await FinishAsync(heroku, "copied",
            await heroku.PostAsync($"/client/v11/databases/{addon}/transfers", new JsonObject
            {
                ["from_name"] = "outside", ["from_url"] = heroku.Server.Cluster.SuperUrl("outside").Reveal(),
                ["to_name"] = "DATABASE", ["to_url"] = to,
            }, 201));
        Assert.True(copy["succeeded"]!.GetValue<bool>(), copy.ToJsonString());
        Assert.Equal(3, await LocalHeroku.ScalarAsync<int>(connection, "SELECT a FROM s.t"));
        Assert.Equal(1,
            await LocalHeroku.ScalarAsync<long>(connection, "SELECT count(*) FROM pg_largeobject_metadata"));

        await heroku.SendAsync(HttpMethod.Put, $"/client/v11/databases/{addon}/reset",
            new JsonObject { ["extensions"] = new JsonArray("hstore") });

        Assert.Equal("public", await LocalHeroku.ScalarAsync<string>(connection,
            "SELECT string_agg(nspname, ',') FROM pg_namespace WHERE nspname NOT LIKE 'pg\\_%' "
            + "AND nspname <> 'information_schema'"));
        Assert.Equal(0,
            await LocalHeroku.ScalarAsync<long>(connection, "SELECT count(*) FROM pg_largeobject_metadata"));
        Assert.Equal("hstore", await LocalHeroku.ScalarAsync<string>(connection,
            "SELECT extname::text FROM pg_extension WHERE extname <> 'plpgsql'"));
        Assert.Equal(0, await LocalHeroku.ScalarAsync<int>(connection, "CREATE TABLE again (a int); SELECT 0"));
    }

    [Fact]
    public async Task Settings_of_PostgreSQL_really_change_and_essential_refuses_them()
    {
        await using var heroku = await LocalHeroku.StartAsync();
        var (addon, connection) = await heroku.CreateAppAsync("set-app", "heroku-postgresql:standard-0");
        var config = $"/postgres/v0/databases/{addon}/config";
        Assert.Equal("ddl", (await heroku.GetAsync(config))["log_statement"]!["value"]!.GetValue<string>());
        await heroku.SendAsync(HttpMethod.Patch, config, new JsonObject { ["log_statement"] = "all" });
        Assert.Equal("all", await LocalHeroku.ScalarAsync<string>(connection, "SHOW log_statement"));
        await heroku.SendAsync(HttpMethod.Patch, config, new JsonObject { ["log_statement"] = "nonsense" }, 422);
        var (essential, _) = await heroku.CreateAppAsync("set-not");
        await heroku.GetAsync($"/postgres/v0/databases/{essential}/config", 422);
    }

    [Fact]
    public async Task A_transfer_that_fails_in_a_way_nobody_thought_of_finishes_all_the_same()
    {
        await using var heroku = await LocalHeroku.StartAsync(null, keepFolder: false, "restore:slow=2s");
        var (addon, _) = await heroku.CreateAppAsync("odd");
        await using var web = await ServeAsync("an archive");
        var transfer = await RestoreAsync(heroku, addon, $"{web.Urls.Single()}/x");
        // Where its download is to be written lies a folder, which .NET calls a lack of rights.
        Directory.CreateDirectory(Path.Combine(heroku.Folder, "transfers", $"{Text(transfer, "uuid")}.archive"));

        var finished = await FinishAsync(heroku, "odd", transfer);

        Assert.False(finished["succeeded"]!.GetValue<bool>());
        Assert.Contains(finished["logs"]!.AsArray(), line => Text(line!, "message")
            .StartsWith("heroku-local failed with UnauthorizedAccessException", StringComparison.Ordinal));
    }

    private static Task<JsonNode> RestoreAsync(LocalHeroku heroku, string addon, string url) =>
        heroku.PostAsync($"/client/v11/databases/{addon}/restores", new JsonObject { ["backup_url"] = url }, 201);

    private static async Task<JsonNode> FinishAsync(LocalHeroku heroku, string app, JsonNode transfer)
    {
        var path = $"/client/v11/apps/{app}/transfers/{Text(transfer, "uuid")}?verbose=true";
        await LocalHeroku.UntilAsync(async () => (await heroku.GetAsync(path))["finished_at"] is not null);
        return await heroku.GetAsync(path);
    }

    private static string Text(JsonNode node, string name) => node[name]!.GetValue<string>();

    private static async Task<WebApplication> ServeAsync(string text)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var web = builder.Build();
        web.Run(context => context.Response.WriteAsync(text));
        await web.StartAsync(Ct);
        return web;
    }
}
