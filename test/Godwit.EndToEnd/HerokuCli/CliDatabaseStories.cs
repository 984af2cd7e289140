using Godwit.Heroku;

namespace Godwit.EndToEnd.HerokuCli;

/// <summary>What the CLI does with one database, or with two.</summary>
public sealed class CliDatabaseStories(HerokuLocalFixture heroku)
{
    [Fact]
    public async Task A_database_is_described_and_asked()
    {
        using var app = await HerokuApp.CreateAsync(heroku, "story-info");
        var addon = await app.AddDatabaseAsync("essential-0");
        await app.DoAsync("CREATE TABLE bird (name text); INSERT INTO bird VALUES ('godwit'), ('knot'); "
            + "CREATE TABLE nest ()");

        (await app.Heroku("pg:info")).Succeeds().Prints(
            "=== DATABASE_URL", "Plan: essential-0", "Status: Available", "/20", "PG Version: ", "Tables: 2/4000",
            "/ 1 GB", "Fork/Follow: Unsupported", "Rollback: Unsupported", $"Add-on: {addon}");
        (await app.Heroku("pg:info", "DATABASE_URL")).Succeeds().Prints("=== DATABASE_URL", $"Add-on: {addon}");

        var asked = await app.Heroku("pg:psql",
            "-c", "SELECT count(*) AS birds, current_setting('application_name') AS who FROM bird");
        asked.Succeeds().Reports($"--> Connecting to {addon}").Prints("birds | who", "2 | psql non-interactive");
        (await app.Heroku("pg:psql", "-c", "INSERT INTO bird VALUES ('ruff')")).Succeeds().Prints("INSERT 0 1");
        Assert.Equal(3L, await app.AskAsync<long>("SELECT count(*) FROM bird"));
        (await app.Heroku("pg:psql", "-c", "SELECT * FROM nowhere")).Fails(1, "relation \"nowhere\" does not exist");
    }

    [Fact]
    public async Task Credentials_are_listed_and_open_the_database()
    {
        using var app = await HerokuApp.CreateAsync(heroku, "story-credentials");
        await app.AddDatabaseAsync();

        (await app.Heroku("pg:credentials")).Succeeds().Prints("default", "as DATABASE", "active");
        var shown = await app.Heroku("pg:credentials:url");
        var url = shown.Succeeds().Prints("Connection information for default credential.", "sslmode=require")
            .Find(@"(postgres://\S+)");

        Assert.Equal(await app.ConfigAsync("DATABASE_URL"), url);
        Assert.True(await PgUrl.AskAsync<bool>(
            url, "SELECT datdba = current_user::regrole FROM pg_database WHERE datname = current_database()",
            TestContext.Current.CancellationToken));
        (await app.Heroku("pg:credentials:url", "--name", "nobody")).Fails(1, "HTTP Error 404");
    }

    [Fact]
    public async Task A_credential_is_made_under_the_name_of_its_role_and_destroyed_again()
    {
        using var app = await HerokuApp.CreateAsync(heroku, "story-made-credential");
        await app.AddDatabaseAsync("standard-0");

        (await app.Heroku("pg:credentials:create", "DATABASE_URL", "--name", "read-only")).Succeeds();

        (await app.Heroku("pg:credentials")).Succeeds().Prints("default", "read-only");
        var url = (await app.Heroku("pg:credentials:url", "--name", "read-only")).Succeeds()
            .Find(@"(postgres://\S+)");
        Assert.Equal("read-only", await PgUrl.AskAsync<string>(url, "SELECT current_user::text",
            TestContext.Current.CancellationToken));
        (await app.Heroku("pg:credentials:destroy", "DATABASE_URL", "--name", "read-only",
            "--confirm", app.Name)).Succeeds();
    }

    [Fact]
    public async Task Settings_are_shown_and_changed_on_standard_and_refused_on_essential()
    {
        using var app = await HerokuApp.CreateAsync(heroku, "story-settings");
        await app.AddDatabaseAsync("essential-0");
        var standard = await app.AddDatabaseAsync("standard-0", attachAs: "STD");

        (await app.Heroku("pg:settings", "STD"))
            .Succeeds().Prints($"=== {standard}", "log-statement:", "log-lock-waits:", "track-functions:");
        (await app.Heroku("pg:settings:log-statement", "STD", "mod"))
            .Succeeds().Prints($"log-statement has been set to mod for {standard}.");
        (await app.Heroku("pg:settings:log-statement", "STD"))
            .Succeeds().Prints($"log-statement is set to mod for {standard}.");
        Assert.Equal("mod", await app.AskAsync<string>("SHOW log_statement", "STD_URL"));

        (await app.Heroku("pg:settings", "DATABASE_URL"))
            .Fails(2, "You can't perform this operation on Essential-tier databases.");
    }

