using Godwit.Assess;
using Godwit.EndToEnd.Migration;
using Godwit.Faults;

namespace Godwit.EndToEnd.Assess;

/// <summary>Functions that a restore would call, and that would fail there, are found by calling them as it
/// does.</summary>
public sealed class ExpressionTests(OtherServers servers)
{
    private static readonly AssessRequest Deep = new() { IsDeep = true };

    [Theory]
    [InlineData(13)]
    [InlineData(15)]
    [InlineData(17)]
    public async Task A_function_that_relies_on_the_search_path_is_told_with_the_statement_that_fixes_its_own(int major)
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(major));
        await rig.ExecuteAsOwnerAsync("""
            CREATE SCHEMA app; SET search_path = app, public;
            CREATE FUNCTION inner_one(t text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN lower(t); END';
            CREATE FUNCTION outer_one(t text) RETURNS text LANGUAGE plpgsql IMMUTABLE
                AS 'BEGIN RETURN inner_one(t); END';
            CREATE TABLE "T 1" (name text CHECK (outer_one(name) <> 'x'),
                folded text GENERATED ALWAYS AS (outer_one(name)) STORED);
            CREATE INDEX by_fold ON "T 1" (name, outer_one(name)) WHERE inner_one(name) <> 'y';
            """);
        await rig.FindsNoAsync("assess.expressions");
        await rig.ExecuteAsOwnerAsync("""SET search_path = app, public; INSERT INTO "T 1" VALUES ('Anna')""");
        await rig.ExecuteAsync($"ALTER ROLE {rig.Name} SET search_path = app, public");

        var finding = await rig.FindsAsync("assess.expressions");

        Assert.Equal(Severity.Blocker, finding.Severity);
        foreach (var name in
            new[] { "(\"T 1_name_check\")", "(by_fold)", "(folded)", "inner_one(text) does not exist" })
            Assert.Contains(name, finding.What, StringComparison.Ordinal);
        await rig.FindsAsync("assess.expressions", Deep);
        var statements = finding.Remedy[finding.Remedy.IndexOf("ALTER", StringComparison.Ordinal)..];
        Assert.True(statements.StartsWith("ALTER FUNCTION app.outer_one(text) SET search_path = app, public;",
            StringComparison.Ordinal), statements);
        await rig.ExecuteAsOwnerAsync(statements);
        await rig.FindsNoAsync("assess.expressions");
        await rig.FindsNoAsync("assess.expressions", Deep);
        await rig.FindsNoAsync("assess.check_violations", Deep);
    }

    [Fact]
    public async Task Rows_that_a_changed_function_would_not_let_in_any_more_are_counted()
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(15));
        await rig.ExecuteAsOwnerAsync("""
            CREATE FUNCTION public.is_known(country text) RETURNS boolean LANGUAGE sql IMMUTABLE
                AS $$ SELECT country IN ('DE', 'NL', 'SU') $$;
            CREATE TABLE public.shops (country text CHECK (public.is_known(country))) PARTITION BY LIST (country);
            CREATE TABLE public.shops_rest PARTITION OF public.shops DEFAULT;
            INSERT INTO public.shops VALUES ('DE'), ('SU'), (NULL);
            """);
        await rig.FindsNoAsync("assess.check_violations");
        await rig.ExecuteAsOwnerAsync("CREATE OR REPLACE FUNCTION public.is_known(country text) RETURNS boolean "
            + "LANGUAGE sql IMMUTABLE AS $$ SELECT country IN ('DE', 'NL') $$");

        Assert.EndsWith("public.shops (shops_country_check) 1 row",
            (await rig.FindsAsync("assess.check_violations")).What, StringComparison.Ordinal);
        await rig.FindsAsync("assess.check_violations", Deep);
    }

    [Fact]
    public async Task A_constraint_that_looks_into_a_table_is_told_with_the_way_to_add_it_after_the_rows()
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(15));
        await rig.ExecuteAsOwnerAsync("""
            CREATE TABLE public.allowed (name text); INSERT INTO public.allowed VALUES ('a');
            CREATE FUNCTION public.plain(t text) RETURNS boolean LANGUAGE sql AS $$ SELECT t <> 'x' $$;
            CREATE FUNCTION public.may(t text) RETURNS boolean LANGUAGE sql
                AS $$ SELECT EXISTS (SELECT 1 FROM public.allowed a WHERE a.name = t) $$;
            CREATE TABLE public.names (name text, CONSTRAINT plain CHECK (public.plain(name)));
            """);
        await rig.FindsNoAsync("assess.check_reads_tables");
        await rig.ExecuteAsOwnerAsync("ALTER TABLE public.names ADD CONSTRAINT allowed CHECK (public.may(name)); "
            + "INSERT INTO public.names VALUES ('a')");

        var finding = await rig.FindsAsync("assess.check_reads_tables");

        Assert.EndsWith(": public.names (allowed)", finding.What, StringComparison.Ordinal);
        await rig.FindsNoAsync("assess.expressions");
        await rig.ExecuteAsOwnerAsync(finding.Remedy[finding.Remedy.IndexOf("ALTER", StringComparison.Ordinal)..]);
        await rig.FindsNoAsync("assess.check_reads_tables");
    }

    /// <summary>A read-only transaction does not keep a function from writing files, if it runs with the rights for
    /// it.</summary>
    [Fact]
    public async Task As_a_superuser_no_function_of_another_role_is_run_and_that_is_said()
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(15));
        await rig.ExecuteAsOwnerAsync("""
            CREATE FUNCTION public.is_good(n int) RETURNS boolean LANGUAGE plpgsql IMMUTABLE
                AS 'BEGIN IF current_setting(''is_superuser'') = ''on'' THEN
                RAISE ''ran as a superuser''; END IF; RETURN true; END';
            CREATE TABLE public.checked (n int PRIMARY KEY CHECK (public.is_good(n)));
            INSERT INTO public.checked VALUES (1);
            """);
        await rig.FindsNoAsync("assess.keys_sampled");
        await rig.ExecuteAsync($"ALTER ROLE {rig.Name} SUPERUSER");
        await rig.FindsNoAsync("assess.keys_sampled");
        await rig.ExecuteAsync(
            $"CREATE ROLE {rig.Name}_other; ALTER FUNCTION public.is_good OWNER TO {rig.Name}_other");

        var assessment = await rig.AssessAsync();

        Assert.Contains(assessment.Findings, finding => finding.Code == "assess.keys_sampled");
        Assert.DoesNotContain(assessment.Findings, finding => finding.Code == "assess.expressions");
        await rig.ExecuteAsync($"DROP OWNED BY {rig.Name}_other CASCADE; DROP ROLE {rig.Name}_other");
    }

    /// <summary>It goes into journals and reports.</summary>
    [Fact]
    public async Task What_a_function_says_about_a_row_is_not_repeated()
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(15));
        await rig.ExecuteAsOwnerAsync("""
            CREATE FUNCTION public.is_good(n bigint) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true';
            CREATE TABLE public.cards (n bigint PRIMARY KEY CHECK (public.is_good(n)));
            INSERT INTO public.cards VALUES (4111222233334444);
            CREATE OR REPLACE FUNCTION public.is_good(n bigint) RETURNS boolean LANGUAGE plpgsql IMMUTABLE
                AS 'BEGIN RAISE ''bad card %'', n; END';
            """);

        var finding = await rig.FindsAsync("assess.expressions");

        Assert.Contains("P0001", finding.What + finding.Why, StringComparison.Ordinal);
        Assert.DoesNotContain("4111", $"{finding}", StringComparison.Ordinal);
    }
}
