namespace Godwit.EndToEnd.HerokuCli;

/// <summary>A database that was ordered and is not there yet. This heroku-local delivers when the test says so, not
/// after a while.</summary>
public sealed class CliProvisioningStories : IAsyncLifetime
{
    private readonly HeldClock _clock = new();
    private readonly HerokuLocalFixture _heroku;

    public CliProvisioningStories() => _heroku = new HerokuLocalFixture(_clock, HeldClock.Held);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _heroku.DisposeAsync();

    [Fact]
    public async Task A_database_is_created_waited_for_shown_and_destroyed()
    {
        using var app = await HerokuApp.CreateAsync(_heroku, "story-addon");
        using var second = await HerokuApp.NameOnlyAsync(_heroku, "story-addon");

        (await app.Heroku("addons:create", "heroku-postgresql:essential-1", "--name", "pg-story"))
            .Succeeds()
            .Reports("Creating heroku-postgresql:essential-1 on story-addon... ~$0.013/hour (max $9/month)")
            .Prints("pg-story is being created in the background. The app will restart when complete...");
        await NothingIsThereYetAsync(app);

        await using var addonsWait = app.StartHeroku("addons:wait", "pg-story", "--wait-interval", "1");
        await using var pgWait = second.StartHeroku("pg:wait", "--wait-interval", "1");
        await addonsWait.UntilReportsAsync("Creating pg-story...");
        await pgWait.UntilReportsAsync("Waiting for database pg-story...");
        _clock.Release();

        (await addonsWait.EndAsync())
            .Succeeds().Reports("Creating pg-story... done").Prints("Created pg-story as DATABASE_URL");
        (await pgWait.EndAsync()).Succeeds().Reports("available");
        await ItIsThereAsync(app);
        await ItIsGivenBackAsync(app);
    }

    [Fact]
    public async Task A_database_that_could_not_be_made_is_an_error_to_who_waits()
    {
        using var app = await HerokuApp.CreateAsync(_heroku, "story-failed");
        (await _heroku.ServerAsync(TestContext.Current.CancellationToken)).AddFault("addon:deprovisions,count=1");
        (await app.Heroku("addons:create", "heroku-postgresql:essential-0", "--name", "pg-failed")).Succeeds();

        await using var wait = app.StartHeroku("addons:wait", "pg-failed", "--wait-interval", "1");
        await wait.UntilReportsAsync("Creating pg-failed...");
        _clock.Release();

        (await wait.EndAsync()).Fails(1, "The add-on was unable to be created, with status deprovisioned");
        (await app.Heroku("addons")).Succeeds().Prints("pg-failed", "errored");
        Assert.Null(await app.ConfigAsync("DATABASE_URL"));
    }

    private static async Task NothingIsThereYetAsync(HerokuApp app)
    {
        Assert.Null(await app.ConfigAsync("DATABASE_URL"));
        (await app.Heroku("addons:info", "pg-story")).Succeeds().Prints("State: creating");
        (await app.Heroku("pg:info")).Succeeds().Reports("pg-story is not yet provisioned.", "Run heroku addons:wait");
        (await app.Heroku("pg:backups:capture")).Fails(1, "pg-story is not yet provisioned.");
    }

    private static async Task ItIsThereAsync(HerokuApp app)
    {
        (await app.Heroku("addons:info", "pg-story")).Succeeds().Prints(
            "=== pg-story", "Plan: heroku-postgresql:essential-1", "Max Price: $9/month",
            "Attachments: story-addon::DATABASE", "Owning app: story-addon", "State: created");
        (await app.Heroku("addons"))
            .Succeeds().Prints("heroku-postgresql (pg-story)", "essential-1", "$9/month", "created", "as DATABASE");
        Assert.Equal(20, await app.AskAsync<int>("SELECT rolconnlimit FROM pg_roles WHERE rolname = current_user"));
    }

    private static async Task ItIsGivenBackAsync(HerokuApp app)
    {
        var url = (await app.Heroku("config:get", "DATABASE_URL")).Succeeds().Out.Trim();
        Assert.Equal(1, await PgUrl.AskAsync<int>(url, "SELECT 1", TestContext.Current.CancellationToken));
        (await app.Heroku("addons:destroy", "pg-story", "--confirm", "story-addon")).Succeeds()
            .Reports("Destroying pg-story on story-addon... done");
        Assert.Null(await app.ConfigAsync("DATABASE_URL"));
        await Assert.ThrowsAsync<Npgsql.PostgresException>(() =>
            PgUrl.AskAsync<int>(url, "SELECT 1", TestContext.Current.CancellationToken));
        (await app.Heroku("addons")).Succeeds().PrintsExactly("No add-ons for app story-addon.");
        (await app.Heroku("addons:info", "pg-story")).Fails(2, "Couldn't find that add-on.");
    }

    /// <summary>The real clock, but for waits of exactly <see cref="Held"/>: those end when the test says so.</summary>
    private sealed class HeldClock : TimeProvider
    {
        public static readonly TimeSpan Held = TimeSpan.FromHours(1);

        private readonly List<ITimer> _held = [];

        /// <summary>Ends the waits begun so far.</summary>
        public void Release()
        {
            lock (_held)
                _held.ForEach(timer => timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan));
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime != Held)
                return base.CreateTimer(callback, state, dueTime, period);
            var timer = base.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, period);
            lock (_held)
                _held.Add(timer);
            return timer;
        }
    }
}
