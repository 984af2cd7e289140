using System.Text.Json.Nodes;

namespace Godwit.EndToEnd.Migration;

/// <summary>The cut-over in whole runs of the real binary. Cutover/SwitchTests has every point at which it can be
/// killed.</summary>
public sealed class SwitchJourneyTests(JourneyServers servers, TroubledHeroku trouble)
    : IClassFixture<TroubledHeroku>, IDisposable
{
    private const string Old = "postgres://old.example.com/shop";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => trouble.Server.ClearFaults();

    [Fact]
    public async Task Killed_between_the_promotion_and_the_next_app_it_is_rolled_back_to_exactly_what_was()
    {
        await using var rig = await GodwitRig.CreateAsync(servers, heroku: trouble.Server);
        var (other, file) = await AddOtherAsync(rig);
        await rig.SendAsync(HttpMethod.Patch, $"/apps/{rig.App}/config-vars",
            new JsonObject { ["DATABASE_URL"] = Old });
        trouble.Server.AddFault($"http:slow=1m,method=PATCH,path=/apps/{other}/config-vars,count=1");
        var run = rig.Start([.. rig.Migrate, "--set-config", other + ":JOBS_DB", "--env-file", file,
            "--app", other, "--json"]);
        await run.LineAsync(line => line.Contains($"DATABASE_URL of {rig.App}", StringComparison.Ordinal)
            && line.Contains("state_changed", StringComparison.Ordinal));
        await run.KillAsync();
        Assert.NotEqual(Old, await rig.ConfigVarAsync("DATABASE_URL"));

        (await rig.RunAsync("rollback")).Expect(0).Says("the plain config var again that it was");

        await rig.AssertEverythingIsAsBeforeAsync();
        Assert.Equal((Old, Old), (await rig.ConfigVarAsync("DATABASE_URL"), await VarAsync(rig, other)));
        Assert.Null(await rig.PrimaryAsync());
        Assert.False(File.Exists(file));
    }

    [Fact]
    public async Task The_pool_of_the_former_database_goes_along_and_comes_back()
    {
        await using var rig = await GodwitRig.CreateAsync(servers, heroku: trouble.Server);
        var former = await rig.AddDatabaseAsync("DATABASE", "heroku-postgresql:standard-0");
        var target = await rig.AddDatabaseAsync("NEST", "heroku-postgresql:standard-0");
        await rig.SendAsync(HttpMethod.Post, "/addon-attachments", new JsonObject
        {
            ["app"] = rig.App, ["addon"] = former, ["name"] = "DATABASE_CONNECTION_POOL",
            ["namespace"] = "connection-pooling:default",
        });

        (await rig.RunAsync("migrate", "--from", "env:SOURCE_URL", "--to", $"heroku:{rig.App}/NEST", "--via", rig.Via,
            "--i-have-a-backup")).Expect(0);

        Assert.Equal((target, target), (await rig.PrimaryAsync(), await PoolAsync(rig)));

        (await rig.RunAsync("rollback", rig.RunId)).Expect(0);

        Assert.Equal((former, former), (await rig.PrimaryAsync(), await PoolAsync(rig)));
    }

    private static async Task<string> PoolAsync(GodwitRig rig) =>
        (await rig.GetAsync($"/apps/{rig.App}/addon-attachments")).AsArray()
            .Single(one => one!["name"]!.GetValue<string>() == "DATABASE_CONNECTION_POOL")!["addon"]!["name"]!
            .GetValue<string>();

    [Fact]
    public async Task Killed_behind_the_next_app_it_is_resumed_to_its_proof()
    {
        await using var rig = await GodwitRig.CreateAsync(servers, heroku: trouble.Server);
        var (other, file) = await AddOtherAsync(rig);
        var run = rig.Start([.. rig.Migrate, "--set-config", other + ":JOBS_DB", "--env-file", file,
            "--app", other, "--json"]);
        await run.LineAsync(line => line.Contains($"JOBS_DB of {other}", StringComparison.Ordinal)
            && line.Contains("state_changed", StringComparison.Ordinal));
        await run.KillAsync();

        (await rig.RunAsync("resume")).Expect(0).Says("Spent on");

        await rig.AssertProvenAsync();
        var url = await rig.ConfigVarAsync("DATABASE_URL");
        Assert.Equal(url, await VarAsync(rig, other));
        Assert.Contains($"DATABASE_URL={url}\n", await File.ReadAllTextAsync(file, Ct), StringComparison.Ordinal);
        string[] again = [.. rig.Migrate, "--dry-run", "--confirm", rig.App];
        var word = EmptyLiveTests.Word(await rig.RunAsync(again));
        (await rig.RunAsync([.. again, "--empty-live", word])).Says($"with run {rig.RunId}");
    }

    [Fact]
    public async Task A_dry_run_tells_how_what_would_be_switched_stopped_and_set_is_now()
    {
        await using var rig = await GodwitRig.CreateAsync(servers, heroku: trouble.Server);
        var (other, file) = await AddOtherAsync(rig);
        var primary = await rig.AddDatabaseAsync();
        await rig.ExecuteAtSourceAsync($"ALTER DATABASE {rig.Database} SET statement_timeout = '61s'");
        var before = (await rig.ConfigVarAsync("DATABASE_URL"), await VarAsync(rig, other));
        IReadOnlyList<string> dry = [.. rig.Migrate, "--dry-run", "--set-config", other + ":JOBS_DB", "--set-config",
            other + ":NEW_DB", "--env-file", file, "--app", other, "--confirm", rig.App];

        (await rig.RunAsync([.. dry, "--accept-command", "./no-such-check"])).Expect(1).Says("assess.accept_command");
        var end = (await rig.RunAsync([.. dry, "--accept-command", "true"])).Expect(0);

        end.Says($"DATABASE_URL of {rig.App}: it is the add-on {primary} now");
        end.Says($"JOBS_DB of {other}: it is set now").Says($"NEW_DB of {other}: it is not set now");
        end.Says($"{file}: it is not there, and may be written");
        end.Says($"{rig.App}: it runs web=1 worker={GodwitRig.Workers} now, which would be stopped; maintenance is off")
            .Says("freeze");
        end.Says("1 setting would be set at").Says("statement_timeout").Says("Nothing was changed");
        Assert.Equal(before, (await rig.ConfigVarAsync("DATABASE_URL"), await VarAsync(rig, other)));
        Assert.False(File.Exists(file));
        await rig.AssertEverythingIsAsBeforeAsync();
    }

    [Fact]
    public async Task A_failed_release_command_puts_the_switch_and_the_freeze_back()
    {
        await using var rig = await GodwitRig.CreateAsync(servers, heroku: trouble.Server);
        var former = await rig.AddDatabaseAsync();
        await rig.AddDatabaseAsync(attachAs: "NEWDB");
        trouble.Server.AddFault("release:fails");

        (await rig.RunAsync(["migrate", "--from", "env:SOURCE_URL", "--to", $"heroku:{rig.App}/NEWDB", "--via", rig.Via,
            "--i-have-a-backup"]))
            .Expect(3).Says("heroku.release_failed").Says("heroku releases:output v").Says("dynos run on as they did");

        await rig.AssertEverythingIsAsBeforeAsync();
        Assert.Equal(former, await rig.PrimaryAsync());
        trouble.Server.ClearFaults();
        (await rig.RunAsync("resume")).Expect(0);
        await rig.AssertProvenAsync();
    }

    /// <summary>Creates an app with a variable that names the old database.</summary>
    private static async Task<(string App, string File)> AddOtherAsync(GodwitRig rig)
    {
        var other = rig.App + "-2";
        await rig.SendAsync(HttpMethod.Post, "/apps", new JsonObject { ["name"] = other });
        await rig.SendAsync(HttpMethod.Patch, $"/apps/{other}/config-vars", new JsonObject { ["JOBS_DB"] = Old });
        Directory.CreateDirectory(rig.Home);
        return (other, Path.Combine(rig.Home, "shop.env"));
    }

    private static async Task<string?> VarAsync(GodwitRig rig, string app) =>
        (await rig.GetAsync($"/apps/{app}/config-vars"))["JOBS_DB"]?.GetValue<string>();
}
