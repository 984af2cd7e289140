using Godwit.Assess;
using Godwit.EndToEnd.Migration;
using Godwit.Postgres;

namespace Godwit.EndToEnd.Assess;

/// <summary>Foreign keys of partitioned tables: what can be done about them, and whom looking at them
/// disturbs.</summary>
public sealed class PartitionKeyRowsTests(OtherServers servers)
{
    private const string Visits = """
        CREATE TABLE public.days (day int PRIMARY KEY);
        INSERT INTO public.days VALUES (5);
        CREATE TABLE public.visits (day int REFERENCES public.days) PARTITION BY RANGE (day);
        CREATE TABLE public.visits_0 PARTITION OF public.visits FOR VALUES FROM (0) TO (10);
        CREATE TABLE public.visits_1 PARTITION OF public.visits FOR VALUES FROM (10) TO (20) PARTITION BY RANGE (day);
        CREATE TABLE public.visits_1_0 PARTITION OF public.visits_1 FOR VALUES FROM (10) TO (20);

        """;

    [Theory]
    [InlineData(13, "-- The key of a partitioned table")]
    [InlineData(15, "-- The key of a partitioned table")]
    [InlineData(18, "ALTER TABLE public.visits DROP CONSTRAINT visits_day_fkey, ADD")]
    public async Task The_statements_for_a_partitioned_table_are_ones_that_its_server_takes(int major, string start)
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(major));
        await rig.ExecuteAsOwnerAsync(Visits);
        await rig.ExecuteAsync(KeyRowsTests.Unseen + "INSERT INTO public.visits VALUES (5), (16)");

        var finding = await rig.FindsAsync("assess.orphans");

        var keep = KeyRowsTests.After(finding.Remedy, "at the target too:\n");
        Assert.StartsWith(start, keep, StringComparison.Ordinal);
        await rig.ExecuteAsOwnerAsync(keep);
        await rig.FindsNoAsync("assess.orphans");
    }

    /// <summary>Neither does it hold up who wants the partition, nor does it fail with all other keys.</summary>
    [Fact]
    public async Task A_partition_that_somebody_has_locked_keeps_no_other_key_from_being_looked_at()
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(15));
        await rig.ExecuteAsOwnerAsync(Visits + "CREATE TABLE public.guests (day int REFERENCES public.days)");
        await rig.ExecuteAsync(KeyRowsTests.Unseen + "INSERT INTO public.guests VALUES (99)");
        await using var other = await PostgresSession.OpenAsync(rig.Address, TestContext.Current.CancellationToken);
        await other.ExecuteAsync("BEGIN; LOCK TABLE ONLY public.visits_1_0", TestContext.Current.CancellationToken);

        var assessment = await rig.AssessAsync(checks: [.. Assessment.AllChecks.Where(check =>
            check.Name == "keys and their rows")]);

        Assert.True(Assert.Single(assessment.Checks).CouldLook);
        Assert.Contains("guests_day_fkey", Assert.Single(assessment.Findings,
            finding => finding.Code == "assess.orphans").What, StringComparison.Ordinal);
    }
}
