using Npgsql;

namespace Godwit.EndToEnd.Migration;

/// <summary>A Heroku that refuses access, and targets that must not be changed.</summary>
public sealed class BadInputTargetTests(JourneyServers servers, TroubledHeroku troubled) : IClassFixture<TroubledHeroku>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_token_says_how_to_get_one()
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        rig.Environment["HEROKU_API_KEY"] = null;

        var shown = await rig.StopsAsync(1, "heroku.no_token");

        Assert.Contains("heroku auth:token", shown.Next, StringComparison.Ordinal);
        Assert.Empty(rig.RunFolders);
    }

    [Fact]
    public async Task A_wrong_token_is_named_by_where_it_came_from()
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        rig.Environment["HEROKU_API_KEY"] = new("s3cr3t-but-wrong");

        Assert.Contains("HEROKU_API_KEY", (await rig.StopsAsync(1, "heroku.unauthorized")).Why,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_two_factors_are_asked_for()
    {
        await using var rig = await GodwitRig.CreateAsync(servers, heroku: troubled.Server);
        troubled.Server.AddFault("http:two-factor");
        var end = await rig.RunAsync(rig.Migrate);
        troubled.Server.ClearFaults();

        var shown = FaultShown.Read(end.Expect(1));

        Assert.Equal("heroku.two_factor", shown.Code);
        Assert.Contains("heroku authorizations:create", shown.Next, StringComparison.Ordinal);
        await rig.AssertUntouchedAsync();
    }

    [Fact]
    public async Task An_app_that_does_not_exist_and_is_not_to_be_created()
    {
        await using var rig = await GodwitRig.CreateAsync(servers, createApp: false);

        var shown = await rig.StopsAsync(1, "load.no_app");

        Assert.Contains($"'{rig.App}'", shown.What, StringComparison.Ordinal);
        Assert.Contains("--create-app", shown.Next, StringComparison.Ordinal);
        Assert.False(await rig.AppExistsAsync());
    }

    /// <summary>A command without a run must not say "it existed when this run began".</summary>
    [Fact]
    public async Task An_app_that_a_command_without_a_run_does_not_find()
    {
        await using var rig = await GodwitRig.CreateAsync(servers);

        (await rig.RunAsync("verify", "--from", "env:SOURCE_URL", "--to", "heroku:no-such-app"))
            .Expect(1).Says("code: load.app_unknown");
        (await rig.RunAsync("verify", "--from", "env:SOURCE_URL", "--to", "heroku:" + rig.App))
            .Expect(1).Says("code: load.no_database");
    }

    [Fact]
    public async Task A_target_that_is_the_source()
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        await rig.AddDatabaseAsync();
        rig.Environment["SOURCE_URL"] = new((await rig.ConfigVarAsync("DATABASE_URL"))!);
        await ExecuteAtTargetAsync(rig, "CREATE TABLE only_copy (id int); INSERT INTO only_copy VALUES (1)");

        var shown = await rig.StopsAsync(1, "assess.blocked", [.. rig.Migrate, "--confirm", rig.App]);

        Assert.Contains("[assess.same_database]", shown.Why, StringComparison.Ordinal);
        Assert.Contains("only copy", shown.Why, StringComparison.Ordinal);
        await ExecuteAtTargetAsync(rig, "INSERT INTO only_copy VALUES (2)");
    }

    [Fact]
    public async Task A_target_that_holds_tables_is_not_emptied_without_its_name()
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        await rig.AddDatabaseAsync();
        await ExecuteAtTargetAsync(rig, "CREATE TABLE precious (id int); INSERT INTO precious VALUES (1)");

        var shown = await rig.StopsAsync(1, "assess.blocked");

        Assert.Contains("[assess.target_not_empty]", shown.Why, StringComparison.Ordinal);
        Assert.Contains("public.precious", shown.Why, StringComparison.Ordinal);
        Assert.Contains($"--confirm {rig.App}", shown.Next, StringComparison.Ordinal);
        await rig.StopsAsync(2, "cli.options", [.. rig.Migrate, "--confirm", "another-app"]);
        await ExecuteAtTargetAsync(rig, "INSERT INTO precious VALUES (2)");
    }

    [Theory]
    [InlineData(true, "the target does not offer it")]
    [InlineData(false, "it is not among the extensions that Heroku offers, as published in 20")]
    public async Task An_extension_that_is_needed_and_that_the_target_does_not_offer(bool isThere, string why)
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        if (isThere)
            await rig.AddDatabaseAsync();
        await rig.Source.ExecuteAsync(rig.Database,
            "CREATE EXTENSION pageinspect; CREATE VIEW pages AS SELECT * FROM page_header(get_raw_page('birds', 0))",
            Ct);

        var shown = await rig.StopsAsync(1, "assess.blocked");

        Assert.Contains(why, shown.Why, StringComparison.Ordinal);
        Assert.Contains("pageinspect", shown.What + shown.Why, StringComparison.Ordinal);
        Assert.Contains("view public.pages", shown.Why, StringComparison.Ordinal);
        Assert.Contains("--accept assess.extension_needed", shown.Next, StringComparison.Ordinal);
    }

    /// <summary>Heroku offers pgvector, and no package of the tests has it. So the test gives another extension this
    /// name in the catalog.</summary>
    [Fact]
    public async Task An_extension_that_Heroku_offers_and_this_machine_does_not_have_is_this_machines_lack()
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        await rig.Source.ExecuteAsync(rig.Database,
            "CREATE EXTENSION hstore; UPDATE pg_extension SET extname = 'vector' WHERE extname = 'hstore'", Ct);
        await rig.ExecuteAtSourceAsync("CREATE TABLE likes (what hstore)");

        var later = await rig.StopsAsync(1, "load.extensions_not_here");
        Assert.Contains("vector (needed by table column public.likes.what)", later.Why, StringComparison.Ordinal);
        Assert.Contains("apt-get install postgresql-15-pgvector", later.Next, StringComparison.Ordinal);
        var sooner = await rig.StopsAsync(1, "assess.blocked");
        Assert.Contains("[assess.extension_not_here]", sooner.Why, StringComparison.Ordinal);
        Assert.DoesNotContain("DROP EXTENSION", sooner.Next, StringComparison.Ordinal);
        string[] assess = ["assess", "--from", "env:SOURCE_URL", "--to", "heroku:" + rig.App];
        (await rig.RunAsync(assess)).Expect(1).Says("assess.extension_not_here");

        await rig.ExecuteAtSourceAsync("DROP TABLE likes");
        (await rig.RunAsync(assess)).Expect(0).Says("assess.extensions_not_here");
        (await rig.RunAsync(rig.Migrate))
            .Expect(0).Says("This rehearsal leaves out extensions that Heroku offers (vector)")
            .Says("apt-get install postgresql-15-pgvector");
    }

    [Fact]
    public async Task A_plan_that_is_too_small()
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        await rig.AddDatabaseAsync();
        await PretendBytesAsync(rig, 11_000_000_000);

        var shown = await rig.StopsAsync(1, "assess.blocked");

        Assert.Contains("[assess.plan_too_small]", shown.Why, StringComparison.Ordinal);
        Assert.Contains("holds 10 GB", shown.Why, StringComparison.Ordinal);
        Assert.Contains("heroku-postgresql:essential-2", shown.Next, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_source_that_no_plan_holds()
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        await PretendBytesAsync(rig, 5_000_000_000_000);

        var shown = await rig.StopsAsync(1, "assess.blocked");

        Assert.Contains("[assess.no_plan_fits]", shown.Why, StringComparison.Ordinal);
        Assert.Contains("--plan", shown.Next, StringComparison.Ordinal);
        await rig.AssertNoDatabaseWasOrderedAsync();
    }

    [Fact]
    public async Task A_plan_that_Heroku_does_not_have()
    {
        await using var rig = await GodwitRig.CreateAsync(servers);

        string[] migrate = [.. rig.Migrate, "--plan", "no-such-plan"];
        var shown = await rig.StopsAsync(1, "assess.blocked", [.. migrate, "--dry-run"]);
        Assert.Contains("[assess.plan_unknown]", shown.Why, StringComparison.Ordinal);
        await rig.StopsAsync(1, "heroku.invalid_params", [.. migrate, "--accept", "assess.plan_unknown"]);
        await rig.AssertNoDatabaseWasOrderedAsync();
    }

    [Theory]
    [InlineData("restore:fails-after=0s", "load.restore_failed", "heroku pg:backups:info")]
    [InlineData("restore:warnings=3", "load.restore_warnings", "--accept load.restore_warnings")]
    [InlineData("addon:deprovisions", "heroku.provisioning_failed", "heroku addons:destroy")]
    public async Task What_Heroku_does_not_finish_is_put_back(string trouble, string code, string advice)
    {
        await using var rig = await GodwitRig.CreateAsync(servers, heroku: troubled.Server);
        troubled.Server.AddFault(trouble);
        try
        {
            var shown = await rig.StopsAsync(code.StartsWith("load", StringComparison.Ordinal) ? 3 : 1, code);
            Assert.Contains(advice, shown.Next, StringComparison.Ordinal);
        }
        finally
        {
            troubled.Server.ClearFaults();
        }
    }

    private static async Task ExecuteAtTargetAsync(GodwitRig rig, string sql)
    {
        await using var connection = new NpgsqlConnection(await rig.TargetConnectionAsync());
        await connection.OpenAsync(Ct);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Ct);
    }

    // A sparse file counts as large and takes no space. PostgreSQL adds up the sizes of the files in a database's
    // folder.
    private static async Task PretendBytesAsync(GodwitRig rig, long bytes)
    {
        var oid = await rig.Source.ScalarAsync<uint>("postgres",
            $"SELECT oid FROM pg_database WHERE datname = '{rig.Database}'", Ct);
        await using var hole = new FileStream(Path.Combine(rig.Source.Folder, "data", "base", $"{oid}", "hole"),
            FileMode.Create);
        hole.SetLength(bytes);
    }
}
