using System.Text.Json.Nodes;
using Godwit.EndToEnd.Migration;

namespace Godwit.EndToEnd.Verify;

/// <summary>Materialized views that are not fresh, as users see them: on the screen, in JSON, on the page, and in a
/// migration.</summary>
public sealed class ViewCommandTests(OtherServers servers, JourneyServers journeys)
{
    private const string Views = """
        CREATE TABLE sales (id int PRIMARY KEY, shop int, amount numeric);
        INSERT INTO sales SELECT n, n % 9, n FROM generate_series(1, 300) n;
        CREATE MATERIALIZED VIEW shops AS SELECT shop, sum(amount) AS amount FROM sales GROUP BY shop;
        CREATE MATERIALIZED VIEW best AS SELECT shop FROM shops WHERE amount > 10000;
        CREATE MATERIALIZED VIEW "How many" AS SELECT count(*) AS best FROM best;
        """;

    private const string Stale = "INSERT INTO sales SELECT n, n % 4, n FROM generate_series(301, 600) n";

    private const string Volatile = "CREATE MATERIALIZED VIEW lots AS SELECT id, random() AS lot FROM sales";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_screen_the_json_and_the_page_say_which_views_are_fresher()
    {
        await using var rig = await VerifyRig.CreateAsync(await servers.OfMajorAsync(13),
            await servers.OfMajorAsync(15), Views + Stale);
        await rig.AtTargetAsync(Views + Stale + "; REFRESH MATERIALIZED VIEW shops; REFRESH MATERIALIZED VIEW best; "
            + "REFRESH MATERIALIZED VIEW \"How many\"");
        var page = rig.NewFile("verdict.html");

        var end = await rig.VerifyAsync("--page", page);
        var json = JsonNode.Parse((await rig.VerifyAsync("--json")).Output)!;

        end.Expect(0).Says("Materialized views that are fresher than at the source (3)").Says(
            "✓ public.shops: 9 rows at the source, 9 at the target").Says("✓ public.\"How many\"").Says("Proven:");
        Assert.Equal("proven", json["overall"]!.GetValue<string>());
        Assert.Equal(
            ["public.\"How many\"", "public.best", "public.shops"],
            json["tables"]!.AsArray().Where(one => one!["fresher"]?.GetValue<bool>() == true)
                .Select(one => one!["table"]!.GetValue<string>()));
        Assert.Contains("Materialized views that are fresher than at the source", await File.ReadAllTextAsync(page, Ct),
            StringComparison.Ordinal);

        await rig.AtTargetAsync("DELETE FROM sales WHERE id = 9; REFRESH MATERIALIZED VIEW shops; "
            + "INSERT INTO sales VALUES (9, 0, 9)");
        (await rig.VerifyAsync())
            .Expect(1).Says("public.shops").Says("The target differs from the source: 1 of 4 tables");
        (await rig.VerifyAsync("--accept-view", "public.shops")).Expect(0).Says("accepted with --accept-view: "
            + "it is a materialized view with 9 rows at the source and 9 rows at the target");
        (await rig.VerifyAsync("--accept-view", "public.none", "--accept-view", "best"))
            .Expect(2).Says("--accept-view is 'best'");
        (await rig.VerifyAsync("--accept-view", "public.none"))
            .Expect(2).Says("code: postgres.no_such_view").Says("public.shops");
    }

    /// <summary>The report of a view that can never be equal says what to do, beside its rows.</summary>
    [Fact]
    public async Task A_volatile_view_that_differs_comes_with_the_option_that_accepts_it()
    {
        await using var rig = await VerifyRig.CreateAsync(await servers.OfMajorAsync(13),
            await servers.OfMajorAsync(15), Views + Volatile);
        await rig.AtTargetAsync(Views + Volatile);
        var page = rig.NewFile("verdict.html");

        var end = (await rig.VerifyAsync("--page", page))
            .Expect(1).Says("300 rows are missing").Says("if it may differ, add --accept-view 'public.lots'");

        Assert.DoesNotContain("0 changed", end.Output, StringComparison.Ordinal);
        Assert.Contains("if it may differ, add --accept-view", await File.ReadAllTextAsync(page, Ct),
            StringComparison.Ordinal);
        (await rig.VerifyAsync("--accept-view", "public.lots")).Expect(0);
    }

    [Fact]
    public async Task A_repair_refreshes_only_what_is_wrong()
    {
        await using var rig = await VerifyRig.CreateAsync(await servers.OfMajorAsync(13),
            await servers.OfMajorAsync(15), Views + Stale);
        await rig.AtTargetAsync(Views + Stale);
        await rig.AtTargetAsync("TRUNCATE sales; INSERT INTO sales VALUES (1, 7, 20000); "
            + "REFRESH MATERIALIZED VIEW shops; REFRESH MATERIALIZED VIEW best; " +
            "TRUNCATE sales; INSERT INTO sales SELECT n, n % 9, n FROM generate_series(1, 300) n; " + Stale
            + "; REFRESH MATERIALIZED VIEW shops");
        var script = rig.NewFile("repair.sql");

        (await rig.VerifyAsync("--repair-sql", script, "--repair", "--confirm", rig.Name)).Expect(0);

        var written = await File.ReadAllTextAsync(script, Ct);
        Assert.Contains("REFRESH MATERIALIZED VIEW public.best", written, StringComparison.Ordinal);
        Assert.DoesNotContain("REFRESH MATERIALIZED VIEW public.shops", written, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_migration_with_three_stale_views_is_proven_and_its_report_says_which_are_fresher(bool isDirect)
    {
        await using var rig = await GodwitRig.CreateAsync(journeys, script: Views + Stale);

        (await rig.RunAsync([.. rig.Migrate.Where(word => !isDirect || (word != "--via" && word != rig.Via)),
            .. isDirect ? ["--route", "direct"] : Array.Empty<string>()])).Expect(0)
            .Says("3 materialized views are fresher than at the source")
            // This includes the views' rows: the target's number, wherever they are counted.
            .Says("with the same 614 rows").Says("4 tables and 614 rows");

        var text = await File.ReadAllTextAsync(Path.Combine(rig.RunFolders[0], "report.txt"), Ct);
        Assert.Contains("Fresher than at the source", text, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("public.\"How many\": 1 row at the source, 1 at the target", text, StringComparison.Ordinal);
        var page = await File.ReadAllTextAsync(Path.Combine(rig.RunFolders[0], "report.html"), Ct);
        Assert.Contains("Materialized views that are fresher than at the source", page, StringComparison.Ordinal);
        Assert.Contains("public.shops", page, StringComparison.Ordinal);
        (await rig.RunAsync("status", rig.RunId)).Expect(0).Says("the target holds what the source holds");
    }

    [Fact]
    public async Task A_volatile_view_stops_a_migration_until_it_is_accepted_by_name()
    {
        await using var rig = await GodwitRig.CreateAsync(journeys, script: Views + Volatile);

        (await rig.RunAsync([.. rig.Migrate, "--accept-view", "public.lost"]))
            .Expect(1).Says("[postgres.no_such_view]");
        (await rig.RunAsync(rig.Migrate)).Expect(3).Says("1 materialized view may hold other rows at the target")
            .Says("--accept-view 'public.lots'").Says("[verify.different]");
        (await rig.RunAsync("resume", "--accept-view", "public.lots"))
            .Expect(0).Says("as you accepted with --accept-view").Says("accepted with --accept-view");

        Assert.Contains("300 rows at the source and 300 rows at the target",
            await File.ReadAllTextAsync(Path.Combine(rig.RunFolders[0], "report.txt"), Ct), StringComparison.Ordinal);
    }
}
