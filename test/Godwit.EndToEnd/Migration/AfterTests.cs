using System.Text;
using System.Text.Json.Nodes;
using Godwit.EndToEnd.HerokuCli;
using Npgsql;

namespace Godwit.EndToEnd.Migration;

/// <summary><c>godwit after</c> lists what is left to do after a migration, checks each item, and does what is asked
/// for.</summary>
public sealed class AfterTests(JourneyServers servers)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_backup_and_its_schedule_stand_at_Heroku_as_its_own_program_shows_them_and_are_not_made_twice()
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        (await rig.RunAsync(rig.Migrate)).Expect(0).Says($"godwit after {rig.RunId}");
        (await rig.RunAsync("after")).Expect(0)
            .Says("open  first-backup: there is none since the cut-over").Says($"godwit after {rig.RunId} --backup")
            .Says("open  schedule: there is none").Says("open  availability: not with this plan")
            .Says("?     tokens\n").Says("--to ./before-deletion.dump");

        (await rig.RunAsync("after", "--backup", "--schedule-backups", "02:00 UTC")).Expect(0)
            .Says("Done: Heroku has the backup b002 of ").Says("every day at 02:00 UTC")
            .Says("done  first-backup: b002 of ").Says("done  schedule: daily at 02:00 UTC");

        using var cli = CliOf(rig);
        (await cli.RunAsync("pg:backups", "--app", rig.App)).Succeeds().Prints("=== Backups", "b002 ", "Completed ");
        (await cli.RunAsync("pg:backups:schedules", "--app", rig.App)).Succeeds()
            .Prints("DATABASE_URL: daily at 02:00 UTC");
        (await rig.RunAsync("after", rig.RunId, "--backup", "--schedule-backups", "2:00")).Expect(0)
            .Says("Is done already: Heroku has the backup b002").Says("Is done already: Heroku makes a backup");
        Assert.Equal((1, 1), (await BackupsAsync(rig), (await SchedulesAsync(rig)).Count));

        // Another schedule belongs to the user. Godwit only prints the command that removes it, and that command works.
        (await rig.RunAsync("after", "--schedule-backups", "14:00 CET")).Expect(1)
            .Says("after.scheduled_otherwise").Says($"heroku pg:backups:unschedule DATABASE_URL --app {rig.App}");
        (await cli.RunAsync("pg:backups:unschedule", "DATABASE_URL", "--app", rig.App)).Succeeds();
        (await rig.RunAsync("after", "--schedule-backups", "14:00 CET")).Expect(0).Says("daily at 14:00 Europe/Paris");
        (await cli.RunAsync("pg:backups:schedules", "--app", rig.App)).Succeeds().Prints("daily at 14:00 Europe/Paris");
    }

    [Fact]
    public async Task The_report_ends_with_the_list_and_neither_it_nor_the_list_shows_a_secret()
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        var file = Path.Combine(rig.Folder, "shop.env");
        var told = new StringBuilder();
        told.Append((await rig.RunAsync([.. rig.Migrate, "--env-file", file])).Expect(0).Everything);
        var text = await File.ReadAllTextAsync(Path.Combine(rig.RunFolders[0], "report.txt"), Ct);
        var page = await File.ReadAllTextAsync(Path.Combine(rig.RunFolders[0], "report.html"), Ct);

        Assert.All(new[] { text, page }, report =>
        {
            var list = report[report.IndexOf("What is left to do after the move", StringComparison.Ordinal)..];
            Assert.Contains($"godwit after {rig.RunId} --remove-env-file", list, StringComparison.Ordinal);
            Assert.Contains($"godwit after {rig.RunId} --remove-attachments", list, StringComparison.Ordinal);
            Assert.Contains("heroku authorizations:revoke ID", list, StringComparison.Ordinal);
            Assert.Contains("godwit dump --from env:SOURCE_URL --to ./before-del", list, StringComparison.Ordinal);
        });
        var password = new NpgsqlConnectionStringBuilder(await rig.TargetConnectionAsync()).Password!;
        told.Append((await rig.RunAsync("after", "--backup", "--remove-env-file", "--json")).Expect(0).Everything);
        told.Append((await rig.RunAsync("after", "--remove-attachments")).Expect(0).Everything);
        told.Append(text).Append(page);
        foreach (var left in Directory.EnumerateFiles(rig.Home, "*", SearchOption.AllDirectories))
            told.Append(await File.ReadAllTextAsync(left, Ct));
        foreach (var secret in new[] { password, GodwitRig.SecretMark, rig.Heroku.Token.Reveal() })
            Assert.DoesNotContain(secret, told.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_file_with_the_new_URL_is_removed_when_it_is_the_runs()
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        var file = Path.Combine(rig.Folder, "shop.env");
        (await rig.RunAsync([.. rig.Migrate, "--env-file", file])).Expect(0);
        (await rig.RunAsync("after")).Expect(0).Says("open  env-file: it is there");
        var written = await File.ReadAllTextAsync(file, Ct);

        await File.WriteAllTextAsync(file, "DATABASE_URL=of-somebody-else\n", Ct);
        (await rig.RunAsync("after", "--remove-env-file")).Expect(1).Says("after.env_file_foreign");
        (await rig.RunAsync("after")).Expect(0).Says("?     env-file: there is a file");
        Assert.True(File.Exists(file));
        await File.WriteAllTextAsync(file, written, Ct);
        (await rig.RunAsync("after", "--remove-env-file")).Expect(0)
            .Says($"Done: {file} is removed").Says("done  env-file");

        Assert.False(File.Exists(file));
        (await rig.RunAsync("after", "--remove-env-file")).Expect(0).Says($"Is done already: {file} is not there");
    }

    [Fact]
    public async Task Names_that_are_left_go_and_neither_a_database_nor_the_name_in_use_does()
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        var former = await rig.AddDatabaseAsync();
        var target = await rig.AddDatabaseAsync(attachAs: "NEWDB");
        foreach (var name in new[] { "LEGACY", "REPORTS" })
        {
            await rig.SendAsync(HttpMethod.Post, "/addon-attachments",
                new JsonObject { ["app"] = rig.App, ["addon"] = former, ["name"] = name });
        }

        (await rig.RunAsync(MigrateTo(rig, "NEWDB"))).Expect(0);
        (await rig.RunAsync("after")).Expect(0).Says("open  attachments: REPORTS can go")
            .Says($"heroku addons:destroy {former} --app {rig.App}");

        (await rig.RunAsync("after", "--remove-attachments")).Expect(0)
            .Says("Detached from").Says("REPORTS").Says($"LEGACY stays, because Heroku keeps one name of {former}")
            .Says("done  attachments");

        Assert.Equal(["DATABASE " + target, "LEGACY " + former, "NEWDB " + target], await AttachedAsync(rig));
        (await rig.RunAsync("after", "--remove-attachments")).Expect(0).Says("Is done already: No name is left");
        // A rollback is still possible. After it, there is no list any more.
        (await rig.RunAsync("rollback", rig.RunId)).Expect(0);
        Assert.Equal(former, await rig.PrimaryAsync());
        (await rig.RunAsync("after", rig.RunId)).Expect(1).Says("after.not_proven").Says("rolled back");
    }

    [Fact]
    public async Task The_name_that_an_ordered_database_had_before_the_cut_over_goes_too()
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        (await rig.RunAsync(rig.Migrate)).Expect(0);
        var target = await rig.PrimaryAsync();
        Assert.Equal(["DATABASE " + target, "NEW_DATABASE " + target], await AttachedAsync(rig));
        (await rig.RunAsync("after")).Expect(0).Says("open  attachments: NEW_DATABASE can go");

        var end = (await rig.RunAsync("after", "--remove-attachments", "--json")).Expect(0).Events[^1];

        Assert.Equal(["DATABASE " + target], await AttachedAsync(rig));
        Assert.Equal(("after_ended", rig.RunId), (end["event"]!.GetValue<string>(), end["run_id"]!.GetValue<string>()));
        Assert.False(end["results"]![0]!["was_done"]!.GetValue<bool>());
        var items = end["items"]!.AsArray().ToDictionary(
            one => one!["key"]!.GetValue<string>(), one => one!["state"]!.GetValue<string>());
        Assert.Equal(("done", "open", "unseen"), (items["attachments"], items["first-backup"], items["tokens"]));
        await rig.AssertProvenAsync();
    }

    [Fact]
    public async Task A_standard_plan_has_pooling_and_followers_in_its_list()
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        var target = await rig.AddDatabaseAsync(plan: "heroku-postgresql:standard-0");
        (await rig.RunAsync(rig.Migrate)).Expect(0);
        (await rig.RunAsync("after")).Expect(0).Says($"{target} (standard-0)")
            .Says("open  availability: there is no follower").Says("-- --follow DATABASE_URL")
            .Says("open  pooling: there is no pool").Says("heroku pg:connection-pooling:attach DATABASE_URL");

        using var cli = CliOf(rig);
        (await cli.RunAsync("pg:connection-pooling:attach", "DATABASE_URL", "--as", "DATABASE_CONNECTION_POOL",
            "--app", rig.App)).Succeeds();

        (await rig.RunAsync("after")).Expect(0).Says("done  pooling: attached as DATABASE_CONNECTION_POOL");
    }

    [Fact]
    public async Task A_shield_plan_has_no_such_backups()
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        await rig.AddDatabaseAsync(plan: "heroku-postgresql:shield-0");
        (await rig.RunAsync(rig.Migrate)).Expect(0);

        var list = (await rig.RunAsync("after")).Expect(0).Says("availability");

        Assert.DoesNotContain("first-backup", list.Everything, StringComparison.Ordinal);
        Assert.DoesNotContain("schedule", list.Everything, StringComparison.Ordinal);
        (await rig.RunAsync("after", "--backup")).Expect(1).Says("after.no_backups");
        (await rig.RunAsync("after", "--schedule-backups", "02:00 UTC")).Expect(1).Says("after.no_backups");
    }

    [Fact]
    public async Task Only_a_proven_migration_whose_database_is_in_use_has_a_list()
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        (await rig.RunAsync("after")).Expect(2).Says("cli.no_proven_run");
        (await rig.RunAsync([.. rig.Migrate.Except(["--i-have-a-backup"])])).Expect(1);
        (await rig.RunAsync("after", rig.RunId)).Expect(1).Says("after.not_proven").Says($"godwit resume {rig.RunId}");
        (await rig.RunAsync(["rehearse", .. rig.Migrate.Skip(1).SkipLast(1), "--add-on"])).Expect(0);
        (await rig.RunAsync("after", rig.RunId)).Expect(1).Says("after.rehearsal");
        (await rig.RunAsync("after")).Expect(2).Says("cli.no_proven_run");
        (await rig.RunAsync(rig.Migrate)).Expect(0);

        (await rig.RunAsync("after", "--schedule-backups", "02:30 UTC")).Expect(2).Says("full hours only");
        (await rig.RunAsync("after", "--schedule-backups", "24:00 UTC")).Expect(2).Says("no hour from 00 to 23");
        // Without quotes, the shell splits the time.
        (await rig.RunAsync("after", "--schedule-backups", "02:00", "UTC")).Expect(2)
            .Says("in quotes").Says("'02:00 UTC'");
        Assert.Empty(await SchedulesAsync(rig));

        var token = rig.Environment["HEROKU_API_KEY"];
        rig.Environment["HEROKU_API_KEY"] = null;
        (await rig.RunAsync("after")).Expect(1).Says("?     first-backup").Says("heroku.no_token");
        var refused = (await rig.RunAsync("after", "--backup")).Expect(1).Says("heroku.no_token");
        Assert.DoesNotContain("first-backup", refused.Everything, StringComparison.Ordinal);
        rig.Environment["HEROKU_API_KEY"] = token;

        var other = await rig.AddDatabaseAsync();
        await rig.SendAsync(HttpMethod.Post, "/addon-attachments", new JsonObject
        {
            ["app"] = rig.App,
            ["addon"] = other,
            ["name"] = "DATABASE",
            ["confirm"] = rig.App,
        });
        (await rig.RunAsync("after")).Expect(1).Says("after.not_in_use");
        (await rig.RunAsync("after", "--remove-attachments")).Expect(1).Says("after.not_in_use");
    }

    private static IReadOnlyList<string> MigrateTo(GodwitRig rig, string attachment) =>
    [
        "migrate", "--from", "env:SOURCE_URL", "--to", $"heroku:{rig.App}/{attachment}", "--via", rig.Via,
        "--i-have-a-backup",
    ];

    private static Cli CliOf(GodwitRig rig) => new(new Uri(rig.Heroku.Url), rig.Heroku.Token.Reveal());

    /// <summary>Completed backups and others.</summary>
    internal static async Task<int> BackupsAsync(GodwitRig rig) =>
        (await rig.GetAsync($"/client/v11/apps/{rig.App}/transfers")).AsArray()
        .Count(one => one!["to_type"]!.GetValue<string>() == "gof3r");

    internal static async Task<JsonArray> SchedulesAsync(GodwitRig rig) =>
        (await rig.GetAsync($"/client/v11/databases/{await rig.PrimaryAsync()}/transfer-schedules")).AsArray();

    private static async Task<IReadOnlyList<string>> AttachedAsync(GodwitRig rig) =>
    [
        .. (await rig.GetAsync($"/apps/{rig.App}/addon-attachments")).AsArray()
            .Select(one => $"{one!["name"]} {one["addon"]!["name"]}").Order(StringComparer.Ordinal),
    ];
}
