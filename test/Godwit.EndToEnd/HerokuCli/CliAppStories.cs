namespace Godwit.EndToEnd.HerokuCli;

/// <summary>Apps, config vars, maintenance and dynos, as the real CLI sees them.</summary>
public sealed class CliAppStories(HerokuLocalFixture heroku)
{
    [Fact]
    public async Task Whoami_prints_the_account()
    {
        using var nobody = await HerokuApp.NameOnlyAsync(heroku, "none");
        var said = await nobody.HerokuAlone("auth:whoami");
        said.Succeeds().Reports("HEROKU_API_KEY is set");
        Assert.Matches("^[^ @]+@[^ @]+$", said.Out.Trim());
    }

    [Fact]
    public async Task An_app_is_created_shown_and_its_name_taken()
    {
        using var app = await HerokuApp.NameOnlyAsync(heroku, "story-created");

        var created = await app.HerokuAlone("apps:create", app.Name, "--no-remote");
        created.Succeeds().Prints("story-created.git").Reports("Creating story-created... done");

        var info = await app.Heroku("apps:info");
        info.Succeeds().Prints("=== story-created", "Git URL:", "Owner:", "Region: us", "Stack: heroku-24",
            created.Find("^(https?://[^ ]+) |"));

        (await app.HerokuAlone("apps")).Succeeds().Prints("story-created");
        (await app.HerokuAlone("apps", "--team", "nobodys")).Succeeds().PrintsNothingOf("story-created");
        (await app.Heroku("domains")).Succeeds().Prints("=== story-created Heroku Domain", ".herokuapp.com");
        (await app.Heroku("drains")).Succeeds().PrintsExactly("");

        var again = await app.HerokuAlone("apps:create", app.Name, "--no-remote");
        again.Fails(2, "Name story-created is already taken").Reports("Error ID: invalid_params");
    }

    [Fact]
    public async Task An_app_without_a_name_is_given_one_that_works()
    {
        using var app = await HerokuApp.NameOnlyAsync(heroku, "none");
        var created = await app.HerokuAlone("apps:create", "--no-remote");
        var name = created.Succeeds().Find(@"/([a-z0-9-]+)\.git");
        created.Reports($"Creating app... done, {name}");
        (await app.HerokuAlone("apps:info", "--app", name, "--shell")).Succeeds().Prints("stack=heroku-24");
    }

    [Fact]
    public async Task Config_vars_are_set_read_and_unset_with_a_release_each()
    {
        using var app = await HerokuApp.CreateAsync(heroku, "story-config");

        var set = await app.Heroku("config:set", "NEST=tundra", "MOTTO=a b=c \"quoted\" ü");
        var first = int.Parse(set.Succeeds().Prints("NEST: tundra")
            .Find(@"Setting NEST, MOTTO and restarting story-config\.\.\. done, v(\d+)"));

        (await app.Heroku("config:get", "MOTTO")).Succeeds().PrintsExactly("a b=c \"quoted\" ü");
        (await app.Heroku("config:get", "MISSING")).Succeeds().PrintsExactly("");
        (await app.Heroku("config"))
            .Succeeds().Prints("=== story-config Config Vars", "MOTTO: a b=c \"quoted\" ü", "NEST: tundra");

        (await app.Heroku("config:unset", "NEST"))
            .Succeeds().Reports($"Unsetting NEST and restarting story-config... done, v{first + 1}");
        (await app.Heroku("config")).Succeeds().PrintsNothingOf("NEST").Prints("MOTTO");
        Assert.Null(await app.ConfigAsync("NEST"));
    }

    [Fact]
    public async Task Maintenance_goes_on_and_off()
    {
        using var app = await HerokuApp.CreateAsync(heroku, "story-maintenance");
        (await app.Heroku("maintenance")).Succeeds().PrintsExactly("off");
        (await app.Heroku("maintenance:on"))
            .Succeeds().Reports("Enabling maintenance mode for story-maintenance... done");
        (await app.Heroku("maintenance")).Succeeds().PrintsExactly("on");
        (await app.Heroku("maintenance:off"))
            .Succeeds().Reports("Disabling maintenance mode for story-maintenance... done");
        Assert.False((await app.GetAsync("/apps/story-maintenance")).GetProperty("maintenance").GetBoolean());
    }

    [Fact]
    public async Task Dynos_are_scaled_and_listed()
    {
        using var app = await HerokuApp.CreateAsync(heroku, "story-dynos");

        (await app.Heroku("ps:scale", "web=2", "worker=3:Standard-1X")).Succeeds()
            .Reports("Scaling dynos... done, now running web at 2:", "worker at 3:Standard-1X");
        (await app.Heroku("ps:scale")).Succeeds().Prints("web=2:", "worker=3:Standard-1X");
        (await app.Heroku("ps")).Succeeds()
            .Prints("=== web (", "(2)", "web.1: up", "web.2: up", "=== worker (Standard-1X)", "worker.3: up");

        (await app.Heroku("ps:scale", "worker=0", "web-1")).Succeeds().Reports("web at 1:", "worker at 0:");
        (await app.Heroku("ps")).Succeeds().Prints("web.1: up").PrintsNothingOf("worker").PrintsNothingOf("web.2");

        (await app.Heroku("ps:scale", "clock=1")).Fails(2, "Couldn't find that process type (clock).");
    }

    [Fact]
    public async Task A_one_off_dyno_is_started_listed_and_stopped()
    {
        using var app = await HerokuApp.CreateAsync(heroku, "story-one-off");

        var started = await app.Heroku("run:detached", "--", "rake", "import:all");
        var dyno = started.Succeeds().Find(@"--dyno (run\.\d+)");
        (await app.Heroku("ps"))
            .Succeeds().Prints("=== run: one-off processes (1)", $"{dyno} (Basic): up", "rake import:all");

        (await app.Heroku("ps:stop", "--dyno-name", dyno)).Succeeds().Reports($"Stopping dyno {dyno} on");
        (await app.Heroku("ps")).Succeeds().PrintsNothingOf(dyno);
        (await app.Heroku("ps:stop", "--dyno-name", dyno)).Fails(2, "Couldn't find that dyno.");
    }
}
