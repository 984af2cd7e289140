namespace Godwit.EndToEnd.HerokuCli;

/// <summary>What the databases of an app are to their owner, and to each other.</summary>
public sealed class CliAddonStories(HerokuLocalFixture heroku)
{
    [Fact]
    public async Task The_owner_of_a_database_may_not_do_what_Heroku_forbids()
    {
        using var app = await HerokuApp.CreateAsync(heroku, "story-owner");
        await app.AddDatabaseAsync();

        Assert.Equal("f f f f", await app.AskAsync<string>(
            "SELECT concat_ws(' ', rolsuper, rolcreaterole, rolcreatedb, rolreplication) FROM pg_roles "
            + "WHERE rolname = current_user"));
        (await app.Heroku("pg:psql", "-c", "CREATE ROLE intruder")).Fails(1, "permission denied to create role");
        (await app.Heroku("pg:psql", "-c", "CREATE EXTENSION file_fdw")).Fails(1, "file_fdw");
        Assert.Equal(0L, await app.AskAsync<long>("SELECT count(*) FROM pg_extension WHERE extname = 'file_fdw'"));
    }

    [Fact]
    public async Task The_second_database_gets_a_color_and_can_be_promoted()
    {
        using var app = await HerokuApp.CreateAsync(heroku, "story-promote");
        var first = await app.AddDatabaseAsync();
        var second = await app.AddDatabaseAsync("standard-0", attachAs: "NEXT");
        await app.DoAsync("CREATE TABLE old_home ()", "DATABASE_URL");
        await app.DoAsync("CREATE TABLE new_home ()", "NEXT_URL");

        var promoted = await app.Heroku("pg:promote", "NEXT");

        var color = promoted.Succeeds().Reports($"Promoting {second} to DATABASE_URL on story-promote... done")
            .Find(@"Ensuring an alternate alias for existing DATABASE_URL\.\.\. (HEROKU_POSTGRESQL_[A-Z]+_URL)");
        Assert.Equal("new_home",
            await app.AskAsync<string>("SELECT relname::text FROM pg_class WHERE relname LIKE '%_home'"));
        Assert.Equal("old_home",
            await app.AskAsync<string>("SELECT relname::text FROM pg_class WHERE relname LIKE '%_home'", color));

        (await app.Heroku("pg:promote", second)).Fails(2, $"{second} is already promoted on story-promote");
        // Attachments come in the order of their ids, which are random.
        (await app.Heroku("pg:info")).Succeeds().Prints($"=== {color}", $"Add-on: {first}", $"Add-on: {second}")
            .Find("=== (NEXT_URL, DATABASE_URL|DATABASE_URL, NEXT_URL)");
    }

    [Fact]
    public async Task A_name_is_taken_from_another_database_only_when_confirmed_and_never_its_last()
    {
        using var app = await HerokuApp.CreateAsync(heroku, "story-taken");
        var first = await app.AddDatabaseAsync();
        string[] create = ["addons:create", "heroku-postgresql:essential-0", "--as", "DATABASE", "--confirm"];

        (await app.Heroku([.. create, "wrong"])).Fails(1, "Confirmation wrong did not match story-taken. Aborted.");
        (await app.Heroku([.. create, app.Name]))
            .Fails(2, $"Cannot destroy last attachment to billing app story-taken for resource {first}");

        (await app.Heroku("addons")).Succeeds().Prints($"heroku-postgresql ({first})", "as DATABASE");
        Assert.Equal(1, (await app.GetAsync("/apps/story-taken/addons")).GetArrayLength());
    }
}
