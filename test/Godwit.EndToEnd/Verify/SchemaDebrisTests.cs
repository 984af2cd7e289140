using Godwit.EndToEnd.Migration;
using Godwit.HerokuLocal;
using Godwit.Proof;
using Npgsql;

namespace Godwit.EndToEnd.Verify;

/// <summary>Catalogs with leftovers of dropped objects, with damage, and with changes during the comparison.</summary>
public sealed class SchemaDebrisTests(OtherServers others, SchemaCopies copies)
{
    /// <summary>An OID that no object has.</summary>
    private const string Gone = "987654321";

    private static readonly string[] Debris =
    [
        $"""
        INSERT INTO pg_description SELECT {Gone}, c::regclass, 0, 'of nothing'
            FROM unnest(ARRAY['pg_class', 'pg_proc', 'pg_type', 'pg_constraint', 'pg_trigger',
            'pg_rewrite', 'pg_policy', 'pg_namespace', 'pg_operator', 'pg_opclass', 'pg_opfamily', 'pg_collation',
                'pg_conversion', 'pg_ts_config', 'pg_ts_dict',
            'pg_ts_parser', 'pg_ts_template', 'pg_statistic_ext', 'pg_language', 'pg_am', 'pg_extension',
                'pg_foreign_data_wrapper', 'pg_foreign_server',
            'pg_event_trigger', 'pg_publication', 'pg_subscription', 'pg_cast', 'pg_transform', 'pg_largeobject']) c
        """,
        "INSERT INTO pg_description SELECT 'birds.species'::regclass, 'pg_class'::regclass, 99, 'of no column'",
        $"INSERT INTO pg_shdescription SELECT {Gone}, 'pg_database'::regclass, 'of nothing'",
        $"INSERT INTO pg_seclabel SELECT {Gone}, c::regclass, 0, 'nobody', 'of nothing' "
        + "FROM unnest(ARRAY['pg_class', 'pg_proc', 'pg_type', 'pg_namespace', 'pg_largeobject']) c",
        $"INSERT INTO pg_shseclabel SELECT {Gone}, 'pg_database'::regclass, 'nobody', 'of nothing'",
        $"""
        INSERT INTO pg_depend (classid, objid, objsubid, refclassid, refobjid, refobjsubid, deptype)
        SELECT 'pg_proc'::regclass, {Gone}, 0, 'pg_extension'::regclass,
               (SELECT oid FROM pg_extension WHERE extname = 'hstore'), 0, 'x'
        """,
        $"INSERT INTO pg_init_privs SELECT {Gone}, 'pg_class'::regclass, 0, 'i', '{{}}'",
        $"INSERT INTO pg_shdepend SELECT oid, 'pg_class'::regclass, {Gone}, 0, 'pg_authid'::regclass, {Gone}, 'o' "
        + "FROM pg_database WHERE datname = current_database()",
    ];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<int> Majors => new(13, 15, 18);

    [Theory, MemberData(nameof(Majors))]
    public async Task Debris_of_dropped_objects_is_no_difference(int major)
    {
        var (server, database) = await SampleAsync(major);
        var source = await copies.CloneAsync(server, database, Debris);
        var target = await copies.CloneAsync(server, database);
        foreach (var (from, to) in ((string, string)[])[(source, target), (target, source)])
        {
            var result = await SchemaCopies.CompareAsync(server, from, server, to);
            Assert.Empty(result.Objects);
            Assert.Empty(result.Omissions);
        }

        await server.ExecuteAsync("postgres",
            $"DELETE FROM pg_shdescription WHERE objoid = {Gone}; DELETE FROM pg_shseclabel WHERE objoid = {Gone}", Ct);
    }

    [Theory, MemberData(nameof(Majors))]
    public async Task An_operator_that_only_another_one_names_is_no_difference(int major)
    {
        var (server, database) = await SampleAsync(major);
        var source = await copies.CloneAsync(server, database,
            "CREATE OPERATOR birds.=#= (LEFTARG = integer, RIGHTARG = integer, FUNCTION = int4eq, "
            + "COMMUTATOR = OPERATOR(birds.=##=), NEGATOR = OPERATOR(birds.<##>))",
            "DROP OPERATOR birds.=#= (integer, integer)",
            "INSERT INTO pg_description SELECT oid, 'pg_operator'::regclass, 0, 'x' FROM pg_operator "
            + "WHERE oprname = '<##>' AND oprcode = 0");
        var target = await copies.CloneAsync(server, database);
        var result = await SchemaCopies.CompareAsync(server, source, server, target);
        Assert.Empty(result.Objects);
        Assert.Empty(result.Omissions);
    }

