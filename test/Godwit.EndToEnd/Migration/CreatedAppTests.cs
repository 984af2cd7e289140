namespace Godwit.EndToEnd.Migration;

/// <summary>The app and the database that a migration creates are as requested.</summary>
public sealed class CreatedAppTests(JourneyServers servers)
{
    [Fact]
    public async Task An_app_is_created_for_a_team_in_a_region_and_its_database_in_a_version()
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        var app = $"{rig.App[..Math.Min(rig.App.Length, 20)]}-new";

        (await rig.RunAsync("migrate", "--from", "env:SOURCE_URL", "--to", $"heroku:{app}", "--via", rig.Via,
            "--create-app", "--region", "eu", "--team", "acme",
            "--pg-version", "15", "--i-have-a-backup")).Expect(0).Says("PostgreSQL 15");

        var made = await rig.GetAsync($"/apps/{app}");
        Assert.Equal(("eu", "acme"),
            (made["region"]!["name"]!.GetValue<string>(), made["team"]!["name"]!.GetValue<string>()));
    }

    [Fact]
    public async Task A_version_that_is_not_offered_is_refused_before_anything_is_stopped()
    {
        await using var rig = await GodwitRig.CreateAsync(servers);

        var end = await rig.RunAsync([.. rig.Migrate, "--pg-version", "16"]);

        Assert.NotEqual(0, end.Code);
        end.Says("Version 16 is not available");
        await rig.AssertUntouchedAsync();
        await rig.AssertNoDatabaseWasOrderedAsync();
    }
}
