using Godwit.Dump;
using Godwit.EndToEnd.Assess;
using Godwit.EndToEnd.Migration;
using Godwit.EndToEnd.Servers;
using Godwit.Extract.Cleaning;
using Godwit.HerokuLocal;
using Godwit.Postgres;
using Godwit.Providers;

namespace Godwit.EndToEnd.Clean;

/// <summary>An archive with everything that an ordinary owner may not restore, cleaned by either engine: stock
/// pg_restore as that owner says nothing.</summary>
public sealed class CleanArchiveTests(OtherServers servers)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<int, DumpEngineKind> Archives =>
        [.. from major in new[] { 13, 15, 17 }
            from engine in new[] { DumpEngineKind.Godwit, DumpEngineKind.PgDump }
            select (major, engine)];

    [Theory]
    [MemberData(nameof(Archives))]
    public async Task An_ordinary_owner_restores_it_without_a_word(int major, DumpEngineKind engine)
    {
        var server = await servers.OfMajorAsync(major);
        await using var source = await AssessRig.CreateAsync(server);
        await using var target = await AssessRig.CreateAsync(server);
        var path = Path.Combine(TestRun.NewFolder(), "cleaned.dump");
        try
        {
            await FillAsync(source, target);

            var cleaned = await DumpAsync(source, target, engine, path);

            Assert.Equal("", await RestoreAsync(major, target, path));
            Assert.Equal(await ContentsAsync(server, source), await ContentsAsync(server, target));
            await AssertCleanAsync(target, cleaned);
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
            await DropAsync(source);
        }
    }

    /// <summary>The extension that is left out has a sequence, which is nobody's table.</summary>
    private static async Task<IReadOnlyList<string>> ContentsAsync(LocalCluster server, AssessRig rig) =>
        [.. (await JourneySource.ContentsAsync(server.SuperConnectionString(rig.Name).Reveal(), Ct))
            .Where(line => !line.StartsWith("provider.", StringComparison.Ordinal))];

    private static async Task FillAsync(AssessRig source, AssessRig target)
    {
        var (reader, schemas) = ($"{source.Name}_r",
            source.Server.Major >= 15 ? "CREATE PUBLICATION of_schema FOR TABLES IN SCHEMA own;" : "");
        await target.ExecuteAsync($"ALTER DATABASE {target.Name} SET extwlist.extensions = 'citext, hstore, plpgsql'");
        await source.ExecuteAsync($$"""
            CREATE ROLE {{reader}}; CREATE ROLE "{{reader}} ""two";
            CREATE SCHEMA own AUTHORIZATION {{reader}}; CREATE SCHEMA heroku_ext; CREATE SCHEMA provider;
            CREATE EXTENSION hstore; CREATE EXTENSION citext SCHEMA heroku_ext; CREATE EXTENSION file_fdw;
            CREATE SERVER logs FOREIGN DATA WRAPPER file_fdw;
            CREATE USER MAPPING FOR PUBLIC SERVER logs;
            CREATE EXTENSION intarray SCHEMA provider;
            CREATE TABLE provider.config (id serial, setting text);
            INSERT INTO provider.config(setting) VALUES ('kept');
            ALTER EXTENSION intarray ADD TABLE provider.config;
            ALTER EXTENSION intarray ADD SEQUENCE provider.config_id_seq;
            UPDATE pg_extension SET extconfig = ARRAY['provider.config'::regclass,
                'provider.config_id_seq'::regclass]::oid[], extcondition = ARRAY['', '']
            WHERE extname = 'intarray';
            CREATE TABLE public.rules (id int); INSERT INTO public.rules VALUES (1);
            CREATE TABLE public.untouched (id int);
            ALTER EXTENSION hstore ADD TABLE public.rules; ALTER EXTENSION hstore ADD TABLE public.untouched;
            UPDATE pg_extension SET extconfig = ARRAY['public.rules'::regclass, 'public.untouched'::regclass]::oid[],
                extcondition = ARRAY['', '']
            WHERE extname = 'hstore';
            CREATE TABLE public.t (id int PRIMARY KEY, name heroku_ext.citext DEFAULT 'x'::heroku_ext.citext,
                more public.hstore);
            INSERT INTO public.t SELECT n, 'Name ' || n, public.hstore('a', n::text) FROM generate_series(1, 1000) n;
            CREATE INDEX ON public.t (name heroku_ext.citext_ops);
            CREATE VIEW public.v AS SELECT name::heroku_ext.citext AS said FROM public.t
                WHERE more OPERATOR(public.?) 'a';
            CREATE FUNCTION public.f(heroku_ext.citext) RETURNS heroku_ext.citext LANGUAGE sql AS 'SELECT $1';
            CREATE TABLE own.u (a int); ALTER TABLE own.u OWNER TO {{reader}}; GRANT SELECT ON own.u TO PUBLIC;
            ALTER DEFAULT PRIVILEGES FOR ROLE {{reader}} IN SCHEMA own GRANT SELECT ON TABLES TO PUBLIC;
            CREATE ROLE {{reader}}_gone; CREATE TABLE own.theirs (a int);
            ALTER TABLE own.theirs OWNER TO {{reader}}_gone; 
            CREATE FUNCTION public.told() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
            CREATE EVENT TRIGGER {{source.Name}} ON ddl_command_end
                WHEN TAG IN ('CREATE CAST') EXECUTE FUNCTION public.told();
            COMMENT ON EVENT TRIGGER {{source.Name}} IS 'x';
            CREATE PUBLICATION everything FOR ALL TABLES; CREATE PUBLICATION of_table FOR TABLE public.t; {{schemas}}
            ALTER TABLE public.t ENABLE ROW LEVEL SECURITY;
            CREATE POLICY " TO " ON public.t AS RESTRICTIVE FOR
                SELECT TO {{reader}}, "{{reader}} ""two" USING (more::text <> ' TO {{reader}}');
            CREATE POLICY lost ON public.t TO pg_monitor, {{reader}} USING (true);
            INSERT INTO pg_seclabel VALUES ('public.t'::regclass, 'pg_class'::regclass, 0, 'anon', 'MASKED');
            """);
        await source.ExecuteAsync($"""
            CREATE SUBSCRIPTION {source.Name} CONNECTION 'host=nowhere password=geheim' PUBLICATION p
                WITH (connect = false)
            """);
        await using var session = await PostgresSession.OpenAsync(SuperAddress(source), Ct);
        await session.ExecuteAsync("SET allow_in_place_tablespaces = on", Ct);
        await session.ExecuteAsync($"CREATE TABLESPACE {source.Name} LOCATION ''", Ct);
        await source.ExecuteAsync($"CREATE TABLE public.placed (a int) TABLESPACE {source.Name}; "
            + $"CREATE INDEX ON public.placed (a) TABLESPACE {source.Name}");
    }

    private static async Task<CleanedContents> DumpAsync(
        AssessRig source, AssessRig target, DumpEngineKind kind, string path)
    {
        // As a superuser, whose dump has subscriptions in it.
        var address = SuperAddress(source);
        await using var left = await PostgresSession.OpenAsync(address, Ct);
        await using var right = await PostgresSession.OpenAsync(target.Address, Ct);
        var roles = RoleMap.Parse([$"{source.Name}_r=CURRENT_USER", $"{source.Name}_r \"two=PUBLIC"], out _);
        var options = new DumpOptions
        {
            Jobs = 2, Engine = kind, Cleaning = await CleaningRulesFinder.FindAsync(left, right, roles, Ct),
        };
        var tools = new PgTools(name =>
            name == "GODWIT_PG_BIN_17" ? OtherServers.ClientFolder(17) : Environment.GetEnvironmentVariable(name));
        var engine = await DumpEngines.FindAsync(address, options, tools, new ProcessRunner(TimeProvider.System), Ct);
        await using var archive = await engine.OpenAsync(new Unwatched(), headMayBeLate: false, Ct);
        await using var file = File.Create(path);
        await archive.Body.CopyToAsync(file, Ct);
        return archive.Cleaned!;
    }

    /// <returns>What pg_restore had to say.</returns>
    private static async Task<string> RestoreAsync(int major, AssessRig target, string path)
    {
        await using var restore = new ProcessRunner(TimeProvider.System).Start(new ProgramCall(
            Path.Combine(OtherServers.ClientFolder(major), "pg_restore"),
            ["--no-owner", "--no-acl", $"--dbname={target.Name}", path])
        { Environment = target.Address.ForLibpq() });
        await restore.Output.CopyToAsync(Stream.Null, Ct);
        var code = await restore.WaitAsync(Ct);
        return code == 0 ? restore.ErrorTail : $"ended with {code}: {restore.ErrorTail}";
    }

    private static async Task AssertCleanAsync(AssessRig target, CleanedContents cleaned)
    {
        var kinds = cleaned.LeftOut.Select(one => one.Kind).ToHashSet();
        // A pg_dump as new as its server writes no internal options (InternalOptionsTests), rights are refused when
        // they are given, and both databases share the server's roles here (RightsTests for both).
        Assert.Empty(Enum.GetValues<LeftOutKind>().Except(kinds).Except([LeftOutKind.UserMapping,
            LeftOutKind.InternalOptions, LeftOutKind.Grant, LeftOutKind.RefusedRight]));
        Assert.DoesNotContain("geheim", System.Text.Encoding.UTF8.GetString(LeftOutFile.Render(cleaned).Span),
            StringComparison.Ordinal);
        await using var session = await PostgresSession.OpenAsync(target.Address, Ct);
        Assert.Equal(["PUBLIC", "CURRENT_USER, pg_monitor"], (await session.RowsAsync("""
            SELECT CASE WHEN roles = '{public}' THEN 'PUBLIC'
                ELSE replace(array_to_string(array(SELECT r FROM unnest(roles) r ORDER BY 1), ', '),
                current_user, 'CURRENT_USER') END
            FROM pg_policies ORDER BY policyname
            """, row => row.GetString(0), Ct)));
        Assert.Equal(["citext", "hstore"], (await ServerCatalog.ExtensionsAsync(session, Ct)).Select(one => one.Name));
        Assert.Equal("own,public", await session.ScalarAsync<string>(
            "SELECT string_agg(nspname, ',' ORDER BY nspname) FROM pg_namespace WHERE nspname !~ '^pg_' "
            + "AND nspname <> 'information_schema'", Ct));
    }

    private static PostgresAddress SuperAddress(AssessRig rig) =>
        PostgresUrl.Parse(rig.Server.SuperUrl(rig.Name).Reveal(), "The rig's URL");

    private static async Task DropAsync(AssessRig source)
    {
        await source.ExecuteAsync($"ALTER SUBSCRIPTION {source.Name} DISABLE");
        await source.ExecuteAsync($"ALTER SUBSCRIPTION {source.Name} SET (slot_name = NONE)");
        await source.ExecuteAsync($"DROP SUBSCRIPTION {source.Name}");
        await source.ExecuteAsync($"DROP TABLE IF EXISTS public.placed; DROP EVENT TRIGGER {source.Name}; "
            + "DROP SCHEMA own CASCADE; DROP TABLE public.t CASCADE");
        await source.ExecuteAsync($"DROP TABLESPACE IF EXISTS {source.Name}");
        await source.ExecuteAsync($"DROP OWNED BY {source.Name}_r; DROP ROLE {source.Name}_r; "
            + $"DROP ROLE \"{source.Name}_r \"\"two\"");
    }

    private sealed class Unwatched : IDumpWatch
    {
        public void Planned(long sourceBytes)
        {
        }

        public void Advanced(long sourceBytes, long rows, long archiveBytes)
        {
        }

        public void FewerJobs(int wanted, int had)
        {
        }

        public void Waits(LockWait wait)
        {
        }
    }
}
