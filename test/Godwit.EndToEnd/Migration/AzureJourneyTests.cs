using System.Net;
using Godwit.EndToEnd.Servers;

namespace Godwit.EndToEnd.Migration;

/// <summary>A whole migration with the real binary through Azure Blob Storage.</summary>
public sealed class AzureJourneyTests(JourneyServers servers, AzuriteServer azurite)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_sample_database_arrives_whole_through_a_container_that_is_empty_afterwards_its_link_dead()
    {
        await using var rig = await GodwitRig.CreateAsync(servers, SourceContents.Sample, createApp: false);
        var container = await azurite.MakeContainerAsync(Ct);
        rig.Via = $"azblob://{AzuriteServer.Account}/{container}/dumps of today";
        rig.Environment["AZURE_STORAGE_KEY"] = AzuriteServer.Key;

        var end = await rig.RunAsync([.. rig.Migrate, "--create-app", "--json", "--azure-endpoint", azurite.Endpoint]);

        end.Expect(0);
        Assert.Equal("proven", end.Events[^1]["outcome"]!.GetValue<string>());
        await rig.AssertProvenAsync();
        Assert.Empty(await azurite.KeptAsync(container, Ct));
        var transfers = (await rig.GetAsync($"/client/v11/apps/{rig.App}/transfers")).AsArray();
        var link = transfers.Select(one => one!["from_url"]!.GetValue<string>())
            .Single(url => url.StartsWith(azurite.Endpoint, StringComparison.Ordinal));
        Assert.Contains("&sr=b&sp=r&sig=", link, StringComparison.Ordinal);
        using var http = new HttpClient();
        using var answer = await http.GetAsync(new Uri(link), Ct);
        Assert.Contains(answer.StatusCode, new[] { HttpStatusCode.Forbidden, HttpStatusCode.NotFound });
    }
}
