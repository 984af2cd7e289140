using Godwit.Assess;
using Godwit.EndToEnd.Migration;
using Godwit.Faults;

namespace Godwit.EndToEnd.Assess;

/// <summary>Rows that break their keys are found before the restore stumbles over them.</summary>
public sealed class KeyRowsTests(OtherServers servers)
{
    private const string Parents = """
        CREATE TABLE public.authors (id int PRIMARY KEY, first text, last text, UNIQUE (first, last));
        INSERT INTO public.authors VALUES (1, 'Astrid', 'Lindgren'), (2, 'Tove', 'Jansson');
        """;

    /// <summary>As a restore in the wrong order, or replication, brings rows in without a look at foreign
    /// keys.</summary>
    internal const string Unseen = "SET session_replication_role = replica;";

    private static readonly AssessRequest Deep = new() { IsDeep = true };

    [Theory]
    [InlineData(13), InlineData(15), InlineData(17), InlineData(18)]
    public async Task Rows_that_point_nowhere_are_counted_and_the_statements_put_it_right(int major)
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(major));
        await rig.ExecuteAsOwnerAsync(Parents
            + """CREATE TABLE public."Books" (id int PRIMARY KEY, author int REFERENCES public.authors)""");
        await rig.ExecuteAsync(Unseen + """INSERT INTO public."Books" VALUES (1, 1), (2, 99), (3, NULL), (4, 98)""");

        var finding = await rig.FindsAsync("assess.orphans");

        Assert.Equal(Severity.Blocker, finding.Severity);
        Assert.Contains("""public."Books" ("Books_author_fkey") 2 rows""", finding.What, StringComparison.Ordinal);
        await rig.FindsAsync("assess.orphans", Deep);
        await rig.ExecuteAsOwnerAsync(After(finding.Remedy, "delete them:\n", "\nOr keep"));
        await rig.ExecuteAsOwnerAsync(After(finding.Remedy, "at the target too:\n"));
        await rig.FindsNoAsync("assess.orphans");
        await rig.FindsNoAsync("assess.orphans", Deep);
    }

    [Theory]
    [InlineData("", "('Astrid', NULL), (NULL, NULL)", false)]
    [InlineData("", "('Astrid', 'Jansson')", true)]
    [InlineData("MATCH FULL", "(NULL, NULL), ('Tove', 'Jansson')", false)]
    [InlineData("MATCH FULL", "('Astrid', NULL)", true)]
    public async Task Keys_of_several_columns_follow_their_MATCH(string match, string rows, bool isBroken)
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(15));
        await rig.ExecuteAsOwnerAsync(Parents + "CREATE TABLE public.quotes (first text, last text, "
            + $"FOREIGN KEY (first, last) REFERENCES public.authors (first, last) {match})");
        await rig.ExecuteAsync(Unseen + $"INSERT INTO public.quotes VALUES {rows}");

        foreach (var wishes in new[] { new(), Deep })
            await (isBroken ? rig.FindsAsync("assess.orphans", wishes) : rig.FindsNoAsync("assess.orphans", wishes));
    }

    [Fact]
    public async Task Partitioned_tables_on_both_ends_are_one_key()
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(15));
        await rig.ExecuteAsOwnerAsync("""
            CREATE TABLE public.days (day int PRIMARY KEY) PARTITION BY RANGE (day);
            CREATE TABLE public.days_1 PARTITION OF public.days FOR VALUES FROM (0) TO (10);
            CREATE TABLE public.days_2 PARTITION OF public.days FOR VALUES FROM (10) TO (20);
            CREATE TABLE public.visits (day int REFERENCES public.days) PARTITION BY HASH (day);
            CREATE TABLE public.visits_0 PARTITION OF public.visits FOR VALUES WITH (MODULUS 2, REMAINDER 0);
            CREATE TABLE public.visits_1 PARTITION OF public.visits FOR VALUES WITH (MODULUS 2, REMAINDER 1);
            INSERT INTO public.days VALUES (5), (15);
            INSERT INTO public.visits VALUES (5), (15);
            """);
        await rig.FindsNoAsync("assess.orphans", Deep);
        await rig.ExecuteAsync(Unseen + "INSERT INTO public.visits VALUES (16)");

        var finding = await rig.FindsAsync("assess.orphans", Deep);

        Assert.Contains("public.visits (visits_day_fkey) 1 row", finding.What, StringComparison.Ordinal);
        Assert.DoesNotContain("visits_0", finding.What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_index_with_another_equality_than_its_column_has_no_duplicates()
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(15));
        await rig.ExecuteAsync("CREATE EXTENSION citext");
        await rig.ExecuteAsOwnerAsync("""
            CREATE COLLATION public.loose (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
            CREATE DOMAIN public.address AS public.citext;
            CREATE TYPE public.colour AS ENUM ('red', 'blue');
            CREATE TABLE public.people (name text COLLATE public.loose, mail public.citext, other public.address,
                code varchar(9), short char(3), sign "char",
                                        colour public.colour, numbers int[], called name, net cidr);
            CREATE UNIQUE INDEX by_bytes ON public.people (name COLLATE "C");
            CREATE UNIQUE INDEX by_text ON public.people (mail text_ops);
            CREATE UNIQUE INDEX by_domain ON public.people (other text_ops);
            CREATE UNIQUE INDEX by_expression ON public.people ((name || '!') COLLATE "C");
            CREATE UNIQUE INDEX by_all
                ON public.people (mail, other, code, short, sign, colour, numbers, called, net, upper(code));
            INSERT INTO public.people VALUES ('a', 'a', 'a', 'a', 'a  ', 'a', 'red', '{1}', 'a', '10.0.0.0/8'),
                ('A', 'A', 'A', 'A', 'A', 'A', 'blue', '{2}', 'A', '10.0.0.0/9');
            """);

        await rig.FindsNoAsync("assess.duplicates", Deep);
        await rig.FindsNoAsync("assess.keys_unread", Deep);
    }

    [Fact]
    public async Task Unlike_types_and_a_parents_children_do_not_confuse_it()
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(15));
        // A row of a child table is none of its parent's: the key does not see it.
        await rig.ExecuteAsOwnerAsync("""
            CREATE TYPE public.colour AS ENUM ('red', 'blue');
            CREATE DOMAIN public.code AS varchar(5);
            CREATE TABLE public.parents (id bigint PRIMARY KEY, colour public.colour UNIQUE, code public.code UNIQUE);
            CREATE TABLE public.heirs () INHERITS (public.parents);
            INSERT INTO public.parents VALUES (1, 'red', 'A');
            INSERT INTO public.heirs VALUES (2, 'blue', 'B');
            CREATE TABLE public.children (id smallint REFERENCES public.parents,
                colour public.colour REFERENCES public.parents (colour),
                                          code text REFERENCES public.parents (code));
            INSERT INTO public.children VALUES (1, 'red', 'A');
            """);
        await rig.FindsNoAsync("assess.orphans", Deep);
        await rig.FindsNoAsync("assess.keys_unread", Deep);
        await rig.ExecuteAsync(Unseen + "INSERT INTO public.children VALUES (2, 'blue', 'B')");

        Assert.Contains("(children_id_fkey) 1 row", (await rig.FindsAsync("assess.orphans", Deep)).What,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(13)]
    [InlineData(15)]
    [InlineData(17)]
    [InlineData(18)]
    public async Task A_key_that_stands_twice_is_found_without_the_index_that_missed_it(int major)
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(major));
        await rig.ExecuteAsOwnerAsync("CREATE TABLE public.users (id int PRIMARY KEY, mail text)");
        await rig.ExecuteAsOwnerAsync("INSERT INTO public.users SELECT i, 'm' || i FROM generate_series(1, 1000) i");
        // An index that holds nothing of what came while it was not ready: what damage leaves behind.
        await rig.ExecuteAsync("""
            UPDATE pg_index SET indisready = false, indisvalid = false WHERE indexrelid = 'public.users_pkey'::regclass;
            """);
        await rig.ExecuteAsync("""
            INSERT INTO public.users VALUES (7, 'again'), (8, 'again'), (8, 'and again');
            UPDATE pg_index SET indisready = true, indisvalid = true WHERE indexrelid = 'public.users_pkey'::regclass;
            """);

        var finding = await rig.FindsAsync("assess.duplicates");

        Assert.Equal(Severity.Blocker, finding.Severity);
        Assert.Contains("public.users (users_pkey) 2 keys", finding.What, StringComparison.Ordinal);
        await rig.FindsAsync("assess.duplicates", Deep);
        await rig.ExecuteAsOwnerAsync(After(finding.Remedy, "surplus rows:\n", "\nThen rebuild"));
        await rig.ExecuteAsync("SET enable_indexscan = off; SET enable_bitmapscan = off; "
            + "DELETE FROM public.users WHERE mail LIKE '%again'");
        await rig.ExecuteAsOwnerAsync(After(finding.Remedy, "rebuild the index:\n"));
        await rig.FindsNoAsync("assess.duplicates", Deep);
    }

    [Fact]
    public async Task Expressions_conditions_constants_and_NULLs_are_taken_as_the_index_takes_them()
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(15));
        await rig.ExecuteAsOwnerAsync("""
            CREATE SCHEMA "Odd; schema";
            CREATE FUNCTION "Odd; schema".fold(t text) RETURNS text LANGUAGE sql IMMUTABLE
                AS 'SELECT pg_catalog.lower(t)';
            CREATE TABLE "Odd; schema"."t 1" ("a b" text, hidden boolean, n int, m int);
            INSERT INTO "Odd; schema"."t 1" VALUES ('A', false, NULL, 1), ('a', true, NULL, 2), ('B', false, 1, NULL);
            CREATE UNIQUE INDEX by_expression ON "Odd; schema"."t 1" ("Odd; schema".fold("a b")) INCLUDE (n)
                WHERE NOT hidden;
            CREATE UNIQUE INDEX nulls_differ ON "Odd; schema"."t 1" (n);
            CREATE UNIQUE INDEX nulls_do_not ON "Odd; schema"."t 1" (m) NULLS NOT DISTINCT;
            CREATE UNIQUE INDEX only_one ON "Odd; schema"."t 1" ((1)) WHERE n = 1;
            """);
        await rig.FindsNoAsync("assess.duplicates", Deep);
        await rig.FindsNoAsync("assess.keys_unread", Deep);
        // A function that was called immutable, and changed.
        await rig.ExecuteAsOwnerAsync("""CREATE OR REPLACE FUNCTION "Odd; """
            + """schema".fold(t text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT 'same' $$""");

        var finding = await rig.FindsAsync("assess.duplicates");

        Assert.Contains("""(by_expression) 1 key""", finding.What, StringComparison.Ordinal);
        Assert.DoesNotContain("nulls", finding.What, StringComparison.Ordinal);
        await rig.ExecuteAsOwnerAsync(
            "CREATE TABLE public.nothing (n int); CREATE UNIQUE INDEX u ON public.nothing (n) NULLS NOT DISTINCT");
        await rig.ExecuteAsync("UPDATE pg_index SET indisready = false WHERE indexrelid = 'public.u'::regclass");
        await rig.ExecuteAsync("INSERT INTO public.nothing VALUES (NULL), (NULL); "
            + "UPDATE pg_index SET indisready = true WHERE indexrelid = 'public.u'::regclass");
        Assert.Contains("public.nothing (u) 1 key", (await rig.FindsAsync("assess.duplicates")).What,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sequence_behind_its_column_is_told_with_the_statement_that_moves_it()
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(13));
        await rig.ExecuteAsOwnerAsync("""
            CREATE TABLE public.right_one (id serial PRIMARY KEY);
            INSERT INTO public.right_one SELECT FROM generate_series(1, 10);
            CREATE TABLE public."Wrong" (id int GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY);
            CREATE TABLE public.set_where_it_goes_on (id serial PRIMARY KEY);
            INSERT INTO public.set_where_it_goes_on VALUES (7);
            SELECT setval('public.set_where_it_goes_on_id_seq', 8, false);
            """);
        await rig.FindsNoAsync("assess.sequence_behind");
        await rig.ExecuteAsOwnerAsync("""INSERT INTO public."Wrong" VALUES (7)""");

        var finding = await rig.FindsAsync("assess.sequence_behind");

        Assert.EndsWith("""public."Wrong".id""", finding.What, StringComparison.Ordinal);
        await rig.ExecuteAsOwnerAsync(After(finding.Remedy, "value:\n"));
        await rig.FindsNoAsync("assess.sequence_behind");
    }

    [Fact]
    public async Task What_could_not_be_looked_at_is_never_taken_for_good()
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(15));
        await rig.ExecuteAsync("CREATE TABLE public.closed (id int PRIMARY KEY); INSERT INTO public.closed VALUES (1)");
        await rig.ExecuteAsOwnerAsync("CREATE TABLE public.slow (id int); INSERT INTO public.slow VALUES (1)");
        await rig.ExecuteAsOwnerAsync("CREATE FUNCTION public.wait(i int) RETURNS int LANGUAGE sql IMMUTABLE "
            + "AS 'SELECT i'; CREATE UNIQUE INDEX by_wait ON public.slow (public.wait(id))");
        await rig.ExecuteAsOwnerAsync("CREATE OR REPLACE FUNCTION public.wait(i int) RETURNS int LANGUAGE plpgsql "
            + "IMMUTABLE AS 'BEGIN PERFORM pg_sleep(3); RETURN i; END'");

        var assessment = await rig.AssessAsync();

        Assert.Contains("closed_pkey", Assert.Single(assessment.Findings,
            finding => finding.Code == "assess.keys_unread").What, StringComparison.Ordinal);
        Assert.Contains("2 not at all", Assert.Single(assessment.Findings,
            finding => finding.Code == "assess.keys_sampled").What, StringComparison.Ordinal);
        Assert.Contains("0 of 2 unique indexes", assessment.Facts.Single(fact => fact.Key == "keys").Value,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_large_table_is_sampled_unless_everything_is_wished()
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(15));
        await rig.ExecuteAsOwnerAsync(Parents
            + "CREATE TABLE public.sales (author int REFERENCES public.authors, note text)");
        await rig.ExecuteAsync(Unseen
            + "INSERT INTO public.sales SELECT 99, repeat('x', 500) FROM generate_series(1, 40000)");

        var sampled = await rig.FindsAsync("assess.orphans");
        var whole = await rig.FindsAsync("assess.orphans", Deep);

        Assert.Contains("at least ", sampled.What, StringComparison.Ordinal);
        Assert.Contains("public.sales (sales_author_fkey) 40,000 rows", whole.What, StringComparison.Ordinal);
        await rig.FindsAsync("assess.keys_sampled");
        await rig.FindsNoAsync("assess.keys_sampled", Deep);
    }

    [Fact]
    public async Task A_sound_database_is_said_to_have_been_looked_at_whole()
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(15));
        await rig.ExecuteAsOwnerAsync(Parents + "CREATE TABLE public.books (author int REFERENCES public.authors)");

        var assessment = await rig.AssessAsync();

        Assert.Equal("1 of 1 foreign keys and 2 of 2 unique indexes checked against all rows",
            assessment.Facts.Single(fact => fact.Key == "keys").Value);
        Assert.DoesNotContain(assessment.Findings,
            finding => finding.Code.StartsWith("assess.keys", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_PostgreSQL_18_does_not_enforce_or_compares_by_periods_is_left_alone()
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(18));
        await rig.ExecuteAsync("CREATE EXTENSION btree_gist");
        await rig.ExecuteAsOwnerAsync(Parents + """
            CREATE TABLE public.hopes (author int REFERENCES public.authors NOT ENFORCED,
                n int CONSTRAINT positive CHECK (n > 0) NOT ENFORCED);
            INSERT INTO public.hopes VALUES (99, -1);
            CREATE TABLE public.rooms (id int, free daterange, PRIMARY KEY (id, free WITHOUT OVERLAPS));
            CREATE TABLE public.stays (room int, days daterange,
                FOREIGN KEY (room, PERIOD days) REFERENCES public.rooms (id, PERIOD free));
            INSERT INTO public.rooms VALUES (1, '[2026-01-01,2026-02-01)');
            INSERT INTO public.stays VALUES (1, '[2026-01-05,2026-01-08)');
            """);

        await rig.FindsNoAsync("assess.orphans", Deep);
        await rig.FindsNoAsync("assess.duplicates", Deep);
        await rig.FindsNoAsync("assess.keys_unread", Deep);
        await rig.FindsNoAsync("assess.not_valid");
    }

    internal static string After(string text, string start, string? end = null)
    {
        var from = text.IndexOf(start, StringComparison.Ordinal) + start.Length;
        return end is null ? text[from..] : text[from..text.IndexOf(end, StringComparison.Ordinal)];
    }
}
