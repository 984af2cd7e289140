using System.Globalization;
using Godwit.Assess;
using Godwit.EndToEnd.Dump;
using Godwit.Faults;

namespace Godwit.EndToEnd.Assess;

/// <summary>A server without room for a dump is told before the dump runs into it.</summary>
public sealed class CapacityTests(TightServer tight) : IClassFixture<TightServer>
{
    [Fact]
    public async Task More_tables_than_locks_are_told_with_the_setting_that_would_do()
    {
        await using var rig = await AssessRig.CreateAsync(tight.Cluster);
        await AddTablesAsync(rig, 1, 600);

        var warning = await rig.FindsAsync("assess.locks_tight");
        await AddTablesAsync(rig, 601, 1_600);
        var blocker = await rig.FindsAsync("assess.locks_exhausted");

        Assert.Contains("600 tables", warning.What, StringComparison.Ordinal);
        Assert.Contains("max_locks_per_transaction to at least 15 ", warning.Remedy, StringComparison.Ordinal);
        Assert.Equal(Severity.Blocker, blocker.Severity);
        Assert.Contains("1,600 tables", blocker.What, StringComparison.Ordinal);
        await rig.FindsNoAsync("assess.locks_tight");
    }

    [Fact]
    public async Task A_hundred_tables_have_room()
    {
        await using var rig = await AssessRig.CreateAsync(tight.Cluster);
        await AddTablesAsync(rig, 1, 100);

        await rig.FindsNoAsync("assess.locks_tight");
        await rig.FindsNoAsync("assess.locks_exhausted");
    }

    [Theory]
    [InlineData("ROLE")]
    [InlineData("DATABASE")]
    public async Task A_limit_of_connections_below_what_a_dump_uses_is_told(string of)
    {
        await using var rig = await AssessRig.CreateAsync(tight.Cluster);
        await rig.FindsNoAsync("assess.connections");
        await rig.ExecuteAsync($"ALTER {of} {rig.Name} CONNECTION LIMIT 3");

        var finding = await rig.FindsAsync("assess.connections");

        // A session that has just been closed may be counted still.
        Assert.Matches("only [1-3] connections", finding.What);
        Assert.Contains(of == "ROLE" ? $"the user {rig.Name} 3" : "the database 3", finding.Why,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, null, false, 6)]
    [InlineData(2, true, false, 6)]
    [InlineData(4, null, true, 9)]
    [InlineData(9, null, false, 13)]
    public async Task What_is_wanted_follows_from_what_will_be_opened(
        int jobs, bool? isDirect, bool holdsSnapshot, int wanted)
    {
        await using var rig = await AssessRig.CreateAsync(tight.Cluster);
        var wishes = new AssessRequest { Jobs = jobs, IsDirect = isDirect, HoldsSnapshot = holdsSnapshot };
        // One more: a session that another check has just closed may be counted still.
        await rig.ExecuteAsync($"ALTER ROLE {rig.Name} CONNECTION LIMIT {wanted + 1}");
        Assert.DoesNotContain((await OwnAsync(rig, wishes)).Findings, finding => finding.Code == "assess.connections");

        await rig.ExecuteAsync($"ALTER ROLE {rig.Name} CONNECTION LIMIT {wanted - 1}");
        var finding = Assert.Single((await OwnAsync(rig, wishes)).Findings,
            finding => finding.Code == "assess.connections");

        Assert.Contains($"with {jobs} jobs the {(isDirect == true ? "copy" : "dump")} has {jobs + 1} (", finding.Why,
            StringComparison.Ordinal);
        Assert.Contains($": {wanted} together", finding.Why, StringComparison.Ordinal);
        Assert.Contains("--jobs N", finding.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stock_pg_dump_needs_one_connection_and_the_comparison_decides()
    {
        await using var rig = await AssessRig.CreateAsync(tight.Cluster);
        await rig.ExecuteAsync($"ALTER ROLE {rig.Name} CONNECTION LIMIT 6");

        Assert.DoesNotContain((await OwnAsync(rig, new() { DumpsAlone = true })).Findings,
            finding => finding.Code == "assess.connections");
        Assert.Contains((await OwnAsync(rig, new())).Findings, finding => finding.Code == "assess.connections");
    }

    /// <summary>A session that has just been closed may be counted still.</summary>
    private async Task<Assessment> OwnAsync(AssessRig rig, AssessRequest wishes)
    {
        await tight.UntilAsync($"SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE usename = '{rig.Name}')");
        return await rig.AssessAsync(wishes);
    }

    private static Task AddTablesAsync(AssessRig rig, int from, int to) =>
        rig.ExecuteAsync(string.Create(CultureInfo.InvariantCulture, $$"""
            DO $$ BEGIN FOR i IN {{from}}..{{to}} LOOP
                EXECUTE format('CREATE TABLE public.t%s ()', i);
                COMMIT;
            END LOOP; END $$
            """));
}
