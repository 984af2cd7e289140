namespace Godwit.EndToEnd.Migration;

/// <summary>A database with PostGIS. It has the user's rows in tables of the extension, which the owner of a Heroku
/// database may or may not write to.</summary>
public sealed class PostgisJourneyTests(JourneyServers servers, TroubledHeroku trouble)
    : IClassFixture<TroubledHeroku>, IDisposable
{
    /// <summary>Untrusted extensions: a superuser creates them and lets the owner write. Every provider does that in
    /// its own way.</summary>
    private const string Extensions = """
        CREATE EXTENSION postgis; CREATE EXTENSION postgis_topology; CREATE SCHEMA partman;
        CREATE EXTENSION pg_partman SCHEMA partman;
        GRANT ALL ON spatial_ref_sys, topology.topology, topology.layer TO {0};
        GRANT ALL ON ALL SEQUENCES IN SCHEMA topology TO {0};
        GRANT ALL ON SCHEMA partman TO {0}; GRANT ALL ON ALL TABLES IN SCHEMA partman TO {0};
        """;

    /// <summary>The coordinate system must be there before any row of a generated column, and before the index and the
    /// materialized view are created.</summary>
    private const string System = """
        INSERT INTO spatial_ref_sys (srid, auth_name, auth_srid, srtext, proj4text)
            SELECT 990001, 'mine', 1, srtext, proj4text FROM spatial_ref_sys WHERE srid = 32633;
        CREATE TABLE places (id int PRIMARY KEY, at geometry(Point, 990001), around geography(Point, 4326),
            degrees geometry GENERATED ALWAYS AS (ST_Transform(at, 4326)) STORED);
        INSERT INTO places SELECT n, ST_SetSRID(ST_MakePoint(n * 1000, n * 2000), 990001),
            ST_SetSRID(ST_MakePoint(n % 90, n % 45), 4326) FROM generate_series(1, 200) n;
        CREATE INDEX places_by_degree ON places USING gist (ST_Transform(at, 4326));
        CREATE MATERIALIZED VIEW places_in_degrees AS SELECT id,
            ST_AsText(ST_Transform(at, 4326), 5) AS place FROM places;
        """;

    private const string Topology = """
        SET search_path = public, topology;
        SELECT CreateTopology('roads', 990001);
        CREATE TABLE streets (id int PRIMARY KEY);
        SELECT AddTopoGeometryColumn('roads', 'public', 'streets', 'shape', 'LINE');
        INSERT INTO streets VALUES (1, toTopoGeom(ST_SetSRID('LINESTRING(0 0, 10 10)'::geometry, 990001), 'roads', 1));
        """;

    private const string Partitions = """
        CREATE TABLE measured (at timestamptz NOT NULL, value int) PARTITION BY RANGE (at);
        SELECT partman.create_parent('public.measured', 'at', 'native', 'daily');
        """;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string> Routes => ["backup", "direct"];

    public void Dispose() => trouble.Server.ClearFaults();

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Coordinate_systems_topologies_and_partition_sets_of_users_arrive_as_they_are(string route)
    {
        await using var rig = await RigAsync(System, Topology, Partitions);

        (await AssessAsync(rig)).Expect(0).Says("assess.extension_rows_not_asked").Says("assess.extensions_published");
        (await rig.RunAsync(Migrate(rig, route)))
            .Expect(0).Says("public.spatial_ref_sys: 1 row, topology.topology: 1 row, topology.layer: 1 row");
        await rig.AssertProvenAsync();
        Assert.Equal(1,
            await rig.ScalarAtTargetAsync<long>("SELECT count(*) FROM spatial_ref_sys WHERE srid = 990001"));
        Assert.Equal("roads", await rig.ScalarAtTargetAsync<string>("SELECT name FROM topology.topology t "
            + "JOIN topology.layer l ON l.topology_id = t.id AND l.table_name = 'streets'"));
        Assert.Equal("public.measured",
            await rig.ScalarAtTargetAsync<string>("SELECT parent_table FROM partman.part_config"));
        Assert.Equal(200,
            await rig.ScalarAtTargetAsync<long>("SELECT count(*) FROM places_in_degrees WHERE place LIKE 'POINT(%'"));
    }

    /// <summary>Emptying the target removes these rows too. To leave them out of the restore would lose them.</summary>
    [Theory]
    [MemberData(nameof(Routes))]
    public async Task They_arrive_in_a_target_that_has_them_and_is_emptied_too(string route)
    {
        await using var rig = await RigAsync(System, Topology);
        (await rig.RunAsync(Migrate(rig, route))).Expect(0);
        string[] again = [.. Migrate(rig, route), "--confirm", rig.App];
        var refused = (await rig.RunAsync(again)).Expect(1);

        (await rig.RunAsync([.. again, "--empty-live", EmptyLiveTests.Word(refused)])).Expect(0);

        await rig.AssertProvenAsync();
        Assert.Equal(1,
            await rig.ScalarAtTargetAsync<long>("SELECT count(*) FROM spatial_ref_sys WHERE srid = 990001"));
        Assert.Equal("roads", await rig.ScalarAtTargetAsync<string>("SELECT name FROM topology.topology"));
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Where_the_owner_may_write_into_no_table_of_an_extension_their_own_rows_need_not_be_brought(
        string route)
    {
        trouble.Server.AddFault("extension:closed");
        await using var rig =
            await RigAsync("CREATE TABLE places AS SELECT ST_SetSRID(ST_MakePoint(1, 2), 4326) AS at");
        await rig.AddDatabaseAsync();

        (await AssessAsync(rig)).Expect(0).Says("assess.extension_rows_their_own");
        (await rig.RunAsync(Migrate(rig, route)))
            .Expect(0).Says("Tables of extensions are left out, because they hold no rows of yours")
            .Says("extensions' tables without rows of yours were left out");

        await rig.AssertProvenAsync();
        Assert.Contains("public.spatial_ref_sys",
            await File.ReadAllTextAsync(Path.Combine(rig.RunFolders[0], "left-out.sql"), Ct), StringComparison.Ordinal);
    }

    /// <summary>Without a database, the refusal is found only after one is ordered. With a database, the assessment
    /// finds it.</summary>
    [Fact]
    public async Task There_rows_of_users_stop_the_run_before_the_freeze_and_what_is_accepted_does_not_fail_the_proof()
    {
        trouble.Server.AddFault("extension:closed");
        await using var rig = await RigAsync(System);

        var later = await rig.StopsAsync(1, "load.extension_rows_refused");
        Assert.Contains("public.spatial_ref_sys", later.What, StringComparison.Ordinal);
        Assert.Contains("may not insert", later.Why, StringComparison.Ordinal);
        var sooner = await rig.StopsAsync(1, "assess.blocked");
        Assert.Contains("[assess.extension_rows_refused]", sooner.Why, StringComparison.Ordinal);
        Assert.Contains("SELECT * FROM public.spatial_ref_sys WHERE ROW(srid)::text IN ('(990001)');", sooner.Next,
            StringComparison.Ordinal);

        await rig.ExecuteAtSourceAsync("DROP MATERIALIZED VIEW places_in_degrees; "
            + "ALTER TABLE places DROP COLUMN degrees; DROP INDEX places_by_degree");
        (await rig.RunAsync([.. rig.Migrate, "--accept", "assess.extension_rows_refused"])).Expect(0)
            .Says("extension's table with rows of yours was left out of the dump (public.spatial_ref_sys)")
            .Says("1 difference was expected: public.spatial_ref_sys");
        Assert.Equal(0,
            await rig.ScalarAtTargetAsync<long>("SELECT count(*) FROM spatial_ref_sys WHERE srid = 990001"));
        Assert.Equal(200, await rig.ScalarAtTargetAsync<long>("SELECT count(*) FROM places"));
    }

    [Fact]
    public async Task Rows_that_the_targets_version_brings_are_left_to_it_and_others_of_their_keys_are_refused()
    {
        await using var rig = await RigAsync("SELECT 1");
        await rig.AddDatabaseAsync();
        await using (var target = new Npgsql.NpgsqlConnection(await rig.TargetConnectionAsync()))
        {
            // As a newer version of the extension would create it.
            await target.OpenAsync(Ct);
            await using var create = new Npgsql.NpgsqlCommand("CREATE EXTENSION postgis; INSERT INTO spatial_ref_sys "
                + "(srid, auth_name) VALUES (990001, 'mine'), (990002, 'its')", target);
            await create.ExecuteNonQueryAsync(Ct);
        }

        await rig.ExecuteAtSourceAsync("INSERT INTO spatial_ref_sys (srid, auth_name) VALUES (990001, 'mine')");
        (await AssessAsync(rig)).Expect(0).Says("no rows of yours that the target lacks (")
            .Says("public.spatial_ref_sys");
        await rig.ExecuteAtSourceAsync("INSERT INTO spatial_ref_sys (srid, auth_name) VALUES (990002, 'mine')");
        (await AssessAsync(rig)).Expect(1).Says("rows with the same key ((990001), (990002))");
        await rig.ExecuteAtSourceAsync("UPDATE spatial_ref_sys SET srid = 990003 + srid - 990001 WHERE srid > 990000");
        (await AssessAsync(rig)).Expect(0);
    }

    private static Task<GodwitEnd> AssessAsync(GodwitRig rig) =>
        rig.RunAsync("assess", "--from", "env:SOURCE_URL", "--to", "heroku:" + rig.App);

    private static IReadOnlyList<string> Migrate(GodwitRig rig, string route) =>
        route == "backup" ? rig.Migrate : ["migrate", "--from", "env:SOURCE_URL", "--to", "heroku:" + rig.App,
            "--route", "direct", "--i-have-a-backup"];

    /// <param name="scripts">SQL that the owner runs.</param>
    private async Task<GodwitRig> RigAsync(params string[] scripts)
    {
        var rig = await GodwitRig.CreateAsync(servers, heroku: trouble.Server);
        await rig.Source.ExecuteAsync(rig.Database,
            Extensions.Replace("{0}", rig.Database, StringComparison.Ordinal), Ct);
        foreach (var script in scripts)
            await rig.ExecuteAtSourceAsync(script);
        return rig;
    }
}
