using Godwit.Assess;
using Godwit.EndToEnd.Migration;

namespace Godwit.EndToEnd.Assess;

/// <summary>What the dumping role may not read is named, with the statement that lets it.</summary>
public sealed class RightsTests(OtherServers servers)
{
    [Theory]
    [InlineData(13)]
    [InlineData(17)]
    public async Task A_table_without_SELECT_among_others_is_named_with_its_GRANT(int major)
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(major));
        await rig.ExecuteAsOwnerAsync("DO $$ BEGIN FOR i IN 1..199 LOOP EXECUTE format('CREATE TABLE public.t%s (id int)', i); END LOOP; END $$");
        await rig.ExecuteAsync("CREATE TABLE public.\"Pay roll\" (id int)");

        var finding = await rig.FindsAsync("assess.unreadable");

        Assert.Equal(Severity.Blocker, finding.Severity);
        Assert.Contains("public.\"Pay roll\"", finding.Why, StringComparison.Ordinal);
        Assert.Contains($"GRANT SELECT ON public.\"Pay roll\" TO \"{rig.Name}\";", finding.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tables_that_may_be_read_are_no_finding()
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(15));
        await rig.ExecuteAsync($"CREATE TABLE public.open (id int); GRANT SELECT ON public.open TO {rig.Name}");

        await rig.FindsNoAsync("assess.unreadable");
    }
}
