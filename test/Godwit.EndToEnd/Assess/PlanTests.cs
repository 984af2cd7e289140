using Godwit.Assess;
using Godwit.EndToEnd.Migration;
using Godwit.Targets;
using Npgsql;

namespace Godwit.EndToEnd.Assess;

/// <summary>Which plan holds the source, and what is wrong with the one that is there.</summary>
public sealed class PlanTests(OtherServers servers, JourneyServers journeys)
{
    private const long Gigabyte = 1_000_000_000;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_plan_to_buy_has_a_price_and_room_to_grow()
    {
        await using var rig = await RigAsync();
        await rig.PretendBytesAsync(9 * Gigabyte);

        var (_, plan) = Assert.Single((await rig.AssessAsync()).Facts, fact => fact.Key == "plan to buy");

        Assert.StartsWith("essential-2, $20 a month (as published in ", plan, StringComparison.Ordinal);
        Assert.Contains("; essential-1, $9 a month, would hold today's 9", plan, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prices_are_asked_of_Heroku_where_there_is_a_token()
    {
        await using var rig = await RigAsync();
        using var app = await AppRig.CreateAsync(journeys);

        var (_, plan) = Assert.Single((await rig.AssessAsync(target: app.Target)).Facts,
            fact => fact.Key == "plan to buy");

        Assert.Equal("essential-0, $5 a month (as Heroku says now)", plan);
    }

    [Theory]
    [InlineData("advanced-4g")]
    [InlineData("heroku-postgresql:performance-16")]
    public async Task The_Advanced_tier_is_refused(string plan)
    {
        await using var rig = await RigAsync();

        var finding = await rig.FindsAsync("assess.plan_advanced", new AssessRequest { Plan = plan });

        Assert.Contains("--plan standard-0", finding.Remedy, StringComparison.Ordinal);
        Assert.DoesNotContain(finding.Code, Assessment.Acceptable);
    }

    [Theory]
    [InlineData("private-0", false)]
    [InlineData("shield-0", true)]
    public async Task What_is_different_in_a_Private_Space_is_told(string plan, bool isWithoutBackups)
    {
        await using var rig = await RigAsync();

        var finding = await rig.FindsAsync("assess.plan_in_space", new AssessRequest { Plan = plan });

        Assert.Equal(isWithoutBackups, finding.Why.Contains("PGBackups", StringComparison.Ordinal));
        await rig.FindsNoAsync("assess.plan_in_space", new AssessRequest { Plan = "standard-0" });
        await rig.FindsNoAsync("assess.plan_advanced", new AssessRequest { Plan = plan });
    }

    [Fact]
    public async Task A_plan_that_is_too_small_is_told_with_the_one_to_move_to()
    {
        await using var rig = await RigAsync();
        await rig.PretendBytesAsync(11 * Gigabyte);
        using var app = await AppRig.CreateAsync(journeys, "essential-1");

        var finding = await rig.FindsAsync("assess.plan_too_small", target: app.Target);

        Assert.Contains("it holds 10 GB", finding.Why, StringComparison.Ordinal);
        Assert.Contains($"heroku-postgresql:essential-2 --app {app.App}", finding.Remedy, StringComparison.Ordinal);
        await rig.FindsNoAsync("assess.plan_tight", target: app.Target);
    }

    [Fact]
    public async Task A_plan_that_would_be_nearly_full()
    {
        await using var rig = await RigAsync();
        await rig.PretendBytesAsync(60 * Gigabyte);
        using var app = await AppRig.CreateAsync(journeys, "premium-0");

        var finding = await rig.FindsAsync("assess.plan_tight", target: app.Target);

        Assert.Contains("heroku-postgresql:premium-2", finding.Remedy, StringComparison.Ordinal);
        await rig.FindsNoAsync("assess.plan_too_small", target: app.Target);
    }

    [Fact]
    public async Task A_plan_that_fits_is_no_finding()
    {
        await using var rig = await RigAsync();
        await rig.ExecuteAsOwnerAsync("CREATE TABLE public.t (id int)");
        using var app = await AppRig.CreateAsync(journeys, "essential-0");

        var assessment = await rig.AssessAsync(target: app.Target);

        Assert.DoesNotContain(assessment.Findings, finding =>
            finding.Code.StartsWith("assess.plan", StringComparison.Ordinal) || finding.Code == "assess.shield");
        Assert.Contains(assessment.Facts, fact => fact.Key == "plan"
            && fact.Value.StartsWith("essential-0, $5 a month, of postgresql-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_plan_that_was_asked_for_is_judged_as_well()
    {
        await using var rig = await RigAsync();
        await rig.PretendBytesAsync(2 * Gigabyte);

        var finding = await rig.FindsAsync("assess.plan_too_small",
            new AssessRequest { Plan = "heroku-postgresql:essential-0" });

        Assert.EndsWith("--plan essential-1", finding.Remedy, StringComparison.Ordinal);
        await rig.FindsNoAsync("assess.plan_too_small", new AssessRequest { Plan = "essential-1" });
    }

    [Fact]
    public async Task A_plan_that_is_named_beside_a_database_that_is_there_has_no_effect()
    {
        await using var rig = await RigAsync();
        using var app = await AppRig.CreateAsync(journeys, "essential-0");

        var finding = await rig.FindsAsync("assess.plan_unused", new AssessRequest { Plan = "standard-0" }, app.Target);

        Assert.Contains("on essential-0", finding.Why, StringComparison.Ordinal);
        await rig.FindsNoAsync("assess.plan_unused",
            new AssessRequest { Plan = "heroku-postgresql:essential-0" }, app.Target);
    }

    [Fact]
    public async Task More_tables_than_an_essential_plan_takes()
    {
        await using var rig = await RigAsync();
        await rig.ExecuteAsOwnerAsync("CREATE SCHEMA many");
        for (var from = 1; from < 4001; from += 500)
            await rig.ExecuteAsOwnerAsync($"DO $$ BEGIN FOR i IN {from}..{Math.Min(from + 499, 4001)} "
                + "LOOP EXECUTE format('CREATE TABLE many.t%s ()', i); END LOOP; END $$");
        await rig.ExecuteAsOwnerAsync("CREATE TABLE many.last ()");
        using var essential = await AppRig.CreateAsync(journeys, "essential-2");
        using var standard = await AppRig.CreateAsync(journeys, "standard-0");

        Assert.Contains("heroku-postgresql:standard-0",
            (await rig.FindsAsync("assess.plan_tables", target: essential.Target)).Remedy, StringComparison.Ordinal);
        await rig.FindsNoAsync("assess.plan_tables", target: standard.Target);
    }

    [Fact]
    public async Task More_connections_than_the_plan_allows()
    {
        await using var rig = await RigAsync();
        var open = new List<NpgsqlConnection>();
        try
        {
            for (var number = 0; number < 21; number++)
                open.Add(await OpenAsApplicationAsync(rig));

            var finding = await rig.FindsAsync("assess.plan_connections");

            Assert.Contains("it allows 20, and 21 are open", finding.Why, StringComparison.Ordinal);
            Assert.Contains("--plan essential-2", finding.Remedy, StringComparison.Ordinal);
            await rig.FindsNoAsync("assess.plan_connections", new AssessRequest { Plan = "standard-0" });
        }
        finally
        {
            foreach (var one in open)
                await one.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_source_that_no_plan_holds()
    {
        await using var rig = await RigAsync();
        await rig.PretendBytesAsync(5000 * Gigabyte);

        Assert.Contains("--plan", (await rig.FindsAsync("assess.no_plan_fits")).Remedy, StringComparison.Ordinal);
        await rig.FindsNoAsync("assess.no_plan_fits", target: new PostgresTarget(rig.Address));
    }

    [Fact]
    public async Task Shield_takes_no_archive()
    {
        await using var rig = await RigAsync();
        using var app = await AppRig.CreateAsync(journeys, "shield-0");

        Assert.Contains("shield-0", (await rig.FindsAsync("assess.shield", new AssessRequest { IsDirect = false },
            app.Target)).What, StringComparison.Ordinal);
        Assert.Contains("shield-0", (await rig.FindsAsync("assess.direct_route", target: app.Target)).Why,
            StringComparison.Ordinal);
        await rig.FindsNoAsync("assess.shield", target: app.Target);
    }

    // Godwit's own connections are not counted, and go by their name.
    private static async Task<NpgsqlConnection> OpenAsApplicationAsync(AssessRig rig)
    {
        var application = new NpgsqlConnectionStringBuilder(rig.Server.SuperConnectionString(rig.Name).Reveal())
        {
            ApplicationName = "limosa",
        };
        var connection = new NpgsqlConnection(application.ConnectionString);
        await connection.OpenAsync(Ct);
        return connection;
    }

    private async Task<AssessRig> RigAsync() => await AssessRig.CreateAsync(await servers.OfMajorAsync(15));
}
