using Godwit.Assess;
using Godwit.EndToEnd.Migration;
using Godwit.Faults;
using Godwit.Targets;

namespace Godwit.EndToEnd.Assess;

/// <summary>Extensions are told apart by whether the target has them, and by whether anything needs them.</summary>
public sealed class ExtensionTests(OtherServers servers, JourneyServers journeys)
{
    /// <summary>What <c>pg_extension</c> says makes a provider's extension of any other.</summary>
    private const string AsProviders = "UPDATE pg_extension SET extname = 'azure' WHERE extname = 'hstore'";

    [Theory]
    [InlineData(13)]
    [InlineData(17)]
    public async Task What_the_target_does_not_offer_is_a_blocker_with_every_kind_of_thing_that_needs_it(int major)
    {
        await using var rig = await CreateAsync(major);
        await using var target = await TargetAsync("citext");
        await rig.ExecuteAsync("""
            CREATE EXTENSION hstore; CREATE EXTENSION pg_trgm; CREATE EXTENSION citext; CREATE EXTENSION "uuid-ossp";
            CREATE TABLE public."Odd one" (id uuid DEFAULT public.uuid_generate_v4(), "a.b" public.hstore,
                tags public.hstore[], name public.citext);
            CREATE TABLE public.parted (k int, h public.hstore) PARTITION BY RANGE (k);
            CREATE TABLE public.part PARTITION OF public.parted FOR VALUES FROM (0) TO (9);
            CREATE INDEX "By name" ON public."Odd one" USING gin ((name::text) public.gin_trgm_ops);
            CREATE VIEW public.seen AS SELECT public.akeys("a.b") FROM public."Odd one";
            """);

        var found = (await rig.AssessAsync(target: new PostgresTarget(target.Address))).Findings
            .Where(finding => finding.Code == "assess.extension_needed").ToList();

        Assert.Equal(["hstore", "pg_trgm", "uuid-ossp"], found.Select(finding => finding.What.Split(' ')[2]));
        Assert.Contains("table column public.\"Odd one\".\"a.b\", table column public.\"Odd one\".tags, "
            + "table column public.parted.h, view public.seen", found[0].Why, StringComparison.Ordinal);
        Assert.Contains("ALTER TABLE public.\"Odd one\" ALTER COLUMN \"a.b\" TYPE text;", found[0].Remedy,
            StringComparison.Ordinal);
        Assert.Contains("index public.\"By name\"", found[1].Why, StringComparison.Ordinal);
        Assert.Contains("default value for public.\"Odd one\".id", found[2].Why, StringComparison.Ordinal);
        await rig.ExecuteAsync("DROP VIEW public.seen; " + string.Join(' ', found[0].Remedy.Split('\n').Where(line =>
            line.StartsWith("ALTER", StringComparison.Ordinal) || line.StartsWith("DROP", StringComparison.Ordinal))));
        Assert.DoesNotContain((await rig.AssessAsync(target: new PostgresTarget(target.Address))).Findings,
            finding => finding.What.Contains("hstore", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_nothing_needs_is_left_behind_and_with_no_clean_it_is_refused()
    {
        await using var rig = await CreateAsync(15);
        await using var target = await TargetAsync("citext");
        await rig.ExecuteAsync("CREATE EXTENSION earthdistance CASCADE; CREATE EXTENSION citext; "
            + "CREATE TABLE public.t (a public.citext)");

        var finding = await rig.FindsAsync("assess.extensions_not_offered", target: new PostgresTarget(target.Address));

        Assert.Equal(Severity.Warning, finding.Severity);
        Assert.EndsWith("(cube, earthdistance)", finding.What, StringComparison.Ordinal);
        await rig.FindsNoAsync("assess.extension_needed", target: new PostgresTarget(target.Address));
        var kept = new AssessRequest { Cleans = false };
        Assert.Contains("cube, earthdistance", (await rig.FindsAsync("assess.extensions_refused", kept,
            new PostgresTarget(target.Address))).What, StringComparison.Ordinal);
        await rig.FindsNoAsync("assess.extensions_not_offered", kept, new PostgresTarget(target.Address));
    }

    [Fact]
    public async Task What_only_another_extension_needs_that_stays_is_needed()
    {
        await using var rig = await CreateAsync(15);
        await using var target = await TargetAsync("earthdistance");
        await rig.ExecuteAsync("CREATE EXTENSION earthdistance CASCADE");

        Assert.Contains("extension earthdistance", (await rig.FindsAsync("assess.extension_needed",
            target: new PostgresTarget(target.Address))).Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_exists_only_at_the_provider_is_left_behind_or_a_blocker_though_no_target_was_asked()
    {
        await using var rig = await CreateAsync(15);
        await rig.ExecuteAsync("CREATE EXTENSION hstore; " + AsProviders);

        Assert.Contains("azure", (await rig.FindsAsync("assess.extensions_of_provider")).What,
            StringComparison.Ordinal);
        await rig.FindsNoAsync("assess.extension_needed");
        await rig.ExecuteAsync("CREATE TABLE public.t (a public.hstore)");
        Assert.Contains("it exists only at Azure", (await rig.FindsAsync("assess.extension_needed")).Why,
            StringComparison.Ordinal);
        await rig.FindsNoAsync("assess.extensions_of_provider");
    }

    [Fact]
    public async Task What_the_target_offers_is_no_finding_and_one_that_is_older_there_is_told()
    {
        await using var newer = await CreateAsync(17);
        await using var older = await CreateAsync(15);
        foreach (var rig in new[] { newer, older })
            await rig.ExecuteAsync("CREATE EXTENSION pg_stat_statements; CREATE EXTENSION citext");

        var found = await older.AssessAsync(target: new PostgresTarget(newer.Address));
        Assert.DoesNotContain(found.Findings, finding => finding.Code.Contains("extension", StringComparison.Ordinal));
        Assert.Contains(found.Facts,
            fact => fact.Key == "extensions" && fact.Value.Contains("citext 1.", StringComparison.Ordinal));
        var told = await newer.FindsAsync("assess.extensions_older", target: new PostgresTarget(older.Address));
        Assert.Contains("pg_stat_statements 1.10 instead of 1.11", told.What, StringComparison.Ordinal);
        Assert.DoesNotContain("citext", told.What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_schema_that_the_target_does_not_allow_is_told()
    {
        await using var rig = await CreateAsync(15);
        await using var target = await TargetAsync("*");
        await rig.ExecuteAsync("CREATE EXTENSION adminpack");
        await rig.FindsNoAsync("assess.extension_schema", target: new PostgresTarget(target.Address));

        await rig.ExecuteAsync(
            "UPDATE pg_extension SET extnamespace = 'public'::regnamespace WHERE extname = 'adminpack'");

        var finding = await rig.FindsAsync("assess.extension_schema", target: new PostgresTarget(target.Address));
        Assert.Contains("ALTER EXTENSION \"adminpack\" SET SCHEMA pg_catalog;", finding.Remedy,
            StringComparison.Ordinal);
    }

    /// <summary>Before an add-on is ordered, and also where nobody has named a target: Heroku is what is
    /// meant.</summary>
    [Fact]
    public async Task Without_a_target_to_ask_extensions_are_judged_by_what_Heroku_publishes()
    {
        await using var rig = await CreateAsync(15);
        await rig.ExecuteAsync("CREATE EXTENSION citext; CREATE EXTENSION pg_buffercache; "
            + "CREATE TABLE public.t (a public.citext)");

        var finding = await rig.FindsAsync("assess.extensions_not_offered");

        Assert.EndsWith("(pg_buffercache)", finding.What, StringComparison.Ordinal);
        Assert.Contains("as published in 20", finding.Why, StringComparison.Ordinal);
        await rig.FindsNoAsync("assess.extension_needed");
        await rig.ExecuteAsync("CREATE EXTENSION pageinspect; CREATE VIEW public.pages AS SELECT * "
            + "FROM public.page_header(public.get_raw_page('public.t', 0))");
        Assert.Contains("as published in 20", (await rig.FindsAsync("assess.extension_needed")).Why,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_target_that_does_not_exist_yet_is_asked_later()
    {
        await using var rig = await CreateAsync(15);
        using var app = await AppRig.WithoutAppAsync(journeys);
        await rig.FindsNoAsync("assess.extensions_published", target: app.Target);
        await rig.ExecuteAsync("CREATE EXTENSION citext");

        Assert.Contains("citext", (await rig.FindsAsync("assess.extensions_published", target: app.Target)).What,
            StringComparison.Ordinal);
        await rig.FindsNoAsync("assess.extensions_published");
    }

    [Fact]
    public async Task The_former_schema_of_extensions_becomes_public_and_functions_that_name_it_are_told()
    {
        await using var rig = await CreateAsync(15);
        await rig.ExecuteAsync("CREATE SCHEMA heroku_ext; CREATE EXTENSION citext SCHEMA heroku_ext; "
            + "CREATE TABLE public.t (a heroku_ext.citext)");

        Assert.Contains("citext", (await rig.FindsAsync("assess.heroku_ext")).What, StringComparison.Ordinal);
        await rig.FindsNoAsync("assess.heroku_ext_functions");
        await rig.ExecuteAsync("""
            CREATE FUNCTION public.folded(text) RETURNS text LANGUAGE sql AS 'SELECT $1::heroku_ext.citext::text';
            CREATE FUNCTION public.found() RETURNS int LANGUAGE sql SET search_path = heroku_ext AS 'SELECT 1';
            CREATE FUNCTION public.innocent() RETURNS text LANGUAGE sql AS 'SELECT ''my_heroku_exterior''';
            CREATE FUNCTION public.built() RETURNS void LANGUAGE plpgsql
                AS $$ BEGIN EXECUTE 'SELECT heroku_ext.citext(1)'; END $$;
            """);
        var finding = await rig.FindsAsync("assess.heroku_ext_functions");
        Assert.EndsWith("(public.built(), public.found())", finding.What, StringComparison.Ordinal);
        await rig.ExecuteAsync("CREATE TABLE heroku_ext.own (a int)");
        await rig.FindsNoAsync("assess.heroku_ext");
    }

    private async Task<AssessRig> CreateAsync(int major) =>
        await AssessRig.CreateAsync(await servers.OfMajorAsync(major));

    /// <param name="allowed">Names with commas between them, as Heroku's own setting has them.</param>
    private async Task<AssessRig> TargetAsync(string allowed)
    {
        var target = await CreateAsync(15);
        await target.ExecuteAsync($"ALTER DATABASE {target.Name} SET extwlist.extensions = '{allowed}'");
        return target;
    }
}