    /// <summary>What <c>godwit settings</c> prints to paste, read by the program it is meant for.</summary>
    [Fact]
    public async Task The_commands_that_we_print_for_settings_are_understood()
    {
        using var app = await HerokuApp.CreateAsync(heroku, "story-setting-keys");
        var addon = await app.AddDatabaseAsync("standard-0");
        foreach (var key in HerokuSettingKey.All)
        {
            var value = key.Words is [.., var last] ? last : "-1";
            // All but the program's own name and the --app at the end, which the rig adds.
            var words = key.Command(app.Name, addon, value).Split(' ');
            (await app.Heroku([.. words[1..^2]])).Succeeds().Prints($"has been set to {value} for {addon}.");
            Assert.Equal(value, (await app.GetAsync($"/postgres/v0/databases/{addon}/config"))
                .GetProperty(key.Name).GetProperty("value").ToString().ToLowerInvariant());
        }
    }

    [Theory]
    [InlineData("essential-0")]
    [InlineData("standard-0")]
    public async Task The_extensions_on_offer_are_listed_and_can_be_installed(string plan)
    {
        using var app = await HerokuApp.CreateAsync(heroku, "story-extensions-" + plan);
        await app.AddDatabaseAsync(plan);

        (await app.Heroku("pg:extensions"))
            .Succeeds().Prints("pg_trgm", "hstore", "pgcrypto").PrintsNothingOf("file_fdw");
        (await app.Heroku("pg:psql", "-c", "CREATE EXTENSION hstore")).Succeeds().Prints("CREATE EXTENSION");
        Assert.Equal("1", await app.AskAsync<string>("SELECT 'a=>1'::hstore -> 'a'"));
    }

    [Fact]
    public async Task A_reset_database_is_empty_and_still_its_owners()
    {
        using var app = await HerokuApp.CreateAsync(heroku, "story-reset");
        var addon = await app.AddDatabaseAsync();
        await app.DoAsync("CREATE TABLE bird (); CREATE SCHEMA other; CREATE VIEW other.v AS SELECT 1; "
            + "SELECT lo_create(4711)");

        (await app.Heroku("pg:reset", "--confirm", "wrong"))
            .Fails(1, "Confirmation wrong did not match story-reset. Aborted.");
        Assert.Equal(1L, await app.AskAsync<long>("SELECT count(*) FROM pg_class WHERE relname = 'bird'"));

        (await app.Heroku("pg:reset", "--confirm", "story-reset", "--extensions", "citext"))
            .Succeeds().Reports($"Resetting {addon}... done");
        Assert.Equal(0L, await app.AskAsync<long>("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"));
        Assert.Equal(0L, await app.AskAsync<long>("SELECT count(*) FROM pg_namespace WHERE nspname = 'other'"));
        Assert.Equal(0L, await app.AskAsync<long>("SELECT count(*) FROM pg_largeobject_metadata"));
        Assert.Equal("citext",
            await app.AskAsync<string>("SELECT extname::text FROM pg_extension WHERE extname <> 'plpgsql'"));
        await app.DoAsync("CREATE TABLE again ()");
    }

    [Fact]
    public async Task A_database_is_copied_over_another()
    {
        using var app = await HerokuApp.CreateAsync(heroku, "story-copy");
        await app.AddDatabaseAsync();
        await app.AddDatabaseAsync("standard-0", attachAs: "NEXT");
        await app.DoAsync("CREATE TABLE bird AS SELECT i AS id FROM generate_series(1, 100) i; "
            + "ALTER TABLE bird ADD PRIMARY KEY (id)");
        await app.DoAsync("CREATE TABLE leftover ()", "NEXT_URL");

        (await app.Heroku("pg:copy", "DATABASE", "NEXT", "--confirm", "wrong"))
            .Fails(1, "Confirmation wrong did not match NEXT. Aborted.");
        (await app.Heroku("pg:copy", "DATABASE", "NEXT", "--confirm", "NEXT")).Succeeds()
            .Reports("Starting copy of DATABASE to NEXT... done", "Copying... done");

        Assert.Equal(5050L, await app.AskAsync<long>("SELECT sum(id) FROM bird", "NEXT_URL"));
        Assert.Equal(0L,
            await app.AskAsync<long>("SELECT count(*) FROM pg_class WHERE relname = 'leftover'", "NEXT_URL"));
        Assert.Equal(100L, await app.AskAsync<long>("SELECT count(*) FROM bird"));
        (await app.Heroku("pg:backups")).Succeeds().Prints("=== Copies", "c001", "Completed", "DATABASE", "NEXT");
    }
}
