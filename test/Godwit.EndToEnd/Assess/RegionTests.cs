using Godwit.Assess;
using Godwit.EndToEnd.Migration;
using Godwit.Heroku;
using Godwit.App.Web;
using Godwit.Storage;

namespace Godwit.EndToEnd.Assess;

/// <summary>What lies far from each other is told before a gigabyte goes there and back.</summary>
public sealed class RegionTests(OtherServers servers, JourneyServers journeys) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("godwit-region-").FullName;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("us-east-1", true)]
    [InlineData("eu-west-1", false)]
    [InlineData(null, false)]
    public async Task A_store_far_from_the_app(string? region, bool isFar)
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(15));
        using var app = await AppRig.WithoutAppAsync(journeys);
        await app.Client.CreateAppAsync(new NewHerokuApp(app.App, Region: "eu"), Ct);
        await using var disk = ObjectStores.Open(StoreAddress.Parse("disk:" + _folder), new StoreOptions(),
            new LinkHost(), TimeProvider.System);
        await using var store = new StoreSaying(disk, region);

        var findings = (await rig.AssessAsync(target: app.Target, store: store)).Findings;

        Assert.Equal(isFar, findings.Any(finding => finding.Code == "assess.regions"));
        if (isFar)
            Assert.StartsWith($"the store in us-east-1, the app {app.App} in eu-west-1;",
                findings.Single(finding => finding.Code == "assess.regions").Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_app_that_is_there_stays_where_it_is()
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(15));
        using var app = await AppRig.CreateAsync(journeys);
        var wishes = new AssessRequest { CreatesApp = true, Region = "eu" };

        Assert.Contains("is in the region us, not in eu",
            (await rig.FindsAsync("assess.region_differs", wishes, app.Target)).What, StringComparison.Ordinal);
        await rig.FindsNoAsync("assess.region_differs", wishes with { Region = "us" }, app.Target);
    }

    [Fact]
    public async Task An_app_that_is_created_is_where_it_was_asked_for()
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(15));
        using var app = await AppRig.WithoutAppAsync(journeys);
        await using var disk = ObjectStores.Open(StoreAddress.Parse("disk:" + _folder), new StoreOptions(),
            new LinkHost(), TimeProvider.System);
        await using var store = new StoreSaying(disk, "eu-west-1");
        var wishes = new AssessRequest { CreatesApp = true };

        Assert.Contains((await rig.AssessAsync(wishes, app.Target, store)).Findings,
            finding => finding.Code == "assess.regions");
        Assert.DoesNotContain((await rig.AssessAsync(wishes with { Region = "eu" }, app.Target, store)).Findings,
            finding => finding.Code == "assess.regions");
    }
}
