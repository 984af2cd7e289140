using Godwit.EndToEnd.HerokuLocal;
using Godwit.Faults;
using Godwit.Heroku;

namespace Godwit.EndToEnd.Heroku;

/// <summary>Backups and restores that a real pg_dump and a real pg_restore do, and what the client makes of their
/// ends.</summary>
public sealed class HerokuTransfersTests(LocalHerokuForClients server) : IClassFixture<LocalHerokuForClients>
{
    private const string Essential = "heroku-postgresql:essential-1";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_backup_is_restored_into_another_database_and_nothing_is_skipped()
    {
        using var heroku = server.Client();
        var (app, source) = await StartAsync(heroku, "client-restore");
        await ExecuteAsync(heroku, source,
            "CREATE TABLE bird AS SELECT g AS id, 'godwit' AS name FROM generate_series(1, 1000) g");
        var target = await server.OrderAsync(heroku, app.Name, Essential);

        var backup = await WatchAsync(heroku, app, await heroku.CaptureAsync(source.Id, Ct));
        Assert.True(backup.IsClean, string.Join('\n', backup.Logs));
        var started = await heroku.RestoreAsync(target.Id, backup.Transfer.ToUrl!, null, Ct);
        var restore = await WatchAsync(heroku, app, started);

        Assert.True(restore.IsClean, string.Join('\n', restore.Logs));
        Assert.NotEmpty(restore.Logs);
        Assert.True(restore.Transfer.IsRestore);
        Assert.Equal(1000L, await ScalarAsync<long>(heroku, target, "SELECT count(*) FROM bird"));
        Assert.Equal([started.Uuid, backup.Transfer.Uuid],
            (await heroku.ListTransfersAsync(app.Id, Ct)).Select(one => one.Uuid));

        await heroku.ResetAsync(target.Id, null, Ct);
        await new HerokuProvisioning(heroku).WaitReadyAsync(app.Name, target, LocalHerokuForClients.WaitMax, null, Ct);
        Assert.Equal(0L,
            await ScalarAsync<long>(heroku, target, "SELECT count(*) FROM pg_tables WHERE tablename = 'bird'"));
    }

    [Fact]
    public async Task A_link_nobody_answers_makes_a_failed_restore_and_its_log_says_why_without_the_signature()
    {
        using var heroku = server.Client();
        var (app, target) = await StartAsync(heroku, "client-badlink");

        var started = await heroku.RestoreAsync(target.Id,
            new Secret("http://127.0.0.1:9/x.dump?X-Amz-Signature=abc123"), null, Ct);
        var verdict = await WatchAsync(heroku, app, started);

        Assert.False(verdict.Succeeded);
        Assert.NotEmpty(verdict.Problems);
        Assert.DoesNotContain(verdict.Logs, line => line.Contains("abc123", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_restore_that_skipped_statements_is_no_clean_success()
    {
        using var heroku = server.Client();
        var (app, source) = await StartAsync(heroku, "client-warned");
        await ExecuteAsync(heroku, source, "CREATE TABLE bird (id int)");
        var backup = await WatchAsync(heroku, app, await heroku.CaptureAsync(source.Id, Ct));
        server.Local.Server.AddFault("restore:warnings=3,count=1");

        var verdict = await WatchAsync(heroku, app,
            await heroku.RestoreAsync(source.Id, backup.Transfer.ToUrl!, null, Ct));

        Assert.True(verdict.Succeeded);
        Assert.True(verdict.Warnings >= 3, $"{verdict.Warnings}");
        Assert.False(verdict.IsClean);
    }

    [Fact]
    public async Task A_cancelled_restore_is_watched_to_its_end_and_did_not_succeed()
    {
        using var heroku = server.Client();
        var (app, source) = await StartAsync(heroku, "client-cancel");
        var backup = await WatchAsync(heroku, app, await heroku.CaptureAsync(source.Id, Ct));
        server.Local.Server.AddFault("restore:slow=30s,count=1");

        var started = await heroku.RestoreAsync(source.Id, backup.Transfer.ToUrl!, null, Ct);
        await heroku.CancelTransferAsync(app.Id, started.Uuid, Ct);
        var verdict = await WatchAsync(heroku, app, started);

        Assert.False(verdict.Succeeded);
        Assert.Equal("cancelled", verdict.Transfer.State);
    }

    private async Task<(HerokuApp App, HerokuAddon Database)> StartAsync(HerokuClient heroku, string name)
    {
        var app = await heroku.CreateAppAsync(new(name), Ct);
        return (app, await server.OrderAsync(heroku, app.Name, Essential));
    }

    private static Task<TransferVerdict> WatchAsync(HerokuClient heroku, HerokuApp app, HerokuTransfer transfer) =>
        new HerokuTransfers(heroku).WatchAsync(app.Id, transfer.Uuid, LocalHerokuForClients.WaitMax, null, Ct);

    private static Task ExecuteAsync(HerokuClient heroku, HerokuAddon addon, string sql) =>
        ScalarAsync<object>(heroku, addon, sql);

    private static async Task<T?> ScalarAsync<T>(HerokuClient heroku, HerokuAddon addon, string sql)
    {
        var database = await heroku.FindDatabaseAsync(addon.Id, Ct);
        return await LocalHeroku.ScalarAsync<T>(LocalHeroku.Connection(database!.ResourceUrl!.Reveal()), sql);
    }
}
