namespace Godwit.EndToEnd.HerokuCli;

/// <summary>Trouble that was ordered from heroku-local, as it reaches somebody at the CLI; and what a restart
/// leaves.</summary>
public sealed class CliTroubleStories : IAsyncDisposable
{
    private readonly HerokuLocalFixture _heroku = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _heroku.DisposeAsync();

    [Fact]
    public async Task A_busy_a_broken_and_a_distrustful_Heroku_are_told_apart()
    {
        using var app = await HerokuApp.CreateAsync(_heroku, "story-trouble");
        var server = await _heroku.ServerAsync(Ct);

        server.AddFault("http:429,path=/apps/story-trouble*,count=1");
        (await app.Heroku("maintenance:on"))
            .Fails(2, "Your account reached the API rate limit").Reports("Error ID: rate_limit");
        server.AddFault("http:503,path=/apps/story-trouble*,count=1");
        (await app.Heroku("maintenance:on")).Fails(2, "Error ID: internal_server_error");
        server.AddFault("http:two-factor,path=/apps/story-trouble*");
        (await app.Heroku("maintenance:on")).Fails(1, "Two-factor authentication requires an interactive terminal.");

        server.ClearFaults();
        (await app.Heroku("maintenance")).Succeeds().PrintsExactly("off");
        (await app.Heroku("maintenance:on")).Succeeds();
    }

    [Fact]
    public async Task A_restore_that_is_cut_off_fails_and_the_next_one_succeeds()
    {
        using var app = await HerokuApp.CreateAsync(_heroku, "story-cut");
        await app.AddDatabaseAsync();
        await app.DoAsync("CREATE TABLE bird AS SELECT i AS id FROM generate_series(1, 100) i");
        (await app.Heroku("pg:backups:capture")).Succeeds();

        (await _heroku.ServerAsync(Ct)).AddFault("restore:fails-after=0s,count=1");
        (await app.Heroku("pg:backups:restore", "b001", "DATABASE_URL", "--confirm", app.Name))
            .Fails(2, "An error occurred and the backup did not finish.").Reports("heroku pg:backups:info r002");

        (await app.Heroku("pg:backups:restore", "b001", "DATABASE_URL", "--confirm", app.Name)).Succeeds();
        Assert.Equal(5050L, await app.AskAsync<long>("SELECT sum(id) FROM bird"));
        (await app.Heroku("pg:backups")).Succeeds().Prints("b001 ", "r002 ", "Failed ", "r003 ", "Completed ");
    }

    [Fact]
    public async Task Everything_is_still_there_after_a_restart()
    {
        using (var before = await HerokuApp.CreateAsync(_heroku, "story-restart"))
        {
            await before.AddDatabaseAsync(attachAs: "NEST");
            await before.DoAsync("CREATE TABLE bird AS SELECT i AS id FROM generate_series(1, 100) i", "NEST_URL");
            (await before.Heroku("config:set", "MOTTO=far")).Succeeds();
            (await before.Heroku("maintenance:on")).Succeeds();
            (await before.Heroku("ps:scale", "worker=3")).Succeeds();
            (await before.Heroku("pg:backups:capture", "NEST")).Succeeds();
        }

        await _heroku.RestartAsync(Ct);

        using var after = await HerokuApp.NameOnlyAsync(_heroku, "story-restart");
        (await after.Heroku("config:get", "MOTTO")).Succeeds().PrintsExactly("far");
        (await after.Heroku("maintenance")).Succeeds().PrintsExactly("on");
        (await after.Heroku("ps:scale")).Succeeds().Prints("worker=3:");
        (await after.Heroku("pg:psql", "NEST", "-c", "SELECT sum(id) FROM bird")).Succeeds().Prints("5050");
        await after.DoAsync("DROP TABLE bird", "NEST_URL");
        (await after.Heroku("pg:backups:restore", "b001", "NEST", "--confirm", after.Name)).Succeeds();
        Assert.Equal(100L, await after.AskAsync<long>("SELECT count(*) FROM bird", "NEST_URL"));
    }
}
