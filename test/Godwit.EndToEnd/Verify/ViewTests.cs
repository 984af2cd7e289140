using Godwit.EndToEnd.Migration;
using Godwit.Faults;
using Godwit.Pipeline;
using Godwit.Proof;
using Godwit.Verify;

namespace Godwit.EndToEnd.Verify;

/// <summary>A copy has refreshed its materialized views, and its source has not for long. They are judged by their
/// queries' results.</summary>
public sealed class ViewTests(OtherServers servers)
{
    private const string Birds = """
        CREATE TABLE birds (id int PRIMARY KEY, kind int, name varchar(20), weight numeric(8,2), seen date);
        INSERT INTO birds SELECT n, n % 7, 'godwit ' || n, n / 3.0, date '2026-01-01' + n
            FROM generate_series(1, 500) n;
        """;

    /// <summary>Three materialized views, each on the one before. Between the second and the third are two plain
    /// views.</summary>
    private const string Chain = """
        CREATE MATERIALIZED VIEW kinds AS SELECT kind, count(*) AS number, sum(weight) AS weight
            FROM birds GROUP BY kind;
        CREATE UNIQUE INDEX ON kinds (kind);
        CREATE MATERIALIZED VIEW heavy (what, "How heavy") AS SELECT kinds.kind, kinds.weight FROM kinds
            WHERE kinds.number > 71;
        CREATE VIEW between_them AS SELECT h.what, b.name FROM heavy h JOIN birds b ON b.kind = h.what;
        CREATE VIEW upon AS SELECT between_them.what, count(*) AS birds FROM between_them GROUP BY between_them.what;
        CREATE MATERIALIZED VIEW summary AS SELECT upon.what, upon.birds,
            (SELECT max(number) FROM kinds) AS most FROM upon;
        """;

