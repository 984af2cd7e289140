using Godwit.EndToEnd.Migration;
using Godwit.Faults;

namespace Godwit.EndToEnd.Assess;

/// <summary>An app that the freeze shall stop is looked for before anything is stopped.</summary>
public sealed class AppsTests(JourneyServers servers)
{
    [Fact]
    public async Task Apps_to_stop_that_do_not_exist_are_found_together()
    {
        await using var rig = await AssessRig.CreateAsync(await servers.SourceAsync());
        using var app = await AppRig.CreateAsync(servers);

        var finding = await rig.FindsAsync("assess.app_to_stop_missing",
            new() { Apps = [app.App, "no-such-shop", "nor-this"] },
            change: parts => parts with { Heroku = app.Client });

        Assert.Equal(Severity.Blocker, finding.Severity);
        Assert.EndsWith("no-such-shop, nor-this", finding.What, StringComparison.Ordinal);
        await rig.FindsNoAsync("assess.app_to_stop_missing", new() { Apps = [app.App] },
            change: parts => parts with { Heroku = app.Client });
    }
}
