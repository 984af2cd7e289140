using System.Text.Json.Nodes;
using Godwit.EndToEnd.Migration;

namespace Godwit.EndToEnd.HerokuCli;

/// <summary>What Heroku's own command line sees of an app while Godwit moves its database, and of its
/// releases.</summary>
public sealed class CliCutoverStories(JourneyServers servers, HerokuLocalFixture heroku)
{
    private const string Old = "postgres://old.example.com/shop";

    [Fact]
    public async Task Maintenance_dynos_releases_and_config_before_during_after_and_after_a_rollback()
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        await rig.SendAsync(HttpMethod.Patch, $"/apps/{rig.App}/config-vars",
            new JsonObject { ["DATABASE_URL"] = Old });
        using var cli = new Cli(new Uri(rig.Heroku.Url), rig.Heroku.Token.Reveal());
        Task<Said> Heroku(string command) => cli.RunAsync([.. command.Split(' '), "--app", rig.App]);
        (await Heroku("ps")).Succeeds().Prints("web.1: up", "worker.1: up", "worker.2: up");

        // The acceptance command holds the run in the moment before its cut-over.
        Directory.CreateDirectory(rig.Home);
        var goOn = Path.Combine(rig.Home, "go-on");
        var run = rig.Start([.. rig.Migrate,
            "--accept-command", $"echo waiting; until [ -e {goOn} ]; do sleep 0.1; done", "--json"]);
        await run.LineAsync(line =>
            line.Contains("waiting", StringComparison.Ordinal) && line.Contains("it says", StringComparison.Ordinal));
        (await Heroku("maintenance")).Succeeds().PrintsExactly("on");
        (await Heroku("ps")).Succeeds().PrintsNothingOf("web.1").PrintsNothingOf("worker.");
        (await Heroku("config:get DATABASE_URL")).Succeeds().PrintsExactly(Old);

        await File.WriteAllTextAsync(goOn, "", TestContext.Current.CancellationToken);
        (await run.EndAsync()).Expect(0);
        var addOn = (await rig.PrimaryAsync())!;
        (await Heroku("maintenance")).Succeeds().PrintsExactly("off");
        (await Heroku("ps")).Succeeds().Prints("web.1: up", "worker.1: up", "worker.2: up");
        (await Heroku("config:get DATABASE_URL")).Succeeds().PrintsExactly((await rig.ConfigVarAsync("DATABASE_URL"))!);
        (await Heroku("releases"))
            .Succeeds().Prints($"Attach DATABASE (@ref:{addOn})", "Remove DATABASE_URL config vars");
        (await Heroku("pg:info")).Succeeds().Prints("DATABASE_URL", addOn);

        (await rig.RunAsync("rollback", rig.RunId, "--confirm", rig.App)).Expect(0);
        (await Heroku("maintenance")).Succeeds().PrintsExactly("off");
        (await Heroku("ps")).Succeeds().Prints("web.1: up", "worker.1: up", "worker.2: up");
        (await Heroku("config:get DATABASE_URL")).Succeeds().PrintsExactly(Old);
        (await Heroku("releases")).Succeeds().Prints($"Detach DATABASE (@ref:{addOn})", "Set DATABASE_URL config vars");
    }

    [Fact]
    public async Task A_release_keeps_the_config_of_its_time_and_is_rolled_back_to()
    {
        using var app = await HerokuApp.CreateAsync(heroku, "story-releases");
        await app.Heroku("config:set", "NEST=tundra");
        await app.Heroku("config:set", "NEST=taiga", "EGGS=4");

        (await app.Heroku("releases:info", "v3"))
            .Succeeds().Prints("Set NEST config vars", "v3 Config vars", "NEST: tundra").PrintsNothingOf("EGGS:");
        (await app.Heroku("rollback", "v3")).Succeeds().Reports("Rolling back story-releases to v3... done, v5");

        (await app.Heroku("config")).Succeeds().Prints("NEST: tundra").PrintsNothingOf("EGGS");
        (await app.Heroku("releases")).Succeeds().Prints("Current: v5", "Rollback to v3");
    }
}