    [Theory, MemberData(nameof(Majors))]
    public async Task A_damaged_object_is_told_by_name_and_the_others_are_compared(int major)
    {
        var (server, database) = await SampleAsync(major);
        var source = await copies.CloneAsync(server, database,
            "CREATE FUNCTION birds.lost() RETURNS integer LANGUAGE sql AS 'SELECT 1'; "
            + "CREATE VIEW birds.broken AS SELECT birds.lost() AS a",
            "CREATE TABLE birds.damaged (a integer CONSTRAINT torn CHECK (a > birds.lost()))",
            "DELETE FROM pg_proc WHERE proname = 'lost'",
            "INSERT INTO pg_default_acl (oid, defaclrole, defaclnamespace, defaclobjtype, defaclacl) "
            + $"VALUES (98765, {Gone}, 0, 'r', '{{}}')");
        var target = await copies.CloneAsync(server, database, "DROP VIEW birds.sub",
            "CREATE VIEW birds.broken AS SELECT 1 AS a", "CREATE TABLE birds.damaged (a integer)");
        var result = await SchemaCopies.CompareAsync(server, source, server, target);
        Assert.Equal(["birds.sub"],
            result.Objects.Where(one => one.Outcome == Outcome.Different).Select(one => one.Name));
        Assert.Equal(
            ["constraint torn on birds.damaged", $"default privileges of the role unknown (OID={Gone})",
                "relation birds.broken"],
            result.Omissions.Select(one => one.What).Order());
        Assert.All(result.Omissions, one => Assert.Contains("at the source, ", one.Because, StringComparison.Ordinal));
        Assert.Contains(result.Objects, one => one
            is { Class: "view", Name: "birds.broken", Outcome: Outcome.NotCompared, Source: null, Target: not null });
    }

    /// <summary>Many objects of every kind that a catalog function prints.</summary>
    private const string Make = """
        CREATE SCHEMA busy; CREATE TYPE busy.mood AS ENUM ('a'); CREATE DOMAIN busy.code AS text CHECK (VALUE <> '');
        CREATE TABLE busy.t (id serial PRIMARY KEY, m busy.mood, c busy.code CHECK (c <> 'x'),
            p integer REFERENCES busy.t);
        CREATE INDEX ON busy.t (lower(c::text)); CREATE VIEW busy.v AS SELECT id, m FROM busy.t;
        CREATE MATERIALIZED VIEW busy.w AS SELECT * FROM busy.v;
        CREATE FUNCTION busy.f(a busy.mood DEFAULT 'a') RETURNS busy.t LANGUAGE sql AS 'SELECT t FROM busy.t t';
        CREATE FUNCTION busy.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
        CREATE TRIGGER touched BEFORE INSERT ON busy.t FOR EACH ROW WHEN (NEW.id > 3) EXECUTE FUNCTION busy.touch();
        CREATE RULE r AS ON DELETE TO busy.v DO INSTEAD NOTHING; CREATE POLICY p ON busy.t USING (id > 3);
        CREATE STATISTICS busy.s ON id, m FROM busy.t;
        CREATE AGGREGATE busy.longest(text) (SFUNC = text_larger, STYPE = text);
        COMMENT ON TABLE busy.t IS 'x'; COMMENT ON COLUMN busy.t.c IS 'x'; COMMENT ON VIEW busy.v IS 'x';
        GRANT SELECT ON busy.t TO PUBLIC
        """;

    [Theory, MemberData(nameof(Majors))]
    public async Task Objects_that_are_dropped_while_they_are_read_are_told_and_nothing_crashes(int major)
    {
        var (server, database) = await SampleAsync(major);
        var (source, target) = (await copies.CloneAsync(server, database, Make),
            await copies.CloneAsync(server, database, Make));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var busy = Task.WhenAll(DropAndMakeAsync(server, source, stop.Token),
            DropAndMakeAsync(server, target, stop.Token));
        var told = 0;
        for (var run = 0; run < 8; run++)
        {
            var result = await SchemaCopies.CompareAsync(server, source, server, target);
            // If one side lacks the schema for a moment, that is a difference of that moment. Nothing else of the
            // sample differs.
            Assert.All(result.Objects.Where(one => one.Outcome == Outcome.Different),
                one => Assert.Contains("busy", one.Name, StringComparison.Ordinal));
            Assert.All(result.Omissions, one => Assert.Contains("busy", one.What, StringComparison.Ordinal));
            told += result.Omissions.Count;
        }

        await stop.CancelAsync();
        await busy;
        Assert.NotEqual(0, told);
    }

    private static async Task DropAndMakeAsync(LocalCluster server, string database, CancellationToken stop)
    {
        await using var connection = await server.OpenAsync(database, Ct);
        while (!stop.IsCancellationRequested)
        {
            await using var command =
                new NpgsqlCommand("SET client_min_messages = warning; DROP SCHEMA busy CASCADE; " + Make, connection);
            await command.ExecuteNonQueryAsync(Ct);
            // Without a pause the comparison, and the tests beside it, get a fraction of the processors.
            await Task.Delay(TimeSpan.FromMilliseconds(5), Ct);
        }
    }

    private async Task<(LocalCluster Server, string Database)> SampleAsync(int major)
    {
        var server = await others.OfMajorAsync(major);
        // There is no pg_dump of 18 here, so its sample is a copy.
        var from = major == 18 ? await others.OfMajorAsync(17) : server;
        var (sample, copy) = await copies.MakeAsync(from, major == 18 ? server : await others.OfMajorAsync(15));
        return (server, major == 18 ? copy : sample);
    }
}
