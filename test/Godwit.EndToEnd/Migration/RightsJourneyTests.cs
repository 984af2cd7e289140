namespace Godwit.EndToEnd.Migration;

/// <summary>Heroku's restore leaves out all rights, and gives no statistics. The run restores both.</summary>
public sealed class RightsJourneyTests(JourneyServers servers)
{
    private const string More = """
        CREATE FUNCTION public.closed() RETURNS integer LANGUAGE sql AS 'SELECT 1';
        REVOKE ALL ON FUNCTION public.closed() FROM PUBLIC;
        CREATE TABLE public.parts (id integer, n integer) PARTITION BY RANGE (id);
        CREATE TABLE public.parts_1 PARTITION OF public.parts DEFAULT;
        INSERT INTO public.parts SELECT i, i % 7 FROM generate_series(1, 1000) i;
        """;

    [Theory]
    [InlineData("backup")]
    [InlineData("direct")]
    public async Task What_everybody_may_not_do_nobody_may_at_the_target_either_and_the_planner_has_its_statistics(
        string route)
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        await rig.ExecuteAtSourceAsync(More);
        IReadOnlyList<string> migrate = route == "backup" ? rig.Migrate : ["migrate", "--from", "env:SOURCE_URL",
            "--to", "heroku:" + rig.App, "--route", "direct", "--i-have-a-backup"];

        (await rig.RunAsync(migrate)).Expect(0);

        await rig.AssertProvenAsync();
        Assert.False(await rig.ScalarAtTargetAsync<bool>(
            "SELECT has_function_privilege('public', 'public.closed()', 'EXECUTE')"));
        Assert.Equal("birds parts parts_1", await rig.ScalarAtTargetAsync<string>("""
            SELECT string_agg(DISTINCT tablename, ' ' ORDER BY tablename) FROM pg_stats
                WHERE tablename IN ('birds', 'parts', 'parts_1')
            """));
    }

    /// <summary>The assessment's command for a role works as printed.</summary>
    [Theory]
    [InlineData("backup")]
    [InlineData("direct")]
    public async Task A_role_that_is_made_as_the_assessment_says_gets_what_it_may_do_at_the_source(string route)
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        await rig.AddDatabaseAsync(plan: "heroku-postgresql:standard-0");
        var role = $"reader_{rig.Database}";
        await rig.Source.ExecuteAsync("postgres", $"CREATE ROLE {role}", TestContext.Current.CancellationToken);
        await rig.ExecuteAtSourceAsync(More + $"GRANT SELECT ON birds TO {role};"
            + $"GRANT EXECUTE ON FUNCTION public.closed() TO {role}");
        var addOn = await rig.PrimaryAsync();
        (await rig.RunAsync("assess", "--from", "env:SOURCE_URL", "--to", "heroku:" + rig.App)).Expect(0)
            .Says($"heroku pg:credentials:create {addOn} --app {rig.App} --name {role}");
        await rig.AddDatabaseAsync("SMALL");
        (await rig.RunAsync("assess", "--from", "env:SOURCE_URL", "--to", $"heroku:{rig.App}/SMALL")).Expect(0)
            .Says("The plan essential-1 has no credentials.");
        await rig.SendAsync(HttpMethod.Post, $"/postgres/v0/databases/{addOn}/credentials",
            new System.Text.Json.Nodes.JsonObject { ["name"] = role });
        string[] to = ["--to", $"heroku:{rig.App}/DATABASE"];

        (await rig.RunAsync(["migrate", "--from", "env:SOURCE_URL", .. to, "--i-have-a-backup", .. route == "backup"
            ? (string[])["--via", rig.Via] : ["--route", "direct"]])).Expect(0);

        Assert.Equal("true true false", await rig.ScalarAtTargetAsync<string>($"""
            SELECT concat_ws(' ', has_table_privilege('{role}', 'birds', 'SELECT')::text,
                has_function_privilege('{role}', 'public.closed()', 'EXECUTE')::text,
                has_function_privilege('public', 'public.closed()', 'EXECUTE')::text)
            """));
    }
}
