using System.Text;

namespace Godwit.EndToEnd.HerokuCli;

/// <summary>Backups and restores: the part of Heroku that a migration stands on.</summary>
public sealed class CliBackupStories(HerokuLocalFixture heroku, SourceArchives archives) : IClassFixture<SourceArchives>
{
    /// <summary>Far more than a restore needs to come to its endless statement.</summary>
    private static readonly TimeSpan ReachMax = TimeSpan.FromSeconds(30);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_archive_is_restored_from_its_signed_address()
    {
        using var app = await HerokuApp.CreateAsync(heroku, "story-restore");
        var addon = await app.AddDatabaseAsync();
        await app.DoAsync("CREATE TABLE was_here_before ()");

        var restored = await app.Heroku("pg:backups:restore", archives.Birds, "DATABASE_URL",
            "--confirm", app.Name, "--verbose");
        restored.Succeeds().Reports(addon, "Restoring... done")
            .Prints("Restoring...", "Use Ctrl-C at any time to stop monitoring progress");

        Assert.Equal(1000L, await app.AskAsync<long>("SELECT count(*) FROM bird"));
        Assert.Equal(100L, await app.AskAsync<long>("SELECT count(*) FROM far"));
        Assert.Equal(1001L, await app.AskAsync<long>("SELECT nextval('bird_id_seq')"));
        Assert.Equal(0L, await app.AskAsync<long>("SELECT count(*) FROM pg_class WHERE relname = 'was_here_before'"));
        Assert.True(await app.AskAsync<bool>(
            "SELECT bool_and(tableowner = current_user) FROM pg_tables WHERE schemaname = 'public'"));

        (await app.Heroku("pg:backups")).Succeeds().Prints("=== Restores", "r001 ", "Completed ", "DATABASE");
        (await app.Heroku("pg:backups:info", "r001"))
            .Succeeds().Prints("=== Backup r001", "Status: Completed", "Type: Manual");
    }

    [Fact]
    public async Task A_backup_is_captured_shown_fetched_restored_and_deleted()
    {
        using var app = await HerokuApp.CreateAsync(heroku, "story-backup");
        var addon = await app.AddDatabaseAsync();
        await app.DoAsync("CREATE TABLE bird AS SELECT i AS id FROM generate_series(1, 100) i");

        (await app.Heroku("pg:backups:capture")).Succeeds()
            .Reports($"Starting backup of {addon}... done", "Backing up DATABASE to b001... done")
            .Prints("Use Ctrl-C at any time to stop monitoring progress; the backup will continue running.");
        (await app.Heroku("pg:backups:info", "b001")).Succeeds()
            .Prints("=== Backup b001", "Database: DATABASE", "Status: Completed", "Type: Manual", "Backup Size:",
                "=== Backup Logs")
            // Of the database, as pg_database_size counts it: several MB, whatever is in it.
            .Find(@"Original DB Size: +[0-9.]+ ?(MB)");
        (await app.Heroku("pg:backups")).Succeeds()
            .Prints("=== Backups", "b001 ", "Completed ", "No restores found.", "No copies found.");

        var address = (await app.Heroku("pg:backups:url", "b001")).Succeeds().Out.Trim();
        using var web = new HttpClient();
        var archive = await web.GetByteArrayAsync(new Uri(address), Ct);
        Assert.Equal("PGDMP", Encoding.ASCII.GetString(archive, 0, 5));

        await app.DoAsync("DELETE FROM bird WHERE id > 50; CREATE TABLE newer ()");
        (await app.Heroku("pg:backups:restore", "b001", "DATABASE_URL", "--confirm", app.Name)).Succeeds()
            .Reports($"Starting restore of b001 to {addon}... done", "Restoring... done");
        Assert.Equal(5050L, await app.AskAsync<long>("SELECT sum(id) FROM bird"));
        Assert.Equal(0L, await app.AskAsync<long>("SELECT count(*) FROM pg_class WHERE relname = 'newer'"));

        (await app.Heroku("pg:backups:delete", "b001", "--confirm", "wrong"))
            .Fails(1, "Confirmation wrong did not match story-backup");
        (await app.Heroku("pg:backups:delete", "b001", "--confirm", app.Name)).Succeeds()
            .Reports("Deleting backup b001 on story-backup... done");
        (await app.Heroku("pg:backups"))
            .Succeeds().Prints("No backups. Capture one with heroku pg:backups:capture", "r002 ");
        using var gone = await web.GetAsync(new Uri(address), Ct);
        Assert.False(gone.IsSuccessStatusCode);
    }