    private const string Stale =
        "INSERT INTO birds SELECT n, n % 5, 'new ' || n, n, date '2026-01-01' FROM generate_series(501, 700) n";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(13, 15, VerifyLevel.Counts)]
    [InlineData(13, 15, VerifyLevel.Checksums)]
    [InlineData(16, 17, VerifyLevel.Checksums)]
    [InlineData(16, 17, VerifyLevel.Rows)]
    public async Task Views_upon_views_that_are_not_fresh_are_proven_and_named(int from, int to, VerifyLevel level)
    {
        var copy = await CopiedDatabase.MakeAsync(servers, from, to, Birds, Chain, Stale);

        var verdict = await VerifyAsync(copy, new() { Jobs = 2, Level = level });

        Assert.Equal(Overall.Proven, verdict.Overall);
        Assert.All(verdict.Tables.Where(one => one.Table != "public.birds"),
            one => Assert.Equal((one.Table, Outcome.Equal), (one.Table, one.Outcome)));
        // The number of kinds is unchanged.
        string[] fresher = level == VerifyLevel.Counts ? ["public.heavy", "public.summary"] : ["public.heavy",
            "public.kinds", "public.summary"];
        Assert.Equal(fresher, verdict.Tables.Where(one => one.IsFresher).Select(one => one.Table));
        var heavy = verdict.Tables.Single(one => one.Table == "public.heavy");
        Assert.NotEqual(heavy.SourceRows, heavy.TargetRows);
        Assert.Equal(heavy.FreshRows, heavy.TargetRows);
    }

    [Fact]
    public async Task What_is_neither_the_last_refresh_nor_what_the_query_gives_is_different()
    {
        var copy = await CopiedDatabase.MakeAsync(servers, 16, 17, Birds, Chain, Stale);
        // The number of rows is right.
        await copy.ExecuteAtTargetAsync("UPDATE birds SET weight = weight + 1 WHERE id = 7; "
            + "REFRESH MATERIALIZED VIEW kinds; UPDATE birds SET weight = weight - 1 WHERE id = 7");

        var verdict = await VerifyAsync(copy, new() { Jobs = 2 });

        var kinds = Assert.Single(verdict.Tables, one => one.Outcome == Outcome.Different);
        Assert.Equal(("public.kinds", 7L, 7L, 7L), (kinds.Table, kinds.SourceRows, kinds.TargetRows, kinds.FreshRows));
        Assert.Contains("its query gives 7 rows at the source now, and other ones", kinds.Why,
            StringComparison.Ordinal);
        Assert.Equal((5L, 5L), (kinds.Rows?.Missing, kinds.Rows?.Extra));
        // The views on it were refreshed earlier, and are judged by its correct contents.
        Assert.Equal(["public.heavy", "public.summary"],
            verdict.Tables.Where(one => one.IsFresher).Select(one => one.Table));
    }

    /// <summary>Rows equal to the source's are a proof too: the copy may have been made with them.</summary>
    [Fact]
    public async Task A_view_that_holds_what_the_source_holds_is_equal_and_no_query_is_run()
    {
        var copy = await CopiedDatabase.MakeAsync(servers, 13, 15, Birds, Chain);
        var verdict = await VerifyAsync(copy, new() { Jobs = 2 });

        Assert.Equal(Overall.Proven, verdict.Overall);
        Assert.DoesNotContain(verdict.Tables, one => one.IsFresher || one.FreshRows is not null);
    }

    /// <summary>Quoted names, the same name in two schemas, an alias and a column named like a schema and a view, names
    /// in strings, casts to the row type, whole rows, joins in parentheses, a recursive query of the view with a name
    /// that Godwit would use.</summary>
    [Theory]
    [InlineData(13, 15)]
    [InlineData(16, 17)]
    public async Task Views_are_found_in_queries_however_they_are_named(int from, int to)
    {
        var copy = await CopiedDatabase.MakeAsync(servers, from, to, Birds, """
            CREATE SCHEMA "Odd "" schema"; CREATE SCHEMA other;
            CREATE MATERIALIZED VIEW "Odd "" schema"."sel.ect ♥" ("a ""b", "from") AS SELECT kind, count(*) FROM birds
                GROUP BY kind HAVING count(*) > 71;
            CREATE MATERIALIZED VIEW mv AS SELECT id AS a, name AS b FROM birds WHERE id % 2 = 0;
            CREATE MATERIALIZED VIEW other.mv AS SELECT id AS a, seen AS b FROM birds WHERE id % 3 = 0;
            CREATE MATERIALIZED VIEW m_quoted AS SELECT q."a ""b", 'FROM public.mv' AS text, o."from"
                FROM "Odd "" schema"."sel.ect ♥" q, "Odd "" schema"."sel.ect ♥" AS o;
            CREATE MATERIALIZED VIEW m_both AS SELECT mv.a, mv.b, o.b AS other
                FROM ((mv JOIN other.mv o ON o.a = mv.a) LEFT JOIN birds public(mv) ON public.mv = mv.a)
                WHERE public.mv IS NOT NULL AND mv.a IS DISTINCT FROM 17;
            CREATE MATERIALIZED VIEW m_column AS SELECT public.mv AS x, EXTRACT(year FROM public.seen) AS y
                FROM birds public(mv, k, n, w, seen) WHERE public.mv IN (SELECT a FROM other.mv);
            CREATE MATERIALIZED VIEW m_row AS SELECT (mv.*)::public.mv::text AS r,
                (SELECT count(*) FROM (SELECT * FROM mv UNION ALL TABLE mv) u) AS c FROM mv;
            CREATE MATERIALIZED VIEW m_whole AS SELECT mv::text AS r FROM mv;
            CREATE MATERIALIZED VIEW m_recursive AS WITH RECURSIVE godwit_fresh_1 (n) AS (SELECT min(a) FROM mv
                UNION ALL SELECT n + 100 FROM godwit_fresh_1 WHERE n < (SELECT max(mv.a) FROM mv))
                SELECT n FROM godwit_fresh_1;
            CREATE MATERIALIZED VIEW m_list AS SELECT x.i, x.ordinality, l.a
                FROM ROWS FROM (generate_series(1, 3), unnest(ARRAY['a', 'b'])) WITH ORDINALITY x (i, t),
                LATERAL (SELECT mv.a FROM mv WHERE mv.a > x.i * 200) l;
            CREATE MATERIALIZED VIEW m_union AS (SELECT a FROM mv EXCEPT SELECT a FROM other.mv) UNION SELECT birds.kind
                FROM birds JOIN mv ON mv.b = birds.name WHERE EXISTS (SELECT FROM mv m2 WHERE m2.a = birds.id)
            """, Stale);
        foreach (var schema in new[] { "\"Odd \"\" schema\"", "other" })
        {
            var grant = $"GRANT USAGE ON SCHEMA {schema} TO {copy.Source.User}; "
                + $"GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {copy.Source.User}";
            await copy.ExecuteAtSourceAsync(grant);
            await copy.ExecuteAtTargetAsync(grant);
        }

        var verdict = await VerifyAsync(copy, new() { Jobs = 2 });

        Assert.Empty(verdict.Tables.Where(one => one.Outcome != Outcome.Equal)
            .Select(one => $"{one.Table}: {one.Why}"));
        Assert.Empty(verdict.Omissions.Select(one => $"{one.What}: {one.Because}"));
        Assert.Equal(11, verdict.Tables.Count(one => one.IsFresher));
    }

    [Fact]
    public async Task A_volatile_view_differs_with_a_hint_unless_it_is_accepted_by_name()
    {
        var copy = await CopiedDatabase.MakeAsync(servers, 16, 17, Birds, """
            CREATE MATERIALIZED VIEW lots AS SELECT id, random() AS lot FROM birds;
            CREATE VIEW clock AS SELECT now() AS at;
            CREATE MATERIALIZED VIEW moments AS SELECT * FROM clock;
            CREATE MATERIALIZED VIEW winners AS SELECT id, lot FROM lots WHERE lot > 0.5
            """);

        var verdict = await VerifyAsync(copy, new() { Jobs = 2 });
        var accepted = await VerifyAsync(copy,
            new() { Jobs = 2, AcceptViews = ["public.lots", "Public.Moments", "\"public\".\"winners\""] });

        var different = verdict.Tables.Where(one => one.Outcome == Outcome.Different)
            .ToDictionary(one => one.Table, one => one.Why);
        Assert.Equal(["public.lots", "public.moments", "public.winners"], different.Keys.Order(StringComparer.Ordinal));
        Assert.Contains("because of random(): if it may differ, add --accept-view 'public.lots'",
            different["public.lots"], StringComparison.Ordinal);
        Assert.Contains("because of now()", different["public.moments"], StringComparison.Ordinal);
        Assert.Contains("because of random()", different["public.winners"], StringComparison.Ordinal);
        Assert.Equal(Overall.ProvenExcept, accepted.Overall);
        var lots = accepted.Tables.Single(one => one.Table == "public.lots");
        Assert.Equal(
            (Outcome.Expected, "accepted with --accept-view: it is a materialized view with 500 rows at the source and "
                + "500 rows at the target"), (lots.Outcome, lots.Why));
        var unknown = await Assert.ThrowsAsync<FaultException>(() =>
            VerifyAsync(copy, new() { Jobs = 2, AcceptViews = ["public.birds"] }));
        Assert.Equal(("postgres.no_such_view", FaultKind.Usage), (unknown.Fault.Code, unknown.Fault.Kind));
    }

    [Fact]
    public async Task Views_that_were_never_refreshed_are_told_apart()
    {
        var copy = await CopiedDatabase.MakeAsync(servers, 13, 15, Birds, """
            CREATE MATERIALIZED VIEW neither AS SELECT 1 AS one WITH NO DATA;
            CREATE MATERIALIZED VIEW only_there AS SELECT id FROM birds WITH NO DATA;
            CREATE MATERIALIZED VIEW wrong_there AS SELECT id FROM birds WITH NO DATA;
            CREATE MATERIALIZED VIEW only_here AS SELECT id FROM birds;
            CREATE MATERIALIZED VIEW upon AS SELECT max(id) FROM only_there WITH NO DATA
            """);
        await copy.ExecuteAtTargetAsync("""
            REFRESH MATERIALIZED VIEW only_there; REFRESH MATERIALIZED VIEW upon;
            REFRESH MATERIALIZED VIEW only_here WITH NO DATA;
            DELETE FROM birds WHERE id = 3; REFRESH MATERIALIZED VIEW wrong_there;
            INSERT INTO birds VALUES (3, 3, 'godwit 3', 1.0, date '2026-01-01' + 3)
            """);

        var verdict = await VerifyAsync(copy, new() { Jobs = 2 });

        Assert.Equal(
            [
                ("public.only_here", Outcome.Different, "the materialized view was never refreshed at the target"),
                ("public.only_there", Outcome.Equal, ""),
                ("public.upon", Outcome.Equal, ""),
                ("public.wrong_there", Outcome.Different, "the materialized view was never refreshed at the source; "
                    + "its query gives 500 rows at the source now, and other ones"),
            ],
            verdict.Tables.Where(one => one.Table != "public.birds").Select(one => (one.Table, one.Outcome, one.Why)));
        Assert.Equal(["public.only_there", "public.upon"],
            verdict.Tables.Where(one => one.IsFresher).Select(one => one.Table));
        Assert.Equal("public.neither", Assert.Single(verdict.Omissions).What);
    }

    /// <summary>The view's rows follow from compared tables. The view is reported as not compared, and the rest is
    /// proven.</summary>
    [Fact]
    public async Task What_the_source_cannot_ask_is_not_compared_with_the_servers_reason()
    {
        var copy = await CopiedDatabase.MakeAsync(servers, 16, 17, Birds, """
            CREATE TABLE divisors (id int, by int); INSERT INTO divisors VALUES (1, 1);
            CREATE MATERIALIZED VIEW shares AS SELECT id, id / by AS share FROM divisors;
            CREATE MATERIALIZED VIEW samples AS SELECT id FROM shares TABLESAMPLE SYSTEM (100) REPEATABLE (1);
            CREATE FUNCTION reads_it() RETURNS bigint LANGUAGE sql STABLE AS 'SELECT count(*) FROM public.shares';
            CREATE MATERIALIZED VIEW so_hidden AS SELECT reads_it() AS n
            """, "INSERT INTO divisors VALUES (2, 1)");
        await copy.ExecuteAtSourceAsync("INSERT INTO divisors VALUES (3, 0)");
        await copy.ExecuteAtTargetAsync("INSERT INTO divisors VALUES (3, 0)");

        var verdict = await VerifyAsync(copy, new() { Jobs = 2 });

        var shares = verdict.Omissions.Single(one => one.What == "public.shares");
        Assert.Contains("(1 row there, 2 rows at the target), and the source cannot run its query now: ",
            shares.Because, StringComparison.Ordinal);
        Assert.EndsWith("division by zero (SQLSTATE 22012)", shares.Because, StringComparison.Ordinal);
        Assert.False(shares.HoldsData);
        Assert.Contains("TABLESAMPLE", verdict.Omissions.Single(one => one.What == "public.samples").Because,
            StringComparison.Ordinal);
        // What a function reads is not visible, so its result counts as the source's rows.
        Assert.Equal("public.so_hidden", Assert.Single(verdict.Tables, one => one.Outcome == Outcome.Different).Table);
        Assert.Equal(Overall.ProvenExcept,
            (await VerifyAsync(copy, new() { Jobs = 2, AcceptViews = ["public.so_hidden"] })).Overall);

        await copy.ExecuteAtSourceAsync(
            $"DELETE FROM divisors WHERE id = 3; REVOKE SELECT ON divisors FROM {copy.Source.User}");
        Assert.Contains("permission denied for table divisors",
            (await VerifyAsync(copy, new() { Jobs = 2 })).Omissions.Single(one => one.What == "public.shares").Because,
            StringComparison.Ordinal);
    }

    /// <summary>Types whose values do not determine their bytes, a domain, and columns without their own
    /// names.</summary>
    [Fact]
    public async Task The_rows_of_a_query_have_the_types_of_the_views_columns()
    {
        var copy = await CopiedDatabase.MakeAsync(servers, 13, 15, Birds, """
            CREATE DOMAIN grams AS numeric(10,3) CHECK (VALUE > 0); CREATE TYPE kind AS ENUM ('small', 'large');
            CREATE COLLATION de (provider = icu, locale = 'de', deterministic = false);
            CREATE MATERIALIZED VIEW typed AS SELECT id, weight::grams, name::char(30) AS c, name COLLATE de AS n,
                (CASE WHEN id > 9 THEN 'large' ELSE 'small' END)::kind AS k, ARRAY[id, NULL] AS a,
                seen::timestamptz AS t, '1 mon'::interval * id AS i, weight::float8 / 3 AS f,
                    jsonb_build_object('n', weight) AS j, NULL::text AS nothing, 'x' AS "?column?" FROM birds;
            CREATE MATERIALIZED VIEW valued (one, two) AS VALUES (1, 'a'), (2, 'b');
            CREATE MATERIALIZED VIEW counted AS SELECT count(*), max(two) FROM valued, birds
            """, Stale);

        var verdict = await VerifyAsync(copy, new() { Jobs = 2, Level = VerifyLevel.Rows });

        Assert.Equal(Overall.Proven, verdict.Overall);
        Assert.Equal(["public.counted", "public.typed"],
            verdict.Tables.Where(one => one.IsFresher).Select(one => one.Table));
    }

    private static async Task<Verdict> VerifyAsync(CopiedDatabase copy, VerifyOptions options) =>
        await new Verifier(copy.Source, copy.Target, options, TimeProvider.System)
            .RunAsync(new Progress<StepEvent>(), Ct);
}
