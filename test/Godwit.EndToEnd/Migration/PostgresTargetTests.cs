using Godwit.EndToEnd.HerokuLocal;
using Godwit.Faults;
using Godwit.HerokuLocal;

namespace Godwit.EndToEnd.Migration;

/// <summary>Migrations with the real binary into a database outside Heroku.</summary>
public sealed class PostgresTargetTests(JourneyServers servers, OtherServers others)
{
    private const string Preinstalled = """
        CREATE SCHEMA provided;
        CREATE EXTENSION pg_trgm SCHEMA provided;
        CREATE FUNCTION provided.version_of_provider() RETURNS text LANGUAGE sql AS 'SELECT ''1''';
        """;

    /// <summary>Objects whose kinds each need their own form of DROP.</summary>
    private const string Rare = """
        CREATE TYPE pair AS (a int, b text);
        CREATE DOMAIN positive AS int CHECK (value > 0);
        CREATE PROCEDURE doubled(a int, OUT b int) LANGUAGE plpgsql AS 'begin b := 2 * a; end';
        CREATE FUNCTION plus(a int, b int) RETURNS int LANGUAGE sql AS 'SELECT a + b';
        CREATE AGGREGATE counted(*) (SFUNC = int8inc, STYPE = bigint, INITCOND = '0');
        CREATE AGGREGATE total(int) (SFUNC = int4pl, STYPE = int);
        CREATE AGGREGATE ranked(ORDER BY int) (SFUNC = int4pl, STYPE = int);
        CREATE OPERATOR ### (LEFTARG = int, RIGHTARG = int, FUNCTION = plus);
        CREATE COLLATION german (provider = icu, locale = 'de');
        CREATE TEXT SEARCH DICTIONARY plain (TEMPLATE = simple);
        CREATE TEXT SEARCH CONFIGURATION english_too (COPY = english);
        CREATE CAST (pair AS text) WITH INOUT;
        CREATE CONVERSION to_latin FOR 'UTF8' TO 'LATIN1' FROM utf8_to_iso8859_1;
        CREATE SCHEMA "odd ""one";
        CREATE TABLE "odd ""one"."a table" (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, number serial);
        CREATE TABLE divided (id int, day date) PARTITION BY RANGE (day);
        CREATE TABLE divided_now PARTITION OF divided FOR VALUES FROM ('2020-01-01') TO ('2040-01-01');
        CREATE VIEW shown AS SELECT * FROM divided;
        ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC;
        """;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("direct", "assess backup target trial freeze copy settings verify cutover thaw")]
    [InlineData("backup", "assess backup target trial freeze dump restore settings verify cutover thaw cleanup")]
    public async Task Both_routes_bring_everything_over_without_Heroku_and_the_way_back_is_open(
        string route, string steps)
    {
        await using var rig = await GodwitRig.CreateAsync(servers, createApp: false);
        var target = await TargetAsync(rig);
        foreach (var name in rig.Environment.Keys.Where(one => one.StartsWith("HEROKU", StringComparison.Ordinal)))
            rig.Environment[name] = null;

        var end = (await rig.RunAsync([.. Migrate(rig, route), "--json"])).Expect(0);

        Assert.Equal(steps.Split(' '), end.Events.Where(one => one["event"]!.GetValue<string>() == "step_done")
            .Select(one => one["step"]!.GetValue<string>()));
        Assert.False(await rig.IsSourceWritableAsync(), "the source is writable after the cut-over");
        await target.AssertEqualsSourceAsync(rig);
        Assert.Empty(rig.StoreFiles);
        (await rig.RunAsync("status", rig.RunId)).Expect(0).Says("proven");
        (await rig.RunAsync("after", rig.RunId)).Expect(0).Says("delete-source");
        var run = rig.RunId;

        // The finished command again.
        (await rig.RunAsync(Migrate(rig, route))).Expect(1).Says("assess.target_not_empty")
            .Says("empty this one yourself");
        await target.AssertEqualsSourceAsync(rig);

        await target.ExecuteAsync("INSERT INTO birds (name) VALUES ('written after the cut-over')");
        (await rig.RunAsync("rollback", run)).Expect(1).Says("run.written_since").Says("--confirm " + target.Name);
        (await rig.RunAsync("rollback", run, "--confirm", "another")).Expect(2).Says("the run's database is");
        (await rig.RunAsync("rollback", run, "--drop-target", "--confirm", target.Name)).Expect(2)
            .Says("made nothing there");
        (await rig.RunAsync("rollback", run, "--confirm", target.Name)).Expect(0);
        Assert.True(await rig.IsSourceWritableAsync(), "the source is read-only");
    }

    [Theory]
    [InlineData("direct", "copy")]
    [InlineData("backup", "restore")]
    public async Task A_run_killed_while_it_fills_the_target_goes_on_or_leaves_it_as_it_was(string route, string step)
    {
        await using var rig = await GodwitRig.CreateAsync(servers, SourceContents.Slow, createApp: false);
        await rig.ExecuteAtSourceAsync(Rare);
        var target = await TargetAsync(rig);
        var before = await target.ObjectsAsync();
        var first = rig.Start([.. Migrate(rig, route), "--json"]);
        await first.LineAsync(line => line.Contains($"\"step\":\"{step}\"", StringComparison.Ordinal)
            && line.Contains("bytes_moved", StringComparison.Ordinal));
        await first.KillAsync();

        (await rig.RunAsync("rollback")).Expect(0).Says("the unfinished copy is removed");
        Assert.True(await rig.IsSourceWritableAsync(), "the source is read-only");
        Assert.Equal(before, await target.ObjectsAsync());
        Assert.Empty(rig.StoreFiles);

        (await rig.RunAsync("resume", rig.RunId)).Expect(0);
        await target.AssertEqualsSourceAsync(rig);
    }

    [Fact]
    public async Task What_could_not_be_removed_is_known_as_the_runs_own_and_removed_later()
    {
        await using var rig = await GodwitRig.CreateAsync(servers, SourceContents.Slow, createApp: false);
        var target = await TargetAsync(rig);
        var before = await target.ObjectsAsync();
        var first = rig.Start([.. Migrate(rig, "direct"), "--json"]);
        await first.LineAsync(line => line.Contains("\"step\":\"copy\"", StringComparison.Ordinal)
            && line.Contains("bytes_moved", StringComparison.Ordinal));
        await first.KillAsync();
        await target.Cluster.ExecuteAsync(target.Name, "CREATE TABLE provided.theirs ()", Ct);

        (await rig.RunAsync("rollback")).Expect(0).Says("is still there, and used by nobody (permission denied");
        await target.Cluster.ExecuteAsync(target.Name, "DROP TABLE provided.theirs", Ct);
        (await rig.RunAsync("rollback", rig.RunId)).Expect(0).Says("the unfinished copy is removed");

        Assert.Equal(before, await target.ObjectsAsync());
    }

    [Fact]
    public async Task What_others_have_written_is_never_deleted()
    {
        await using var rig = await GodwitRig.CreateAsync(servers, createApp: false);
        var target = await TargetAsync(rig);
        var first = rig.Start([.. Migrate(rig, "direct"), "--json"]);
        await first.EventAsync("step_done", "copy");
        await first.KillAsync();
        (await rig.RunAsync("rollback")).Expect(0).Says("used by nobody");
        await target.ExecuteAsync("INSERT INTO birds (name) VALUES ('mine')");

        (await rig.RunAsync("resume", rig.RunId)).Expect(1).Says("load.holds_data");

        Assert.Equal(1, await target.ScalarAsync<long>("SELECT count(*) FROM birds WHERE name = 'mine'"));
        Assert.True(await rig.IsSourceWritableAsync(), "the source is read-only");
    }

    [Fact]
    public async Task Apps_are_stopped_and_switched_where_the_command_names_them()
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        var target = await TargetAsync(rig);
        var file = Path.Combine(rig.Folder, "target.env");

        (await rig.RunAsync([.. Migrate(rig, "direct"), "--app", rig.App, "--set-config", rig.App + ":JOBS_DB",
            "--env-file", file])).Expect(0).Says(rig.App);

        Assert.Equal(target.Url.Reveal(), await rig.ConfigVarAsync("JOBS_DB"));
        Assert.Contains(target.Url.Reveal(), await File.ReadAllTextAsync(file, Ct), StringComparison.Ordinal);
        Assert.False(await rig.IsInMaintenanceAsync(), "the app is in maintenance");
        (await rig.RunAsync("rollback", rig.RunId)).Expect(0);
        Assert.Null(await rig.ConfigVarAsync("JOBS_DB"));
        Assert.False(File.Exists(file));
        await rig.AssertEverythingIsAsBeforeAsync();
    }

    [Fact]
    public async Task What_fits_no_such_target_is_told_before_anything_is_done()
    {
        await using var rig = await GodwitRig.CreateAsync(servers, createApp: false);
        var target = await TargetAsync(rig);
        IReadOnlyList<string> migrate = Migrate(rig, "direct");

        (await rig.RunAsync([.. migrate, "--confirm", "shop", "--plan", "standard-0", "--attach", "shop",
            "--create-app"])).Expect(2).Says("--confirm is for a target at Heroku").Says("--plan is for")
            .Says("--attach is for").Says("--create-app is for");
        (await rig.RunAsync([.. migrate.Select(one => one == "env:TARGET_URL" ? "env:SOURCE_URL" : one)])).Expect(1)
            .Says("assess.same_database");
        (await rig.RunAsync("migrate", "--from", "env:SOURCE_URL", "--to", target.Url.Reveal(), "--i-have-a-backup",
            "--detach")).Expect(2).Says("would show the password in --to");
        rig.Environment["TARGET_URL"] = Secret.Plain(target.Url.Reveal().Replace(
            ":" + target.Password.Reveal(), "", StringComparison.Ordinal));
        (await rig.RunAsync([.. migrate, "--env-file", Path.Combine(rig.Folder, "x.env")])).Expect(2)
            .Says("has no password, and --env-file hands the URL on");
        Assert.True(await rig.IsSourceWritableAsync(), "the source is read-only");
    }

    [Fact]
    public async Task A_target_typed_as_a_URL_is_named_again_for_the_way_back()
    {
        await using var rig = await GodwitRig.CreateAsync(servers, createApp: false);
        var target = await TargetAsync(rig);
        (await rig.RunAsync("migrate", "--from", "env:SOURCE_URL", "--to", target.Url.Reveal(), "--i-have-a-backup"))
            .Expect(0).Says("the password in --to can be seen");
        var another = await TargetAsync(rig);

        (await rig.RunAsync("rollback", rig.RunId, "--to", another.Url.Reveal())).Expect(2)
            .Says("the target of this run is");
        rig.Environment["TARGET_URL"] = target.Url;
        (await rig.RunAsync("rollback", rig.RunId, "--to", "env:TARGET_URL")).Expect(0);
        Assert.True(await rig.IsSourceWritableAsync(), "the source is read-only");
    }

    private static IReadOnlyList<string> Migrate(GodwitRig rig, string route) =>
        ["migrate", "--from", "env:SOURCE_URL", "--to", "env:TARGET_URL", "--i-have-a-backup", "--route", route,
            .. route == "backup" ? (string[])["--via", rig.Via] : []];

    /// <summary>A target as a provider creates it: empty, with an extension and a schema of its own.</summary>
    private async Task<Target> TargetAsync(GodwitRig rig)
    {
        var cluster = await others.OfMajorAsync(17);
        var name = "target_" + Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(5));
        var password = new Secret("p" + name);
        var url = await OtherServers.AddDatabaseAsync(cluster, name, password);
        await cluster.ExecuteAsync(name, Preinstalled, Ct);
        rig.Environment["TARGET_URL"] = url;
        return new(cluster, name, password, url);
    }

    private sealed record Target(LocalCluster Cluster, string Name, Secret Password, Secret Url)
    {
        private string Connection => Cluster.ConnectionString(Name, Name, Password).Reveal();

        public Task ExecuteAsync(string sql) => ScalarAsync<object>(sql);

        public Task<T?> ScalarAsync<T>(string sql) => LocalHeroku.ScalarAsync<T>(Connection, sql);

        public async Task AssertEqualsSourceAsync(GodwitRig rig) => Assert.Equal(
            await JourneySource.ContentsAsync(rig.SourceConnection.Reveal(), Ct),
            await JourneySource.ContentsAsync(Connection, Ct));

        public async Task<string?> ObjectsAsync() => await ScalarAsync<string>("""
            SELECT string_agg(i.type || ' ' || i.identity, E'\n' ORDER BY i.type, i.identity)
            FROM (SELECT classid, objid FROM pg_depend WHERE objid >= 16384
                  UNION SELECT 'pg_class'::regclass, oid FROM pg_class WHERE oid >= 16384) one,
                LATERAL pg_identify_object(one.classid, one.objid, 0) i
            WHERE coalesce(i.schema, '') !~ '^pg_'
            """);
    }
}
