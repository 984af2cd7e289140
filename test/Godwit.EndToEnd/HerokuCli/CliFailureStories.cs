using Godwit.Faults;

namespace Godwit.EndToEnd.HerokuCli;

/// <summary>What the CLI is told when it must not or cannot.</summary>
public sealed class CliFailureStories(HerokuLocalFixture heroku)
{
    [Fact]
    public async Task An_app_that_is_not_there_is_not_found()
    {
        using var app = await HerokuApp.NameOnlyAsync(heroku, "story-nobody");
        (await app.Heroku("apps:info")).Fails(2, "Couldn't find that app.").Reports("Error ID: not_found");
        (await app.Heroku("pg:info")).Fails(2, "Couldn't find that app.");
        (await app.Heroku("addons:create", "heroku-postgresql:essential-0")).Fails(2, "Couldn't find that app.");
    }

    [Fact]
    public async Task A_wrong_token_is_refused()
    {
        using var app = await HerokuApp.NameOnlyAsync(heroku, "none",
            token: "HRKU-11111111-2222-3333-4444-555555555555");
        (await app.HerokuAlone("auth:whoami"))
            .Fails(2, "Invalid credentials provided.").Reports("Error ID: unauthorized");
        (await app.HerokuAlone("apps:create", "story-intruder", "--no-remote")).Fails(1, "HEROKU_API_KEY is invalid");

        using var rightful = await HerokuApp.NameOnlyAsync(heroku, "story-intruder");
        (await rightful.Heroku("apps:info")).Fails(2, "Couldn't find that app.");
    }

    [Fact]
    public async Task A_plan_a_database_and_an_addon_that_are_not_there_are_named()
    {
        using var app = await HerokuApp.CreateAsync(heroku, "story-unknown");
        (await app.Heroku("pg:info")).Succeeds().Prints("story-unknown has no heroku-postgresql databases.");
        (await app.Heroku("addons:create", "heroku-postgresql:bogus"))
            .Fails(2, "Couldn't find either the add-on service or the add-on plan of");
        await app.AddDatabaseAsync();
        (await app.Heroku("pg:info", "NOWHERE")).Fails(1, "Unknown database: NOWHERE. Valid options are: DATABASE");
        (await app.Heroku("addons:destroy", "pg-nowhere", "--confirm", app.Name)).Fails(2, "Couldn't find that add");
    }

    [Fact]
    public async Task A_wrong_confirmation_destroys_nothing()
    {
        using var app = await HerokuApp.CreateAsync(heroku, "story-confirm");
        var addon = await app.AddDatabaseAsync();
        await app.DoAsync("CREATE TABLE bird ()");
        const string refusal = "Confirmation wrong did not match story-confirm. Aborted.";
        (await app.Heroku("addons:destroy", addon, "--confirm", "wrong")).Fails(1, refusal);
        (await app.Heroku("pg:backups:restore", "http://127.0.0.1:9/x", "DATABASE_URL", "--confirm", "wrong"))
            .Fails(1, refusal);
        Assert.Equal(1L, await app.AskAsync<long>("SELECT count(*) FROM pg_class WHERE relname = 'bird'"));
    }

    [Theory]
    [InlineData("HEROKU_HOST", "heroku.com")]
    [InlineData("HEROKU_HOST", "https://api.heroku.com")]
    [InlineData("HEROKU_HOST", "http://127.0.0.1.example.com")]
    [InlineData("HEROKU_DATA_HOST", "api.data.heroku.com")]
    [InlineData("HEROKU_PARTICLEBOARD_URL", "https://particleboard.heroku.com")]
    [InlineData("HEROKU_HOST", null)]
    public void The_CLI_is_not_started_when_it_could_call_anyone_but_this_machine(string name, string? value)
    {
        var environment = Cli.EnvironmentFor(Cli.PointingAt(new Uri("http://127.0.0.1:5999"), "HRKU-x"), "/nowhere");
        Cli.AssertStaysHere(environment);
        environment[name] = value is null ? null : new Secret(value);
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => Cli.AssertStaysHere(environment));
    }
}
