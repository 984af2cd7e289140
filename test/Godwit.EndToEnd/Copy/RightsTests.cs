using Godwit.EndToEnd.Dump;
using Godwit.EndToEnd.Migration;
using Godwit.EndToEnd.Verify;
using Godwit.Faults;
using Godwit.HerokuLocal;

namespace Godwit.EndToEnd.Copy;

/// <summary>What everybody may do, and what roles may and own that the target has, comes along.</summary>
public sealed class RightsTests(OtherServers servers)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <param name="reader">May do some things; its name wants quotes.</param>
    private static string Script(string reader) => $"""
        CREATE FUNCTION closed(a integer, "b c" text) RETURNS integer LANGUAGE sql AS 'SELECT 1';
        REVOKE ALL ON FUNCTION closed FROM PUBLIC; GRANT EXECUTE ON FUNCTION closed TO "{reader}";
        CREATE FUNCTION only_mine() RETURNS integer LANGUAGE sql AS 'SELECT 1';
        REVOKE ALL ON FUNCTION only_mine FROM PUBLIC;
        CREATE PROCEDURE work() LANGUAGE sql AS ''; REVOKE ALL ON PROCEDURE work FROM PUBLIC;
        CREATE TYPE secret AS ENUM ('a'); REVOKE ALL ON TYPE secret FROM PUBLIC;
        CREATE SCHEMA kept; GRANT USAGE ON SCHEMA kept TO PUBLIC;
        CREATE TABLE kept.a (id serial, "b""c" text); GRANT SELECT ON kept.a TO PUBLIC;
        GRANT SELECT, UPDATE ON kept.a TO "{reader}" WITH GRANT OPTION;
        CREATE TABLE kept.columns (id integer, told text, "TO x" text);
        GRANT SELECT (id), UPDATE ("TO x") ON kept.columns TO PUBLIC, "{reader}";
        CREATE VIEW kept.v AS SELECT 1 AS n; GRANT SELECT ON kept.v TO PUBLIC;
        CREATE MATERIALIZED VIEW kept.m AS SELECT 1 AS n; GRANT SELECT ON kept.m TO "{reader}";
        CREATE TABLE read_only (id integer); INSERT INTO read_only VALUES (1);
        REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON read_only FROM CURRENT_USER;
        CREATE SEQUENCE numbers; GRANT USAGE ON SEQUENCE numbers TO "{reader}";
        SELECT lo_from_bytea(7001, '\x01'); GRANT SELECT ON LARGE OBJECT 7001 TO PUBLIC;
        ALTER DEFAULT PRIVILEGES REVOKE ALL ON FUNCTIONS FROM PUBLIC;
        ALTER DEFAULT PRIVILEGES IN SCHEMA kept GRANT SELECT ON TABLES TO "{reader}";
        CREATE TABLE theirs (id serial PRIMARY KEY);
        CREATE FUNCTION theirs() RETURNS integer LANGUAGE sql SECURITY DEFINER AS 'SELECT 1';
        REVOKE ALL ON FUNCTION theirs FROM PUBLIC; GRANT SELECT ON theirs TO PUBLIC;
        """;

    private static string Given(string keeper) => $"""
        CREATE SCHEMA own AUTHORIZATION {keeper}; ALTER TABLE theirs OWNER TO {keeper};
        ALTER FUNCTION theirs OWNER TO {keeper};
        CREATE TABLE own.t (id integer); ALTER TABLE own.t OWNER TO {keeper}; CREATE VIEW own.v AS SELECT * FROM own.t;
        ALTER VIEW own.v OWNER TO {keeper}
        """;

    [Theory]
    [InlineData("copy")]
    [InlineData("restore")]
    public async Task Between_servers_of_the_same_roles_nothing_of_owners_and_rights_is_lost(string command)
    {
        await using var rig = await VerifyRig.CreateAsync(await servers.OfMajorAsync(15),
            await servers.OfMajorAsync(17), "SELECT 1");
        var (keeper, reader) = await RolesAsync(rig, atTarget: true);
        await rig.AtSourceAsync(Script(reader));
        await rig.AtSourceAsync(Given(keeper), asOwner: false);
        await rig.AtSourceAsync($"""ALTER DEFAULT PRIVILEGES FOR ROLE {keeper} GRANT SELECT ON TABLES TO "{reader}"; """
            + """CREATE TABLE of_super (id integer)""", asOwner: false);
        var super = new Dictionary<string, Secret?>
        {
            ["SOURCE_URL"] = rig.Source.SuperUrl(rig.Name), ["TARGET_URL"] = rig.Target.SuperUrl(rig.Name),
        };

        if (command == "restore")
            (await rig.RunAsync(["dump", "--from", "env:SOURCE_URL", "--to", rig.NewFile("a.dump")], super)).Expect(0);
        (await rig.RunAsync(command == "copy"
            ? ["copy", "--from", "env:SOURCE_URL", "--to", "env:TARGET_URL"]
            : ["restore", rig.NewFile("a.dump"), "--to", "env:TARGET_URL"], super)).Expect(0);

        var all = await RightsAsync(rig.Source, rig.Name);
        Assert.True(all.Count > 30, string.Join('\n', all));
        Assert.Equal(all, await RightsAsync(rig.Target, rig.Name));
        (await rig.RunAsync(["verify", "--from", "env:SOURCE_URL", "--to", "env:TARGET_URL", "--left-out", "none"],
            super))
            .Expect(0);
        await DropAsync(rig, keeper, reader);
    }

    [Fact]
    public async Task An_ordinary_owner_gets_what_is_everybodys_and_what_roles_may_that_are_there()
    {
        await using var rig = await VerifyRig.CreateAsync(await servers.OfMajorAsync(15),
            await servers.OfMajorAsync(17), "SELECT 1");
        var (keeper, reader) = await RolesAsync(rig, atTarget: false);
        await rig.AtTargetAsync($"CREATE ROLE \"{reader}\"", asOwner: false);
        await rig.AtSourceAsync(Script(reader));
        await rig.AtSourceAsync(Given(keeper) + $"; GRANT SELECT ON read_only TO {keeper}", asOwner: false);
        var list = rig.NewFile("left-out.sql");
        var super = new Dictionary<string, Secret?> { ["SOURCE_URL"] = rig.Source.SuperUrl(rig.Name) };

        (await rig.RunAsync(["copy", "--from", "env:SOURCE_URL", "--to", "env:TARGET_URL", "--left-out", list], super))
            .Expect(0);

        Assert.Equal("f f f f t t f t t", await rig.AskTargetAsync<string>($"""
            SELECT concat_ws(' ', has_function_privilege('public', 'only_mine()', 'EXECUTE'),
                has_function_privilege('public', 'theirs()', 'EXECUTE'),
                has_type_privilege('public', 'secret', 'USAGE'),
                has_function_privilege('public', 'closed(integer, text)', 'EXECUTE'),
                has_function_privilege('{reader}', 'closed(integer, text)', 'EXECUTE'),
                has_table_privilege('{reader}', 'kept.a', 'UPDATE WITH GRANT OPTION'),
                has_table_privilege('{rig.Name}', 'read_only', 'INSERT'),
                has_column_privilege('public', 'kept.columns', 'id', 'SELECT'),
                has_schema_privilege('public', 'kept', 'USAGE'))
            """));
        await rig.AtTargetAsync("CREATE FUNCTION newer() RETURNS integer LANGUAGE sql AS 'SELECT 1'");
        Assert.False(await rig.AskTargetAsync<bool>("SELECT has_function_privilege('public', 'newer()', 'EXECUTE')"));
        await rig.AtTargetAsync("DROP FUNCTION newer()");
        var leftOut = await File.ReadAllTextAsync(list, Ct);
        Assert.Contains($"the target has no role {keeper}", leftOut, StringComparison.Ordinal);
        Assert.Contains($"GRANT SELECT ON TABLE public.read_only TO {keeper};",
            leftOut.Replace("\"", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain(reader, leftOut, StringComparison.Ordinal);
        (await rig.RunAsync(["verify", "--from", "env:SOURCE_URL", "--to", "env:TARGET_URL"], super)).Expect(0);

        await rig.AtTargetAsync($"REVOKE USAGE ON SEQUENCE numbers FROM \"{reader}\"");
        (await rig.RunAsync(["verify", "--from", "env:SOURCE_URL", "--to", "env:TARGET_URL"], super))
            .Expect(1).Says("public.numbers");
        await rig.AtTargetAsync(
            $"GRANT USAGE ON SEQUENCE numbers TO \"{reader}\"; GRANT EXECUTE ON FUNCTION only_mine TO PUBLIC");
        (await rig.RunAsync(["verify", "--from", "env:SOURCE_URL", "--to", "env:TARGET_URL"], super))
            .Expect(1).Says("only_mine");
        await DropAsync(rig, keeper, reader);
    }

    [Fact]
    public async Task With_no_clean_no_rights_are_given_and_that_is_expected_where_the_copy_is_known()
    {
        await using var rig = await VerifyRig.CreateAsync(await servers.OfMajorAsync(15),
            await servers.OfMajorAsync(17),
            "CREATE FUNCTION closed() RETURNS integer LANGUAGE sql AS 'SELECT 1'; "
            + "REVOKE ALL ON FUNCTION closed FROM PUBLIC");

        (await rig.RunAsync(["copy", "--from", "env:SOURCE_URL", "--to", "env:TARGET_URL", "--no-clean"])).Expect(0);

        Assert.True(await rig.AskTargetAsync<bool>("SELECT has_function_privilege('public', 'closed()', 'EXECUTE')"));
        (await rig.VerifyAsync()).Expect(0).Says("with --no-clean no rights are given");
        (await rig.VerifyAsync("--left-out", "none")).Expect(1).Says("public.closed()");
    }

    [Fact]
    public async Task A_right_on_what_is_not_ours_is_refused_told_and_expected_and_ends_nothing()
    {
        await using var rig = await VerifyRig.CreateAsync(await servers.OfMajorAsync(15),
            await servers.OfMajorAsync(17), "CREATE TABLE t (id integer); REVOKE ALL ON SCHEMA public FROM PUBLIC");
        await rig.AtTargetAsync($"ALTER SCHEMA public OWNER TO postgres; GRANT ALL ON SCHEMA public TO {rig.Name}",
            asOwner: false);
        var list = rig.NewFile("left-out.sql");

        var end = (await rig.RunAsync(
            ["copy", "--from", "env:SOURCE_URL", "--to", "env:TARGET_URL", "--left-out", list])).Expect(0);

        end.Says("1 right is not at the target as at the source (SCHEMA public)").Says(list);
        Assert.Contains("REVOKE USAGE ON SCHEMA", await File.ReadAllTextAsync(list, Ct), StringComparison.Ordinal);
        (await rig.VerifyAsync()).Expect(0).Says("schema public");
        (await rig.VerifyAsync("--left-out", "none")).Expect(1).Says("schema public");
    }

    /// <returns>Roles of both servers, whose names no other test has.</returns>
    private static async Task<(string Keeper, string Reader)> RolesAsync(VerifyRig rig, bool atTarget)
    {
        var (keeper, reader) = ($"{rig.Name}_keeper", $"{rig.Name} TO reader");
        var sql = $"CREATE ROLE {keeper}; CREATE ROLE \"{reader}\"";
        await rig.AtSourceAsync(sql, asOwner: false);
        if (atTarget)
            await rig.AtTargetAsync(sql, asOwner: false);
        return (keeper, reader);
    }

    private static async Task DropAsync(VerifyRig rig, params string[] roles)
    {
        foreach (var role in roles)
        {
            var sql = $"DO $$ BEGIN IF to_regrole('\"{role}\"') IS NOT NULL THEN DROP OWNED BY \"{role}\" CASCADE; "
                + $"DROP ROLE \"{role}\"; END IF; END $$";
            await rig.AtSourceAsync(sql, asOwner: false);
            await rig.AtTargetAsync(sql, asOwner: false);
        }
    }

    /// <summary>Who owns what and who may do what, as one pg_dump writes it of both.</summary>
    private static async Task<IReadOnlyList<string>> RightsAsync(LocalCluster server, string database)
    {
        var text = await PgProgram.RunAsync(17, "pg_dump", ["--schema-only", $"--dbname={database}"], server, database);
        return [.. text.Split('\n').Where(line => line.StartsWith("GRANT ", StringComparison.Ordinal)
            || line.StartsWith("REVOKE ", StringComparison.Ordinal)
            || line.StartsWith("ALTER DEFAULT ", StringComparison.Ordinal)
            || line.Contains(" OWNER TO ", StringComparison.Ordinal))
            // All that a server of before 17 knows.
            .Select(line => line.Replace("SELECT,INSERT,REFERENCES,DELETE,TRIGGER,TRUNCATE,UPDATE", "ALL",
                StringComparison.Ordinal))];
    }
}
