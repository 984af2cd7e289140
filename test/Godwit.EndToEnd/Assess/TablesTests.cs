using Godwit.EndToEnd.Migration;
using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.EndToEnd.Assess;

/// <summary>Tables and large objects that are moved in another way than one might think.</summary>
public sealed class TablesTests(OtherServers servers)
{
    [Theory]
    [InlineData(13)]
    [InlineData(17)]
    public async Task Unlogged_temporary_and_unfilled_ones_are_noted(int major)
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(major));
        await rig.ExecuteAsync($"GRANT ALL ON SCHEMA public TO {rig.Name}");
        await rig.ExecuteAsOwnerAsync("""
            CREATE UNLOGGED TABLE public."Quick one" (id serial);
            CREATE MATERIALIZED VIEW public.never AS SELECT 1 / 0 AS n WITH NO DATA;
            CREATE MATERIALIZED VIEW public.filled AS SELECT 1 AS n
            """);
        await using var worker = await PostgresSession.OpenAsync(rig.Address, TestContext.Current.CancellationToken);
        await worker.ExecuteAsync("CREATE TEMPORARY TABLE passing (id int)", TestContext.Current.CancellationToken);

        var unlogged = await rig.FindsAsync("assess.unlogged");
        var temporary = await rig.FindsAsync("assess.temporary");
        var unfilled = await rig.FindsAsync("assess.unfilled_views");

        Assert.All([unlogged, temporary, unfilled], finding => Assert.Equal(Severity.Note, finding.Severity));
        Assert.EndsWith(": public.\"Quick one\"", unlogged.Why, StringComparison.Ordinal);
        Assert.EndsWith(".passing", temporary.Why, StringComparison.Ordinal);
        Assert.EndsWith(": public.never", unfilled.Why, StringComparison.Ordinal);
        await rig.ExecuteAsOwnerAsync(unlogged.Remedy[(unlogged.Remedy.IndexOf(":\n", StringComparison.Ordinal)
            + 2)..]);
        await rig.FindsNoAsync("assess.unlogged");
    }

    [Fact]
    public async Task Ordinary_tables_and_a_few_large_objects_are_no_finding_but_a_fact()
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(15));
        await rig.ExecuteAsync($"GRANT ALL ON SCHEMA public TO {rig.Name}");
        await rig.ExecuteAsOwnerAsync("CREATE TABLE public.t (id serial); CREATE MATERIALIZED VIEW public.filled AS "
            + "SELECT 1 AS n; SELECT lo_create(0), lo_from_bytea(0, 'x')");

        var assessment = await rig.AssessAsync();

        Assert.DoesNotContain(assessment.Findings, finding => finding.Code
            is "assess.unlogged" or "assess.temporary" or "assess.unfilled_views" or "assess.many_large_objects");
        Assert.StartsWith("2, ", assessment.Facts.Single(fact => fact.Key == "large objects").Value,
            StringComparison.Ordinal);
    }
}
