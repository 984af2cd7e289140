using System.Globalization;
using Godwit.EndToEnd.Migration;
using Godwit.EndToEnd.Servers;
using Godwit.EndToEnd.Storage;
using Godwit.Faults;
using Godwit.Storage;

namespace Godwit.EndToEnd.Cleanup;

/// <summary>The same of a container: made, refused when it is open, and cleaned up.</summary>
public sealed class AzureCleanupTests(JourneyServers servers, AzuriteServer azurite)
{
    private const string Run = "20260102-030405-abcd";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Blocks_and_small_blobs_that_were_left_are_shown_and_removed()
    {
        await using var rig = await RigAsync();
        var container = await ContainerAsync(rig);
        await azurite.LeaveBlockAsync(container, $"dumps/{GodwitKeys.DumpOf(Run)}", "MDAwMQ==", Ct);
        using (var put = await azurite.SendAsync(HttpMethod.Put, $"/{container}/dumps/{GodwitKeys.ProbePrefix}0a1b2c3d",
            Ct, new byte[10], ("x-ms-blob-type", "BlockBlob")))
            put.EnsureSuccessStatusCode();

        (await rig.RunAsync("cleanup", "--via", rig.Via, "--older-than", "0s"))
            .Expect(1).Says("unfinished upload").Says("object of a check");
        Assert.Equal(2, (await azurite.KeptAsync(container, Ct)).Count);
        (await rig.RunAsync("cleanup", "--via", rig.Via, "--older-than", "0s", "--yes"))
            .Expect(0).Says("Removed 2 of 2");

        Assert.Empty(await azurite.KeptAsync(container, Ct));
    }

    [Fact]
    public async Task A_run_through_a_container_that_everybody_can_read_is_refused()
    {
        await using var rig = await RigAsync();
        await ContainerAsync(rig, "container");

        await rig.StopsAsync(1, "assess.blocked");

        await rig.AssertNoDatabaseWasOrderedAsync();
    }

    /// <summary>Azurite has no soft delete: its list of deleted blobs is answered for as Microsoft documents.</summary>
    [Fact]
    public async Task A_dump_that_the_account_keeps_after_its_deletion_is_told_before_and_behind_the_move()
    {
        await using var rig = await RigAsync();
        await ContainerAsync(rig);
        await using var proxy = new S3Proxy(azurite.Port, _ => S3Proxy.Verdict.Pass, KeptForAWeek);
        rig.Environment["AZURE_STORAGE_BLOB_ENDPOINT"] = new Secret($"{proxy.Endpoint}/{AzuriteServer.Account}");
        var until = DateTime.UtcNow.AddDays(7).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

        var end = (await rig.RunAsync([.. rig.Migrate, "--json"])).Expect(0);

        var codes = end.Events.Where(one => one["event"]!.GetValue<string>() == "observed").ToList();
        Assert.Contains(codes, one => one["code"]!.GetValue<string>() == "assess.store_soft_delete");
        var told = codes.Single(one => one["code"]!.GetValue<string>() == "dump.soft_deleted");
        Assert.Contains(until, told["why"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains("az storage blob undelete", told["remedy"]!.GetValue<string>(), StringComparison.Ordinal);
        var again = $"/{rig.Via.Split('/')[3]}/dumps/{GodwitKeys.DumpOf(rig.RunId)}";
        using (var put = await azurite.SendAsync(
            HttpMethod.Put, again, Ct, new byte[10], ("x-ms-blob-type", "BlockBlob")))
            put.EnsureSuccessStatusCode();
        (await rig.RunAsync("cleanup", rig.RunId, "--yes")).Expect(0)
            .Says("Removed 1 of 1").Says($"note: {rig.Via}").Says(until);
    }

    private static string? KeptForAWeek(string line)
    {
        if (!line.Contains("include=deleted", StringComparison.Ordinal))
            return null;
        var name = Uri.UnescapeDataString(line.Split("prefix=")[1].Split('&', ' ')[0]);
        return AzureKept.Listed(AzureKept.Deleted(name, days: 7));
    }

    [Fact]
    public async Task A_dump_makes_its_container()
    {
        await using var rig = await RigAsync();
        var to = $"azblob://{AzuriteServer.Account}/godwit-made-{Guid.NewGuid().ToString("n")[..8]}/dumps/shop.dump";

        (await rig.RunAsync("dump", "--from", "env:SOURCE_URL", "--to", to, "--create-store"))
            .Expect(0).Says("was made");
    }

    private async Task<GodwitRig> RigAsync()
    {
        await azurite.StartAsync(Ct);
        var rig = await GodwitRig.CreateAsync(servers);
        rig.Environment["AZURE_STORAGE_KEY"] = AzuriteServer.Key;
        rig.Environment["AZURE_STORAGE_BLOB_ENDPOINT"] = new Secret(azurite.Endpoint);
        return rig;
    }

    private async Task<string> ContainerAsync(GodwitRig rig, string? publicAccess = null)
    {
        var container = await azurite.MakeContainerAsync(Ct, publicAccess);
        rig.Via = $"azblob://{AzuriteServer.Account}/{container}/dumps";
        return container;
    }
}
