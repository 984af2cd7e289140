using Godwit.EndToEnd.Migration;
using Godwit.Faults;
using Godwit.Providers;
using Godwit.Targets;

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
            CREATE ROLE "{odd}"; CREATE TABLE public.t (id int); ALTER TABLE public.t ENABLE ROW LEVEL SECURITY;
            ALTER TABLE public.t OWNER TO {rig.Name};
            CREATE POLICY " TO " ON public.t TO "{odd}", pg_monitor USING (true);
            CREATE POLICY everybody ON public.t USING (true);
            """);

        var finding = await rig.FindsAsync("assess.policy_role_lost", target: new PostgresTarget(target.Address));

        Assert.Equal(Severity.Blocker, finding.Severity);
        Assert.EndsWith($": \" TO \" on public.t is for {odd}", finding.Why, StringComparison.Ordinal);
        Assert.EndsWith($@"--map-role '{rig.Name} o'\''dd=…'", finding.Remedy, StringComparison.Ordinal);
        var roles = RoleMap.Parse([$"{odd}=public"], out _);
        await rig.FindsNoAsync("assess.policy_role_lost", new() { RoleMap = roles },
            new PostgresTarget(target.Address));
        await rig.ExecuteAsync($"DROP TABLE public.t; DROP ROLE \"{odd}\"");
    }

    [Fact]
    public async Task Without_a_target_every_role_stays_behind_and_nobody_is_asked_about_policies_for_everybody()
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(15));
        await rig.ExecuteAsOwnerAsync(
            "CREATE TABLE public.t (id int); CREATE POLICY everybody ON public.t USING (true)");
        await rig.FindsNoAsync("assess.policy_role_lost");

        await rig.ExecuteAsOwnerAsync($"CREATE POLICY own ON public.t TO {rig.Name} USING (true)");

        Assert.Contains($"--map-role '{rig.Name}=…'", (await rig.FindsAsync("assess.policy_role_lost")).Remedy,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Roles_that_become_one_are_told_where_their_policies_are_added_together()
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(15));
        var (admin, app) = ($"{rig.Name}_admin", $"{rig.Name}_app");
        await rig.ExecuteAsync($"""
            CREATE ROLE {admin}; CREATE ROLE {app}; CREATE TABLE public.t (id int); CREATE TABLE public.u (id int);
            CREATE POLICY everything ON public.t TO {admin} USING (true);
            CREATE POLICY tenant ON public.t TO {app} USING (id = 1);
            CREATE POLICY shared ON public.u TO {admin}, {app} USING (true);
            CREATE POLICY less ON public.u AS RESTRICTIVE TO {app} USING (id = 1);
            """);

        var finding = await rig.FindsAsync("assess.policies_added_together",
            new() { RoleMap = RoleMap.Parse([$"{admin}=CURRENT_USER", $"{app}=current_user"], out _) });

        Assert.Equal(Severity.Warning, finding.Severity);
        Assert.EndsWith($"policies allows: on public.t those of {admin} and {app} for CURRENT_USER", finding.Why,
            StringComparison.Ordinal);
        var everybody = RoleMap.Parse([$"{admin}=PUBLIC", $"{app}=current_user"], out _);
        Assert.Equal(finding.Why,
            (await rig.FindsAsync("assess.policies_added_together", new() { RoleMap = everybody })).Why);
        await rig.FindsNoAsync("assess.policies_added_together",
            new() { RoleMap = RoleMap.Parse([$"{app}=CURRENT_USER"], out _) });
        await rig.ExecuteAsync($"DROP TABLE public.t, public.u; DROP ROLE {admin}, {app}");
    }

    [Fact]
    public async Task A_role_that_is_put_in_anothers_place_must_be_there()
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(15));
        await using var target = await AssessRig.CreateAsync(await servers.OfMajorAsync(17));
        await rig.ExecuteAsOwnerAsync(
            $"CREATE TABLE public.t (id int); CREATE POLICY own ON public.t TO {rig.Name} USING (true)");

        var finding = await rig.FindsAsync("assess.mapped_role_missing",
            new() { RoleMap = RoleMap.Parse([$"{rig.Name}=nobody_there"], out _) },
            new PostgresTarget(target.Address));

        Assert.Contains("nobody_there", finding.What, StringComparison.Ordinal);
        await rig.FindsNoAsync("assess.mapped_role_missing",
            new() { RoleMap = RoleMap.Parse([$"{rig.Name}={target.Name}"], out _) },
            new PostgresTarget(target.Address));
    }
}
