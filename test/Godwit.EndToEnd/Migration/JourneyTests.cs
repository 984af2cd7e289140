namespace Godwit.EndToEnd.Migration;

/// <summary>The whole way, with the real binary.</summary>
public sealed class JourneyTests(JourneyServers servers)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_small_database_arrives_whole()
    {
        await using var rig = await GodwitRig.CreateAsync(servers);

        var end = await rig.RunAsync(rig.Migrate);

        end.Expect(0);
        await rig.AssertProvenAsync();
        foreach (var name in new[] { "report.html", "report.json", "report.txt" })
            Assert.NotEmpty(await File.ReadAllTextAsync(Path.Combine(rig.RunFolders[0], name), Ct));
    }
}
