using Godwit.Assess;
using Godwit.EndToEnd.Migration;
using Godwit.Faults;

namespace Godwit.EndToEnd.Assess;

/// <summary>What ALTER DATABASE and ALTER ROLE have set, which no dump holds.</summary>
public sealed class SettingsTests(OtherServers servers)
{
    [Theory]
    [InlineData(13)]
    [InlineData(17)]
    public async Task Settings_of_the_database_that_can_be_carried_are_named_without_their_values(int major)
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(major));
        await rig.ExecuteAsOwnerAsync($"ALTER DATABASE {rig.Name} SET statement_timeout = '12345ms'; DO 'BEGIN END'; "
            + $"ALTER ROLE {rig.Name} SET plpgsql.extra_warnings = 'all'");
        await rig.ExecuteAsync($"ALTER DATABASE {rig.Name} SET log_min_duration_statement = '250ms'");

        var larger = new AssessRequest { Plan = "heroku-postgresql:standard-0" };
        var finding = await rig.FindsAsync("assess.settings_carried", larger);

        Assert.Equal(Severity.Note, finding.Severity);
        foreach (var name in new[] { "statement_timeout", "plpgsql.extra_warnings", "log_min_duration_statement" })
            Assert.Contains(name, finding.Why, StringComparison.Ordinal);
        Assert.DoesNotContain("12345", $"{finding}", StringComparison.Ordinal);
        await rig.FindsNoAsync("assess.settings_not_carried", larger);
        await rig.FindsNoAsync("assess.settings_of_roles", larger);
        // The cheapest plan that fits has no such keys.
        Assert.EndsWith("log_min_duration_statement (Heroku sets it, but not on essential-0)",
            (await rig.FindsAsync("assess.settings_not_carried")).Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settings_that_an_owner_may_not_set_are_a_warning_with_the_reason()
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(15));
        await rig.ExecuteAsync($"ALTER DATABASE {rig.Name} SET app.jwt_secret = 'hunter2'; "
            + $"ALTER DATABASE {rig.Name} SET deadlock_timeout = '3s'");
        await rig.ExecuteAsync($"ALTER ROLE {rig.Name} IN DATABASE {rig.Name} SET role = {rig.Name}");

        var finding = await rig.FindsAsync("assess.settings_not_carried");

        Assert.Equal(Severity.Warning, finding.Severity);
        Assert.Contains("app.jwt_secret (no module", finding.Why, StringComparison.Ordinal);
        Assert.Contains("deadlock_timeout (only a superuser", finding.Why, StringComparison.Ordinal);
        Assert.Contains("role (it names a role of the source)", finding.Why, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", $"{finding}", StringComparison.Ordinal);
        await rig.FindsNoAsync("assess.settings_carried");
    }

    [Fact]
    public async Task Settings_of_other_roles_are_a_warning_with_the_command()
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(15));
        await rig.ExecuteAsync($"CREATE ROLE {rig.Name}_other LOGIN; "
            + $"ALTER ROLE {rig.Name}_other IN DATABASE {rig.Name} SET lock_timeout = '1s'");

        var finding = await rig.FindsAsync("assess.settings_of_roles");

        await rig.ExecuteAsync($"DROP ROLE {rig.Name}_other");
        Assert.Contains($"lock_timeout of {rig.Name}_other", finding.Why, StringComparison.Ordinal);
        Assert.Contains($"--role {rig.Name}_other --apply", finding.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_without_settings_has_no_finding_and_a_freeze_is_none()
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(15));
        await rig.ExecuteAsOwnerAsync($"ALTER DATABASE {rig.Name} SET default_transaction_read_only = on");

        await rig.FindsNoAsync("assess.settings_carried");
        await rig.FindsNoAsync("assess.settings_not_carried");
        await rig.FindsNoAsync("assess.settings_of_roles");
    }
}
