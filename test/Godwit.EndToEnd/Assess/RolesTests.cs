using Godwit.Assess;
using Godwit.EndToEnd.Migration;
using Godwit.Faults;

namespace Godwit.EndToEnd.Assess;

/// <summary>What roles lose that the target does not have is told, by role and not by grant.</summary>
public sealed class RolesTests(OtherServers servers)
{
    private static readonly string[] Codes = ["assess.owners", "assess.grants", "assess.default_privileges",
        "assess.definers", "assess.function_roles", "assess.public_again"];

    [Theory]
    [InlineData(13)]
    [InlineData(17)]
    public async Task Owners_and_grants_of_other_roles_are_summed_up_by_role(int major)
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(major));
        var (keeper, reader) = await RolesAsync(rig);
        await rig.ExecuteAsync($"""
            CREATE SCHEMA kept AUTHORIZATION {keeper}; GRANT CREATE ON SCHEMA kept TO {rig.Name};
            CREATE TABLE kept.a (id serial); CREATE VIEW kept.b AS SELECT 1 AS n;
            ALTER TABLE kept.a OWNER TO {keeper}; ALTER VIEW kept.b OWNER TO {keeper};
            CREATE TABLE kept.c (id int, t text); GRANT SELECT (id) ON kept.c TO "{reader}";
            GRANT SELECT ON kept.a TO "{reader}"; GRANT USAGE ON SCHEMA kept TO "{reader}";
            ALTER DEFAULT PRIVILEGES FOR ROLE {keeper} GRANT SELECT ON TABLES TO "{reader}"
            """);
        await rig.ExecuteAsOwnerAsync("CREATE TABLE kept.d (); CREATE TABLE kept.e (); CREATE TABLE kept.f (); "
            + "CREATE TABLE kept.g (); CREATE TABLE kept.h ()");

        var owners = await rig.FindsAsync("assess.owners");
        var grants = await rig.FindsAsync("assess.grants");
        var defaults = await rig.FindsAsync("assess.default_privileges");

        Assert.Equal(Severity.Warning, owners.Severity);
        Assert.StartsWith("1 role owns objects at the source", owners.What, StringComparison.Ordinal);
        Assert.Contains($"{keeper} (1 schema, 1 sequence, 1 table, 1 view)", owners.Why, StringComparison.Ordinal);
        Assert.Contains($"{reader} (2 tables, 1 schema)", grants.Why, StringComparison.Ordinal);
        Assert.Contains(keeper, defaults.Why, StringComparison.Ordinal);
        await DropAsync(rig, keeper, reader);
    }

    [Fact]
    public async Task What_the_provider_made_for_itself_is_no_news()
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(15));
        // As at a provider that is recognised by such a role.
        await rig.ExecuteAsync("CREATE ROLE azuresu; CREATE TABLE public.theirs (id int); "
            + "ALTER TABLE public.theirs OWNER TO azuresu");
        await rig.ExecuteAsync($"CREATE SCHEMA own AUTHORIZATION {rig.Name}; CREATE TABLE own.t (id int); "
            + $"ALTER TABLE own.t OWNER TO {rig.Name}; GRANT SELECT ON own.t TO azuresu");

        var codes = (await rig.AssessAsync()).Findings.Select(finding => finding.Code).ToList();

        await rig.ExecuteAsync("DROP OWNED BY azuresu CASCADE; DROP ROLE azuresu");
        Assert.DoesNotContain(codes, Codes.Contains);
    }

    [Fact]
    public async Task A_lesser_owner_is_told_though_most_belongs_to_a_role_that_the_provider_made()
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(13));
        var (keeper, reader) = await RolesAsync(rig);
        await rig.ExecuteAsync($"""
            CREATE ROLE doadmin; CREATE TABLE public.a (); CREATE TABLE public.b (); CREATE TABLE public.c ();
            ALTER TABLE public.a OWNER TO doadmin; ALTER TABLE public.b OWNER TO doadmin;
            ALTER TABLE public.c OWNER TO {keeper}
            """);

        var owners = (await rig.AssessAsync()).Findings.Where(finding => finding.Code == "assess.owners").ToList();

        await rig.ExecuteAsync("DROP OWNED BY doadmin CASCADE; DROP ROLE doadmin");
        await DropAsync(rig, keeper, reader);
        Assert.Contains($"{keeper} (1 table)", Assert.Single(owners).Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_function_that_runs_as_a_lost_owner_is_named()
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(15));
        var (keeper, reader) = await RolesAsync(rig);
        await rig.ExecuteAsync($"""
            CREATE FUNCTION public."Become"(a int) RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1';
            ALTER FUNCTION public."Become"(int) OWNER TO {keeper}
            """);
        await rig.ExecuteAsync(
            $"CREATE SCHEMA own AUTHORIZATION {rig.Name}; CREATE SCHEMA own_too AUTHORIZATION {rig.Name}");

        var finding = await rig.FindsAsync("assess.definers");

        Assert.Contains($"public.\"Become\"(a integer) of {keeper}", finding.Why, StringComparison.Ordinal);
        await rig.ExecuteAsync(finding.Remedy[(finding.Remedy.IndexOf(":\n", StringComparison.Ordinal) + 2)..]);
        await rig.FindsNoAsync("assess.definers");
        await DropAsync(rig, keeper, reader);
    }

    [Fact]
    public async Task A_function_that_becomes_a_lost_role_is_named()
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(15));
        var (keeper, reader) = await RolesAsync(rig);
        await rig.ExecuteAsync(
            $"CREATE FUNCTION public.become() RETURNS int LANGUAGE sql SET role = '{reader}' AS 'SELECT 1'");

        var finding = await rig.FindsAsync("assess.function_roles");

        Assert.EndsWith($": public.become() ({reader})", finding.Why, StringComparison.Ordinal);
        await rig.ExecuteAsync(finding.Remedy[(finding.Remedy.IndexOf(":\n", StringComparison.Ordinal) + 2)..]);
        await rig.FindsNoAsync("assess.function_roles");
        await DropAsync(rig, keeper, reader);
    }

    [Theory]
    [InlineData(13)]
    [InlineData(15)]
    public async Task What_was_taken_from_everybody_is_named_with_what_takes_it_again(int major)
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(major));
        await rig.ExecuteAsync($"GRANT ALL ON SCHEMA public TO {rig.Name}");
        const string Made = """
            CREATE FUNCTION public.secret(text) RETURNS int LANGUAGE sql AS 'SELECT 1';
            CREATE PROCEDURE public.act() LANGUAGE sql AS 'SELECT 1';
            CREATE FUNCTION public.usual() RETURNS int LANGUAGE sql AS 'SELECT 1';
            CREATE TYPE public.mood AS ENUM ('glad');
            CREATE TYPE public.span AS RANGE (subtype = int);
            """;
        await rig.ExecuteAsOwnerAsync($"""
            {Made} REVOKE EXECUTE ON FUNCTION public.secret(text) FROM PUBLIC;
            REVOKE EXECUTE ON PROCEDURE public.act() FROM PUBLIC;
            REVOKE USAGE ON TYPE public.mood FROM PUBLIC; GRANT EXECUTE ON FUNCTION public.usual() TO {rig.Name}
            """);

        await rig.FindsNoAsync("assess.public_again");
        var uncleaned = new AssessRequest { Cleans = false };
        var finding = await rig.FindsAsync("assess.public_again", uncleaned);

        Assert.StartsWith("3 functions and types", finding.What, StringComparison.Ordinal);
        var statements = finding.Remedy[(finding.Remedy.IndexOf(":\n", StringComparison.Ordinal) + 2)..];
        await rig.ExecuteAsOwnerAsync("DROP FUNCTION public.secret(text); DROP PROCEDURE public.act(); "
            + "DROP FUNCTION public.usual(); DROP TYPE public.mood, public.span");
        await rig.ExecuteAsOwnerAsync(Made);
        await rig.FindsNoAsync("assess.public_again", uncleaned);
        await rig.ExecuteAsOwnerAsync(statements);
        Assert.Equal(finding.Why, (await rig.FindsAsync("assess.public_again", uncleaned)).Why);
    }

    [Theory]
    [InlineData(13)]
    [InlineData(17)]
    public async Task A_database_that_belongs_to_one_role_loses_nothing(int major)
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(major));
        await rig.ExecuteAsync($"GRANT ALL ON SCHEMA public TO {rig.Name}; CREATE EXTENSION hstore SCHEMA public");
        await rig.ExecuteAsOwnerAsync("""
            CREATE TABLE public.t (id serial PRIMARY KEY); GRANT SELECT ON public.t TO PUBLIC;
            CREATE FUNCTION public.f() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'
            """);

        var assessment = await rig.AssessAsync();

        Assert.DoesNotContain(assessment.Findings, finding => Codes.Contains(finding.Code));
        Assert.All(assessment.Checks, check => Assert.True(check.CouldLook, check.Name));
    }

    private static async Task<(string Keeper, string Reader)> RolesAsync(AssessRig rig)
    {
        var (keeper, reader) = ($"{rig.Name}_k", $"{rig.Name} reader");
        await rig.ExecuteAsync($"CREATE ROLE {keeper}; CREATE ROLE \"{reader}\"");
        return (keeper, reader);
    }

    private static Task DropAsync(AssessRig rig, string keeper, string reader) =>
        rig.ExecuteAsync($"DROP OWNED BY {keeper} CASCADE; DROP OWNED BY \"{reader}\" CASCADE; "
            + $"DROP ROLE {keeper}, \"{reader}\"");
}
