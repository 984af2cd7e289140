using Godwit.Assess;
using Godwit.EndToEnd.Migration;
using Godwit.Faults;
using Godwit.Targets;

namespace Godwit.EndToEnd.Assess;

/// <summary>What the dumping role may not read is named, with the statement that lets it.</summary>
public sealed class RightsTests(OtherServers servers)
{
    /// <summary>Rows that an extension declares as the user's data, and that the user may not read.</summary>
    private const string ClosedSettings = """
        CREATE EXTENSION citext; CREATE TABLE public.settings (id int);
        ALTER EXTENSION citext ADD TABLE public.settings;
        UPDATE pg_extension SET extconfig = ARRAY['public.settings'::regclass]::oid[], extcondition = ARRAY['']
            WHERE extname = 'citext'
        """;

    [Theory]
    [InlineData(13)]
    [InlineData(15)]
    [InlineData(17)]
    public async Task A_table_without_SELECT_among_others_is_named_with_its_GRANT(int major)
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(major));
        await rig.ExecuteAsOwnerAsync(
            "DO $$ BEGIN FOR i IN 1..199 LOOP EXECUTE format('CREATE TABLE public.t%s (id int)', i); END LOOP; END $$");
        await rig.ExecuteAsync("CREATE TABLE public.\"Pay roll\" (id int)");

        var finding = await rig.FindsAsync("assess.unreadable");

        Assert.Equal(Severity.Blocker, finding.Severity);
        Assert.Contains("public.\"Pay roll\"", finding.Why, StringComparison.Ordinal);
        Assert.Contains($"GRANT SELECT ON public.\"Pay roll\" TO \"{rig.Name}\";", finding.Remedy,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(13)]
    [InlineData(17)]
    public async Task What_the_remedy_grants_is_all_that_was_missing(int major)
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(major));
        var keeper = await KeeperAsync(rig);
        await rig.ExecuteAsync($"""
            CREATE SCHEMA "Closed ""room"" $$" AUTHORIZATION {keeper};
            CREATE TABLE "Closed ""room"" $$".parent (id int) PARTITION BY LIST (id);
            CREATE SEQUENCE public.counter;
            CREATE MATERIALIZED VIEW public.summary AS SELECT 1 AS n;
            CREATE UNLOGGED TABLE public.quick (id int);
            ALTER TABLE "Closed ""room"" $$".parent OWNER TO {keeper};
            SELECT lo_create(777001); SELECT lo_create(777002);
            ALTER LARGE OBJECT 777002 OWNER TO {keeper}
            """);

        var closed = await rig.FindsAsync("assess.unreadable");
        var objects = await rig.FindsAsync("assess.unreadable_large_objects");

        Assert.Contains("public.counter (a sequence)", closed.Why, StringComparison.Ordinal);
        Assert.Contains($"-- {keeper}:\n", closed.Remedy, StringComparison.Ordinal);
        Assert.Contains("2 large objects", objects.What, StringComparison.Ordinal);
        await rig.ExecuteAsync(Pasted(closed));
        await rig.ExecuteAsync(Pasted(objects));
        await rig.FindsNoAsync("assess.unreadable");
        await rig.FindsNoAsync("assess.unreadable_large_objects");
        await rig.DumpsAsync();
        await rig.ExecuteAsync($"DROP OWNED BY {keeper} CASCADE; DROP ROLE {keeper}");
    }

    [Theory]
    [InlineData(13, false)]
    [InlineData(15, true)]
    public async Task Many_tables_are_granted_by_schema_and_where_the_server_has_it_by_one_role(int major, bool hasRole)
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(major));
        var keeper = await KeeperAsync(rig);
        await rig.ExecuteAsync($"""
            CREATE SCHEMA alone AUTHORIZATION {keeper}; CREATE SCHEMA mixed AUTHORIZATION {keeper};
            DO $$ BEGIN FOR i IN 1..25 LOOP
                EXECUTE format('CREATE TABLE alone.t%s (id serial); ALTER TABLE alone.t%s OWNER TO {keeper}', i, i);
                EXECUTE format('CREATE TABLE mixed.t%s (id int); ALTER TABLE mixed.t%s OWNER TO {keeper}', i, i);
            END LOOP; END $$;
            CREATE TABLE mixed.of_another (id int)
            """);

        var finding = await rig.FindsAsync("assess.unreadable");

        Assert.Equal(hasRole,
            finding.Remedy.Contains($"GRANT pg_read_all_data TO \"{rig.Name}\";", StringComparison.Ordinal));
        Assert.Contains($"GRANT SELECT ON ALL TABLES IN SCHEMA alone TO \"{rig.Name}\";", finding.Remedy,
            StringComparison.Ordinal);
        Assert.Contains($"GRANT SELECT ON ALL SEQUENCES IN SCHEMA alone TO \"{rig.Name}\";", finding.Remedy,
            StringComparison.Ordinal);
        Assert.Equal(!hasRole, finding.Remedy.Contains(
            $"GRANT SELECT ON ALL TABLES IN SCHEMA alone, mixed TO \"{rig.Name}\";", StringComparison.Ordinal));
        // The keeper may not grant on what another owns, and the server would refuse the whole statement.
        Assert.DoesNotContain("IN SCHEMA mixed", finding.Remedy, StringComparison.Ordinal);
        await rig.ExecuteAsync($"SET ROLE {keeper}; {Pasted(finding).Split($"-- {keeper}:\n")[1].Split("-- ")[0]}");
        await rig.ExecuteAsync(Pasted(finding));
        await rig.FindsNoAsync("assess.unreadable");
        await rig.ExecuteAsync($"DROP OWNED BY {keeper} CASCADE; DROP ROLE {keeper}");
    }

    /// <summary>pg_dump reads none of these.</summary>
    [Fact]
    public async Task What_a_dump_does_not_read_is_no_finding()
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(15));
        await rig.ExecuteAsync($"""
            CREATE TABLE public.open (id int); GRANT SELECT ON public.open TO {rig.Name};
            CREATE SCHEMA closed; CREATE VIEW closed.view AS SELECT 1 AS n;
            CREATE FUNCTION closed.f() RETURNS int LANGUAGE sql AS 'SELECT 1';
            CREATE MATERIALIZED VIEW public.never AS SELECT 1 AS n WITH NO DATA;
            CREATE EXTENSION citext; CREATE TABLE public.of_extension (id int);
            ALTER EXTENSION citext ADD TABLE public.of_extension;
            SELECT lo_create(777003); GRANT SELECT ON LARGE OBJECT 777003 TO PUBLIC
            """);

        await rig.FindsNoAsync("assess.unreadable");
        await rig.FindsNoAsync("assess.unreadable_large_objects");
        await rig.DumpsAsync();
    }

    [Fact]
    public async Task What_an_extension_declares_as_the_users_data_must_be_readable()
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(15));
        await using var target = await AssessRig.CreateAsync(await servers.OfMajorAsync(15));
        await rig.ExecuteAsync(ClosedSettings);

        var finding = await rig.FindsAsync("assess.extension_rows_refused", target: new PostgresTarget(target.Address));

        Assert.Contains("public.settings", finding.What, StringComparison.Ordinal);
        Assert.Contains($"GRANT SELECT ON public.settings TO \"{rig.Name}\";", finding.Remedy,
            StringComparison.Ordinal);
        await rig.FindsNoAsync("assess.extension_rows_closed", target: new PostgresTarget(target.Address));
    }

    /// <summary>Where there is no target to ask, nobody knows whether the extension goes along: a source with jobs of
    /// pg_cron must not be refused for rows that are left behind anyway.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("GRANT SELECT ON public.settings TO PUBLIC; ALTER TABLE public.settings ENABLE ROW LEVEL SECURITY")]
    public async Task Without_a_target_to_ask_closed_rows_of_an_extension_are_a_warning(string instead)
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(15));
        await rig.ExecuteAsync("CREATE EXTENSION citext");
        await rig.FindsNoAsync("assess.extension_rows_closed");
        await rig.ExecuteAsync($"DROP EXTENSION citext; {ClosedSettings}; {instead}");

        var finding = await rig.FindsAsync("assess.extension_rows_closed");

        Assert.Equal(Severity.Warning, finding.Severity);
        Assert.Contains("public.settings", finding.What, StringComparison.Ordinal);
        await rig.FindsNoAsync("assess.unreadable");
        await rig.FindsNoAsync("assess.rows_hidden");
        Assert.Contains((await rig.AssessAsync(new AssessRequest { Cleans = false })).Findings,
            one => one.Code is "assess.unreadable" or "assess.rows_hidden");
    }

    [Fact]
    public async Task Where_the_server_checks_no_rights_of_large_objects_they_are_no_finding()
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(15));
        await rig.ExecuteAsync($"SELECT lo_create(777004); ALTER DATABASE {rig.Name} SET lo_compat_privileges = on");

        await rig.FindsNoAsync("assess.unreadable_large_objects");
    }

    private static async Task<string> KeeperAsync(AssessRig rig)
    {
        var keeper = $"{rig.Name}_k";
        await rig.ExecuteAsync($"CREATE ROLE {keeper}");
        return keeper;
    }

    private static string Pasted(Finding finding) =>
        finding.Remedy[(finding.Remedy.IndexOf(":\n", StringComparison.Ordinal) + 2)..];
}