    [Fact]
    public async Task The_latest_backup_of_another_app_is_restored_with_extensions_put_in_first()
    {
        using var from = await HerokuApp.CreateAsync(heroku, "story-giver");
        using var to = await HerokuApp.CreateAsync(heroku, "story-taker");
        await from.AddDatabaseAsync();
        await to.AddDatabaseAsync();
        await from.DoAsync("CREATE TABLE bird AS SELECT i AS id FROM generate_series(1, 100) i");
        (await from.Heroku("pg:backups:capture", "--verbose")).Succeeds().Prints("Starting capture");

        (await to.Heroku("pg:backups:restore", "story-giver::b001", "DATABASE_URL", "--confirm", to.Name,
            "--extensions", "Citext, hstore"))
            .Succeeds();

        Assert.Equal(5050L, await to.AskAsync<long>("SELECT sum(id) FROM bird"));
        Assert.Equal("citext hstore", await to.AskAsync<string>(
            "SELECT string_agg(extname, ' ' ORDER BY extname) FROM pg_extension WHERE extname <> 'plpgsql'"));
        (await to.Heroku("pg:backups")).Succeeds().Prints("No backups.", "r001 ", "Completed ");
        (await from.Heroku("pg:backups:url")).Succeeds().Find("(http://127.0.0.1:[0-9]+/[^ ]+signature=[0-9a-f]+)");
    }

    [Fact]
    public async Task A_restore_is_cancelled_while_it_runs_and_nothing_of_it_goes_on()
    {
        using var app = await HerokuApp.CreateAsync(heroku, "story-cancel");
        using var second = await HerokuApp.NameOnlyAsync(heroku, "story-cancel");
        await app.AddDatabaseAsync();
        (await second.Heroku("pg:backups:cancel")).Fails(2, "No active backups/transfers");

        await using var restore = app.StartHeroku("pg:backups:restore", archives.Endless, "DATABASE_URL",
            "--confirm", app.Name);
        await UntilAsync(async () => await SleepersAsync(app) == 1);
        (await second.Heroku("pg:backups")).Succeeds().Prints("r001 ", "Running (processed ");

        (await second.Heroku("pg:backups:cancel")).Succeeds().Reports("Cancelling r001... done");

        await UntilAsync(async () => await SleepersAsync(app) == 0);
        (await restore.EndAsync())
            .Fails(2, "An error occurred and the backup did not finish.").Reports("heroku pg:backups:info r001");
        (await second.Heroku("pg:backups:info", "r001")).Succeeds().Prints("Status: Canceled");
        (await second.Heroku("pg:backups:cancel")).Fails(2, "No active backups/transfers");
        Assert.Equal(0L, await app.AskAsync<long>(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"));
    }

    [Fact]
    public async Task A_restore_that_cannot_read_its_archive_fails_and_says_so()
    {
        using var app = await HerokuApp.CreateAsync(heroku, "story-unreadable");
        await app.AddDatabaseAsync();

        var gone = await app.Heroku("pg:backups:restore", archives.Gone, "DATABASE_URL", "--confirm", app.Name);
        gone.Fails(2, "An error occurred and the backup did not finish.").Reports("404", "heroku pg:backups:info r001");
        var page = await app.Heroku("pg:backups:restore", archives.NotAnArchive, "DATABASE_URL", "--confirm", app.Name);
        page.Fails(2, "An error occurred and the backup did not finish.").Reports("heroku pg:backups:info r002");

        (await app.Heroku("pg:backups")).Succeeds().Prints("r001 ", "r002 ", "Failed ").PrintsNothingOf("Completed");
        (await app.Heroku("pg:backups:info", "r002")).Succeeds().Prints("Status: Failed", "=== Backup Logs");
    }

    [Fact]
    public async Task A_restore_with_errors_inside_ends_well_for_the_CLI_and_with_warnings_for_who_looks()
    {
        using var app = await HerokuApp.CreateAsync(heroku, "story-warnings");
        await app.AddDatabaseAsync();

        (await app.Heroku("pg:backups:restore", archives.WithExtension, "DATABASE_URL",
            "--confirm", app.Name)).Succeeds();

        Assert.Equal(1000L, await app.AskAsync<long>("SELECT count(*) FROM bird"));
        Assert.True(await app.AskAsync<bool>(
            "SELECT indisvalid FROM pg_index WHERE indexrelid = 'bird_like'::regclass"));
        (await app.Heroku("pg:backups")).Succeeds().Prints("Finished with 1 warnings");
        (await app.Heroku("pg:backups:info", "r001"))
            .Succeeds().Prints("Status: Finished with 1 warnings", "must be owner of extension pg_trgm");
    }

    private static Task<long> SleepersAsync(HerokuApp app) => app.AskAsync<long>(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'");

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        limit.CancelAfter(ReachMax);
        while (!await condition())
            await Task.Delay(200, limit.Token);
    }
}
