using System.Text.Json.Nodes;
using Godwit.EndToEnd.Migration;

namespace Godwit.EndToEnd.Settings;

/// <summary><c>godwit settings</c> between two real servers of different majors.</summary>
public sealed class SettingsCommandTests(OtherServers servers)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(13, 15)]
    [InlineData(15, 17)]
    public async Task What_can_be_carried_is_shown_then_carried_and_then_stands(int from, int to)
    {
        await using var rig = await SettingsRig.CreateAsync(await servers.OfMajorAsync(from),
            await servers.OfMajorAsync(to));
        await rig.AtSourceAsync($"""
            ALTER DATABASE {rig.Name} SET statement_timeout = '0.5min';
            ALTER DATABASE {rig.Name} SET search_path = 'Odd "one", two', public;
            ALTER ROLE {rig.Name} SET lock_timeout = '5s';
            ALTER ROLE {rig.Name} IN DATABASE {rig.Name} SET work_mem = '64MB';
            ALTER DATABASE {rig.Name} SET DateStyle = 'SQL, DMY';
            ALTER DATABASE {rig.Name} SET plpgsql.extra_warnings = 'all';
            ALTER DATABASE {rig.Name} SET deadlock_timeout = '3s';
            ALTER DATABASE {rig.Name} SET default_transaction_read_only = on;
            """);

        var shown = await rig.RunAsync();
        shown.Expect(1).Says("6 settings can be carried over")
            .Says($"ALTER DATABASE \"{rig.Name}\" SET search_path = 'Odd \"one\", two', 'public';")
            .Says($"ALTER DATABASE \"{rig.Name}\" SET lock_timeout = '5s';").Says("only a superuser may set it there")
            .Says("deadlock_timeout");
        Assert.Equal("0", await rig.ShowAsync("statement_timeout"));
        Assert.DoesNotContain("default_transaction_read_only", shown.Output, StringComparison.Ordinal);

        (await rig.RunAsync("--apply")).Expect(0).Says("✓ search_path").Says("All of it stands");
        Assert.Equal("30s", await rig.ShowAsync("statement_timeout"));
        Assert.Equal("\"Odd \"\"one\"\", two\", public", await rig.ShowAsync("search_path"));
        Assert.Equal("5s", await rig.ShowAsync("lock_timeout"));
        Assert.Equal("64MB", await rig.ShowAsync("work_mem"));
        Assert.Equal("SQL, DMY", await rig.ShowAsync("DateStyle"));
        Assert.Equal("off", await rig.ShowAsync("default_transaction_read_only"));

        (await rig.RunAsync("--apply")).Expect(0).Says("Nothing is left to carry over");
        (await rig.RunAsync()).Expect(0).Says("Nothing is left to carry over");
    }

    /// <summary>What is printed is what a person would paste: it must do the same.</summary>
    [Fact]
    public async Task The_statements_that_are_shown_can_be_pasted()
    {
        await using var rig = await SettingsRig.CreateAsync(await servers.OfMajorAsync(13),
            await servers.OfMajorAsync(15));
        await rig.AtSourceAsync($"ALTER DATABASE {rig.Name} SET search_path = 'O''Neill', public; "
            + $"ALTER ROLE {rig.Name} SET xmloption = document; ALTER DATABASE {rig.Name} SET plpgsql.extra_errors = "
            + $"'too_many_rows'; ALTER ROLE {rig.Name} SET bytea_output = escape");

        foreach (var statement in Differences(await rig.RunAsync("--json")).Select(one => one["do"]).OfType<JsonNode>())
            await rig.AtTargetAsync(statement.GetValue<string>());

        (await rig.RunAsync()).Expect(0);
        Assert.Equal("escape", await rig.ShowAsync("bytea_output"));
    }

    /// <summary>The server takes the name of a text search configuration that it does not have, and its sessions start
    /// without.</summary>
    [Fact]
    public async Task A_setting_that_has_no_effect_is_told_and_does_not_stop_the_others()
    {
        await using var rig = await SettingsRig.CreateAsync(await servers.OfMajorAsync(13),
            await servers.OfMajorAsync(15));
        await rig.AtSourceAsync($"""
            CREATE TEXT SEARCH CONFIGURATION public.birds (COPY = english);
            ALTER DATABASE {rig.Name} SET default_text_search_config = 'public.birds';
            ALTER DATABASE {rig.Name} SET statement_timeout = '6s';
            """);

        (await rig.RunAsync("--apply")).Expect(1)
            .Says("✗ default_text_search_config was not carried over: it was accepted, and a new session still finds")
            .Says("✓ statement_timeout = 6s").Says("1 of 2 settings stand");
        Assert.Equal("6s", await rig.ShowAsync("statement_timeout"));

        await rig.AtTargetAsync("CREATE TEXT SEARCH CONFIGURATION public.birds (COPY = english)");
        (await rig.RunAsync()).Expect(0).Says("Nothing is left");
    }

    [Fact]
    public async Task A_role_that_does_not_own_the_target_sets_its_own()
    {
        await using var rig = await SettingsRig.CreateAsync(await servers.OfMajorAsync(13),
            await servers.OfMajorAsync(15));
        await rig.AtSourceAsync($"ALTER DATABASE {rig.Name} SET lock_timeout = '5s'; "
            + $"ALTER DATABASE {rig.Name} SET statement_timeout = '6s'");
        await rig.AtTargetAsync($"ALTER ROLE {rig.Owner} IN DATABASE {rig.Name} SET lock_timeout = '1s'; "
            + $"ALTER DATABASE {rig.Name} OWNER TO postgres");

        (await rig.RunAsync())
            .Expect(1).Says($"ALTER ROLE \"{rig.Owner}\" IN DATABASE \"{rig.Name}\" SET statement_timeout = '6s';");
        (await rig.RunAsync("--apply")).Expect(0).Says("All of it stands");

        Assert.Equal("6s", await rig.ShowAsync("statement_timeout"));
        Assert.Equal("5s", await rig.ShowAsync("lock_timeout"));
    }

    [Fact]
    public async Task Values_that_may_be_secrets_are_carried_where_they_may_be_and_never_shown()
    {
        await using var rig = await SettingsRig.CreateAsync(await servers.OfMajorAsync(13),
            await servers.OfMajorAsync(17));
        await rig.AtSourceAsync($"ALTER DATABASE {rig.Name} SET app.jwt_secret = '{GodwitRig.SecretMark}, it''s'; "
            + $"ALTER DATABASE {rig.Name} SET app.tenant = '{GodwitRig.SecretMark}-2'");
        await rig.AtTargetAsync($"GRANT SET ON PARAMETER app.jwt_secret TO {rig.Owner}");
        var file = rig.NewFile("settings.csv");

        (await rig.RunAsync("--csv", file, "--all")).Expect(1).Says("app.jwt_secret").Says("may be secret")
            .Says("app.tenant").Says("only a superuser may set such a name");
        (await rig.RunAsync("--json")).Expect(1);
        (await rig.RunAsync("--csv")).Expect(1).Says("app.jwt_secret,carried,,***,database");
        (await rig.RunAsync("--apply")).Expect(0).Says("✓ app.jwt_secret = ***");

        Assert.Equal($"{GodwitRig.SecretMark}, it's", await rig.ShowAsync("app.jwt_secret"));
        Assert.DoesNotContain(GodwitRig.SecretMark, await File.ReadAllTextAsync(file, Ct), StringComparison.Ordinal);
        await rig.AtTargetAsync($"REVOKE ALL ON PARAMETER app.jwt_secret FROM {rig.Owner}");
    }

    [Fact]
    public async Task The_settings_of_the_role_that_is_named_are_the_applications()
    {
        await using var rig = await SettingsRig.CreateAsync(await servers.OfMajorAsync(15),
            await servers.OfMajorAsync(17));
        await rig.AtSourceAsync($"CREATE ROLE {rig.Name}_app LOGIN; ALTER ROLE {rig.Name}_app SET statement_timeout = "
            + $"'7s'; ALTER ROLE {rig.Name} SET statement_timeout = '9s'");

        var mine = await rig.RunAsync();
        var theirs = await rig.RunAsync("--role", $"{rig.Name}_app");
        var nobodys = await rig.RunAsync("--role", "nobody");
        await rig.AtSourceAsync($"DROP ROLE {rig.Name}_app");

        mine.Expect(1).Says("SET statement_timeout = '9s';").Says($"--role {rig.Name}_app");
        theirs.Expect(1).Says("SET statement_timeout = '7s';");
        nobodys.Expect(2).Says("settings.no_role");
    }

    [Fact]
    public async Task The_CSV_has_a_line_for_everything_that_differs()
    {
        await using var rig = await SettingsRig.CreateAsync(await servers.OfMajorAsync(13),
            await servers.OfMajorAsync(15));
        await rig.AtSourceAsync($"ALTER DATABASE {rig.Name} SET search_path = a, b");

        var csv = (await rig.RunAsync("--csv")).Expect(1).Output;
        var json = Differences(await rig.RunAsync("--json"));

        var lines = GodwitProcess.Lines(csv);
        Assert.StartsWith("name,kind,role,source,source_from,target,target_from,why,do", lines[0],
            StringComparison.Ordinal);
        Assert.Equal(json.Count + 1, lines.Length);
        Assert.Contains(lines, line => line.StartsWith(
            "search_path,carried,,\"a, b\",database,\"\"\"$user\"\", public\",default,,", StringComparison.Ordinal));
        (await rig.RunAsync("--csv", rig.NewFile("missing/folder.csv"))).Expect(1).Says("cli.file_unwritable");
        (await rig.RunAsync("--csv", "--json")).Expect(2).Says("cli.options");
    }

    private static IReadOnlyList<JsonNode> Differences(GodwitEnd end) =>
        [.. Assert.Single(end.Events)["differences"]!.AsArray().OfType<JsonNode>()];
}
