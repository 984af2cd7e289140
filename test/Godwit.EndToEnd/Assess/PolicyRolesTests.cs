using Godwit.Assess;
using Godwit.EndToEnd.Migration;
using Godwit.Migration;
using Godwit.Providers;

namespace Godwit.EndToEnd.Assess;

/// <summary>A policy whose role stays behind would hide the table's rows.</summary>
public sealed class PolicyRolesTests(OtherServers servers)
{
    [Theory]
    [InlineData(13)]
    [InlineData(17)]
    public async Task A_policy_of_a_role_that_the_target_has_not_is_named_with_the_flag_that_maps_it(int major)
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(major));
        await using var target = await AssessRig.CreateAsync(await servers.OfMajorAsync(15));
        var odd = $"{rig.Name} o'dd";
        await rig.ExecuteAsync($"""
            CREATE ROLE "{odd}"; CREATE TABLE public.t (id int); ALTER TABLE public.t ENABLE ROW LEVEL SECURITY; ALTER TABLE public.t OWNER TO {rig.Name};
            CREATE POLICY " TO " ON public.t TO "{odd}", pg_monitor USING (true); CREATE POLICY everybody ON public.t USING (true);
            """);

        var finding = await rig.FindsAsync("assess.policy_role_lost", target: AssessTargets.Of(target.Address));

        Assert.Equal(Severity.Blocker, finding.Severity);
        Assert.EndsWith($": \" TO \" on public.t is for {odd}", finding.Why, StringComparison.Ordinal);
        Assert.EndsWith($@"--map-role '{rig.Name} o'\''dd=CURRENT_USER'", finding.Remedy, StringComparison.Ordinal);
        var roles = RoleMap.Parse([$"{odd}=public"], out _);
        await rig.FindsNoAsync("assess.policy_role_lost", new() { RoleMap = roles }, AssessTargets.Of(target.Address));
        await rig.ExecuteAsync($"DROP TABLE public.t; DROP ROLE \"{odd}\"");
    }

    [Fact]
    public async Task As_long_as_there_is_no_target_every_role_stays_behind_and_nobody_is_asked_about_policies_for_everybody()
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(15));
        await rig.ExecuteAsOwnerAsync("CREATE TABLE public.t (id int); CREATE POLICY everybody ON public.t USING (true)");
        await rig.FindsNoAsync("assess.policy_role_lost");

        await rig.ExecuteAsOwnerAsync($"CREATE POLICY own ON public.t TO {rig.Name} USING (true)");

        Assert.Contains($"--map-role {rig.Name}=CURRENT_USER", (await rig.FindsAsync("assess.policy_role_lost")).Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_role_that_is_put_in_anothers_place_must_be_there()
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(15));
        await using var target = await AssessRig.CreateAsync(await servers.OfMajorAsync(17));
        await rig.ExecuteAsOwnerAsync($"CREATE TABLE public.t (id int); CREATE POLICY own ON public.t TO {rig.Name} USING (true)");

        var finding = await rig.FindsAsync("assess.mapped_role_missing", new() { RoleMap = RoleMap.Parse([$"{rig.Name}=nobody_there"], out _) }, AssessTargets.Of(target.Address));

        Assert.Contains("nobody_there", finding.What, StringComparison.Ordinal);
        await rig.FindsNoAsync("assess.mapped_role_missing", new() { RoleMap = RoleMap.Parse([$"{rig.Name}={target.Name}"], out _) }, AssessTargets.Of(target.Address));
    }
}
