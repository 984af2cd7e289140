using Godwit.EndToEnd.Migration;
using Godwit.Faults;

namespace Godwit.EndToEnd.Assess;

/// <summary>What the target's owner could not create is named before a restore has to skip it. Each case is made twice:
/// by a superuser, and by an ordinary role, whom the server must refuse; else the finding would be a false
/// alarm.</summary>
public sealed class SuperuserTests(OtherServers servers)
{
    public static TheoryData<string, string, string> Cases => new()
    {
        { "assess.untrusted_functions", "CREATE FUNCTION public.f(text) RETURNS int LANGUAGE internal AS 'textlen'",
            "public.f(text) in internal" },
        { "assess.untrusted_functions", "CREATE FUNCTION public.f(oid) RETURNS void LANGUAGE c "
            + "AS '$libdir/plpgsql', 'plpgsql_validator'", "public.f(oid) in c" },
        { "assess.function_options", "CREATE FUNCTION public.f() RETURNS int LANGUAGE sql LEAKPROOF AS 'SELECT 1'",
            "public.f() (LEAKPROOF)" },
        { "assess.function_options",
            "CREATE FUNCTION public.f(int) RETURNS int LANGUAGE sql SUPPORT pg_catalog.textlike_support AS 'SELECT 1'",
            "public.f(integer) (SUPPORT)" },
        { "assess.function_settings", "CREATE FUNCTION public.f() RETURNS int LANGUAGE sql "
            + "SET session_replication_role = replica AS 'SELECT 1'", "session_replication_role of public.f()" },
        { "assess.function_settings", "CREATE FUNCTION public.f() RETURNS int LANGUAGE sql SET app.tenant = '1' "
            + "AS 'SELECT 1'", "app.tenant of public.f()" },
        { "assess.aggregates",
            "CREATE AGGREGATE public.a(float8 ORDER BY anyelement) (SFUNC = ordered_set_transition, STYPE = internal, "
            + "FINALFUNC = percentile_disc_final, FINALFUNC_EXTRA)", "public.a(double precision ORDER BY anyelement)" },
        { "assess.languages", "CREATE TRUSTED LANGUAGE \"My own\" HANDLER plpgsql_call_handler", "My own" },
        { "assess.base_types", "CREATE TYPE public.\"Shell\"", "public.\"Shell\"" },
        { "assess.operator_classes", "CREATE OPERATOR CLASS public.c FOR TYPE int USING hash "
            + "AS OPERATOR 1 =, FUNCTION 1 hashint4(int)", "public.c" },
        { "assess.operator_classes", "CREATE OPERATOR FAMILY public.f USING btree", "public.f" },
        { "assess.casts", "CREATE CAST (int AS bytea) WITH INOUT", "integer to bytea" },
        { "assess.casts", "CREATE TYPE public.a AS RANGE (subtype = int); CREATE TYPE public.b "
            + "AS RANGE (subtype = int); CREATE CAST (public.a AS public.b) WITHOUT FUNCTION", "public.a to public.b" },
        { "assess.text_search", "CREATE TEXT SEARCH TEMPLATE public.t (INIT = dsimple_init, LEXIZE = dsimple_lexize)",
            "template public.t" },
        { "assess.text_search", "CREATE TEXT SEARCH PARSER public.p (START = prsd_start, GETTOKEN = prsd_nexttoken, "
            + "END = prsd_end, LEXTYPES = prsd_lextype)", "parser public.p" },
        { "assess.access_methods", "CREATE ACCESS METHOD mine TYPE TABLE HANDLER heap_tableam_handler; "
            + "CREATE TABLE public.t (id int) USING mine", "mine" },
        { "assess.foreign_data_wrappers", "CREATE FOREIGN DATA WRAPPER mine", "mine" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task What_the_server_refuses_to_an_ordinary_role_is_a_blocker_and_its_remedy_takes_it_away(
        string code, string sql, string name)
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(15));
        await Assert.ThrowsAsync<FaultException>(() => rig.ExecuteAsOwnerAsync(sql));
        await rig.ExecuteAsync(sql);

        var finding = await rig.FindsAsync(code);

        Assert.Equal(Severity.Blocker, finding.Severity);
        Assert.Contains(name, finding.Why, StringComparison.Ordinal);
        if (finding.Remedy.IndexOf(":\n", StringComparison.Ordinal) is var statements and > 0
            && !finding.Remedy.Contains("-- Create", StringComparison.Ordinal))
        {
            await rig.ExecuteAsync(finding.Remedy[(statements + 2)..]);
            await rig.FindsNoAsync(code);
        }
    }

    [Theory]
    [InlineData(13)]
    [InlineData(15)]
    [InlineData(17)]
    public async Task What_an_ordinary_role_may_create_is_no_finding(int major)
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(major));
        await rig.ExecuteAsync("CREATE EXTENSION citext SCHEMA public; CREATE EXTENSION hstore SCHEMA public; "
            + "CREATE EXTENSION pg_trgm SCHEMA public; CREATE EXTENSION file_fdw");
        await rig.ExecuteAsync($"GRANT ALL ON SCHEMA public TO {rig.Name}");
        await rig.ExecuteAsOwnerAsync("""
            CREATE TYPE public.mood AS ENUM ('glad', 'sad');
            CREATE TYPE public.pair AS (a int, b int);
            CREATE TYPE public.span AS RANGE (subtype = float8, subtype_diff = float8mi);
            CREATE DOMAIN public.positive AS int CHECK (VALUE > 0);
            CREATE FUNCTION public.number(public.mood) RETURNS int LANGUAGE sql AS 'SELECT 1';
            CREATE CAST (public.mood AS int) WITH FUNCTION public.number(public.mood);
            CREATE CAST (public.mood AS text) WITH INOUT;
            CREATE FUNCTION public.same(int, int) RETURNS boolean LANGUAGE sql AS 'SELECT true';
            CREATE OPERATOR public.<~> (LEFTARG = int, RIGHTARG = int, FUNCTION = public.same, RESTRICT = contsel,
                JOIN = contjoinsel);
            CREATE AGGREGATE public.total(int) (SFUNC = int4pl, STYPE = int, INITCOND = 0);
            CREATE TEXT SEARCH DICTIONARY public.words (TEMPLATE = simple, STOPWORDS = english);
            CREATE TEXT SEARCH CONFIGURATION public.signs (COPY = english);
            CREATE CONVERSION public.mine FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
            CREATE COLLATION public.german (provider = icu, locale = 'de');
            CREATE FUNCTION public.settled() RETURNS int
                LANGUAGE sql SECURITY DEFINER SET search_path = '' SET work_mem = '8MB' AS 'SELECT 1';
            SELECT public.similarity('a', 'b');
            CREATE FUNCTION public.alike() RETURNS int LANGUAGE sql SET pg_trgm.similarity_threshold = 0.5 AS 'SELECT 1'
            """);

        var assessment = await rig.AssessAsync();

        Assert.DoesNotContain(assessment.Findings,
            finding => Cases.Select(one => one.Data.Item1).Contains(finding.Code));
        Assert.All(assessment.Checks, check => Assert.True(check.CouldLook, check.Name));
    }
}
