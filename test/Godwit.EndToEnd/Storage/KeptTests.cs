using System.Text;
using System.Text.Json.Nodes;
using Godwit.EndToEnd.Servers;
using Godwit.Storage;
using Godwit.Storage.Buckets;
using Verdict = Godwit.EndToEnd.Servers.S3Proxy.Verdict;

namespace Godwit.EndToEnd.Storage;

/// <summary>What Azure keeps of deleted blobs. Azurite keeps nothing; what it cannot say is answered for as Microsoft
/// documents it.</summary>
public sealed class AzureKeptTests(AzuriteServer azurite)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_account_without_soft_delete_and_versions_keeps_nothing()
    {
        await using var store = Open(await azurite.MakeContainerAsync(Ct), azurite.Endpoint);
        await PutAsync(store);

        Assert.Null(await PermanentDeletion.DeleteAsync(store, "k", Ct));
        // A second time, for which nobody could know whether there were versions.
        Assert.Null(await PermanentDeletion.DeleteAsync(store, "k", Ct));
    }

    [Fact]
    public async Task Soft_delete_is_told_with_its_end_and_with_the_commands_that_purge()
    {
        var container = await azurite.MakeContainerAsync(Ct);
        await using var proxy = new S3Proxy(azurite.Port, _ => Verdict.Pass, line => IsList(line, "deleted")
            ? AzureKept.Listed(AzureKept.Deleted("dumps/k", days: 6), AzureKept.Deleted("dumps/k2", days: 60)) : null);
        await using var store = Open(container, EndpointOf(proxy));
        await PutAsync(store);

        var kept = Assert.IsType<RetainedObject.SoftDeleted>(await PermanentDeletion.DeleteAsync(store, "k", Ct));

        Assert.InRange((kept.Until - TimeProvider.System.GetUtcNow()).TotalDays, 5.9, 6);
        Assert.Contains("restore it", kept.Why, StringComparison.Ordinal);
        Assert.Contains($"az storage blob undelete --account-name {AzuriteServer.Account} --container-name {container} "
            + "--name 'dumps/k'", kept.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_these_keys_may_not_list_is_not_called_gone()
    {
        var container = await azurite.MakeContainerAsync(Ct);
        await using var proxy = new S3Proxy(
            azurite.Port, line => IsList(line, "deleted") ? Verdict.Refuse : Verdict.Pass);
        await using var store = Open(container, EndpointOf(proxy));
        await PutAsync(store);

        Assert.Contains("did not list deleted blobs",
            Assert.IsType<RetainedObject.Unknown>(await PermanentDeletion.DeleteAsync(store, "k", Ct)).Why,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Old_versions_go_too_where_the_keys_may_delete_them(bool isRefused)
    {
        var left = new List<string> { "2026-01-02T03:04:05.0000001Z", "2026-01-03T03:04:05.0000001Z" };
        string? Answer(string line)
        {
            if (IsList(line, "versions"))
            {
                return AzureKept.Listed(
                    [.. left.Select(id => AzureKept.Version("dumps/k", id)), AzureKept.Version("dumps/k2", "x")]);
            }

            var gone = left.RemoveAll(id => line.Contains(Uri.EscapeDataString(id), StringComparison.Ordinal));
            return gone > 0 ? "" : null;
        }

        var container = await azurite.MakeContainerAsync(Ct);
        await using var proxy = new S3Proxy(azurite.Port, line => isRefused
            && line.Contains("versionid=", StringComparison.Ordinal) ? Verdict.Refuse : Verdict.Pass, Answer);
        await using var store = Open(container, EndpointOf(proxy));

        var stays = await PermanentDeletion.DeleteAsync(store, "k", Ct);

        if (isRefused)
            Assert.Contains(
                "letter x", Assert.IsType<RetainedObject.OldVersions>(stays).Rights, StringComparison.Ordinal);
        else
            Assert.Null(stays);
        Assert.Equal(isRefused ? 2 : 0, left.Count);
    }

    private static bool IsList(string line, string include) =>
        line.Contains($"comp=list&include={include}", StringComparison.Ordinal);

    private static string EndpointOf(S3Proxy proxy) => $"{proxy.Endpoint}/{AzuriteServer.Account}";

    private static Task<StoredObject> PutAsync(IObjectStore store) =>
        store.PutAsync("k", new ObjectUpload(new MemoryStream(new byte[1000])), Ct);

    private IObjectStore Open(string container, string endpoint) => ObjectStores.Open(
        StoreAddress.Parse($"azblob://{AzuriteServer.Account}/{container}/dumps"),
        new StoreOptions { AzureBlob = azurite.Options with { Endpoint = endpoint } }, new NoLinkHost(),
        TimeProvider.System);
}

/// <summary>Lists of blobs as Azure writes them.</summary>
/// <remarks>https://learn.microsoft.com/en-us/rest/api/storageservices/list-blobs#response-body</remarks>
internal static class AzureKept
{
    public static string Listed(params IEnumerable<string> blobs) => new StringBuilder("<EnumerationResults><Blobs>")
        .AppendJoin("", blobs).Append("</Blobs><NextMarker /></EnumerationResults>").ToString();

    public static string Deleted(string name, int days) =>
        $"<Blob><Name>{name}</Name><Deleted>true</Deleted><Properties><Content-Length>1000</Content-Length>"
        + $"<RemainingRetentionDays>{days}</RemainingRetentionDays></Properties></Blob>";

    public static string Version(string name, string id) => $"<Blob><Name>{name}</Name><VersionId>{id}</VersionId>"
        + "<Properties><Content-Length>1000</Content-Length></Properties></Blob>";
}

/// <summary>The same of Google, answered for as Google documents it.</summary>
public sealed class GcsKeptTests(SwiftServer swift)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Soft_delete_is_told_from_the_bucket_s_settings()
    {
        await using var face = await GcsFace.StartAsync(swift, Ct);
        var (bucket, store) = await OpenAsync(face.Options);
        await using var _ = store;
        Settings(face, bucket, seconds: "604800");

        var kept = Assert.IsType<RetainedObject.SoftDeleted>(await DeleteAsync(store));

        Assert.InRange((kept.Until - TimeProvider.System.GetUtcNow()).TotalDays, 6.9, 7);
        Assert.Contains(
            $"gcloud storage buckets update gs://{bucket} --clear-soft-delete", kept.Remedy, StringComparison.Ordinal);
        Settings(face, bucket, seconds: "0");
        Assert.Null(await DeleteAsync(store));
    }

    /// <summary>The role for objects alone may list the deleted ones, and not read settings.</summary>
    [Fact]
    public async Task Soft_delete_is_told_from_the_deleted_object_where_the_settings_are_closed()
    {
        await using var face = await GcsFace.StartAsync(swift, Ct);
        var (_, store) = await OpenAsync(face.Options);
        await using var _ = store;
        face.Instead = line => line.Contains("softDeleted=true", StringComparison.Ordinal)
            ? (200, """
                {"items":[{"name":"dumps/k","hardDeleteTime":"2031-02-03T04:05:06Z"},
                          {"name":"dumps/k2","hardDeleteTime":"2039-02-03T04:05:06Z"}]}
                """)
            : null;

        var kept = Assert.IsType<RetainedObject.SoftDeleted>(await DeleteAsync(store));

        Assert.Equal(new DateTimeOffset(2031, 2, 3, 4, 5, 6, TimeSpan.Zero), kept.Until);
        face.Instead = line => line.Contains("softDeleted=true", StringComparison.Ordinal) ? (200, "{}") : null;
        Assert.Null(await DeleteAsync(store));
    }

    [Fact]
    public async Task What_the_account_may_not_see_is_not_called_gone()
    {
        await using var face = await GcsFace.StartAsync(swift, Ct);
        var (_, closed) = await OpenAsync(face.Options);
        var (_, hmac) = await OpenAsync(GcsHmacTests.HmacOptions(swift));
        await using var _ = closed;
        await using var __ = hmac;

        var refused = Assert.IsType<RetainedObject.Unknown>(await DeleteAsync(closed));
        Assert.Contains("storage.buckets.get", refused.Why, StringComparison.Ordinal);
        var unasked = Assert.IsType<RetainedObject.Unknown>(await DeleteAsync(hmac));
        Assert.Contains("HMAC key", unasked.Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Old_versions_go_too_where_the_account_may_delete_them(bool isRefused)
    {
        await using var face = await GcsFace.StartAsync(swift, Ct);
        var (bucket, store) = await OpenAsync(face.Options);
        await using var _ = store;
        Settings(face, bucket, seconds: "0", versions: true);
        var left = new List<string> { "1700000000000001", "1700000000000002" };
        face.Instead = line =>
        {
            if (line.Contains("versions=true", StringComparison.Ordinal))
                return (200, Listed(left));
            if (!line.StartsWith("DELETE /storage/v1/", StringComparison.Ordinal))
                return null;
            if (isRefused)
                return (403, """{"error":{"message":"no storage.objects.delete access"}}""");
            left.RemoveAll(one => line.EndsWith($"/o/dumps%2Fk?generation={one}", StringComparison.Ordinal));
            return (200, "{}");
        };

        var stays = await DeleteAsync(store);

        if (isRefused)
            Assert.Contains(
                "storage.objects.delete", Assert.IsType<RetainedObject.OldVersions>(stays).Why,
                StringComparison.Ordinal);
        else
            Assert.Null(stays);
        Assert.Equal(isRefused ? 2 : 0, left.Count);
    }

    private static string Listed(IEnumerable<string> generations) => new JsonObject
    {
        ["items"] = new JsonArray([.. generations.Select(one => new JsonObject
        {
            ["name"] = "dumps/k", ["generation"] = one, ["size"] = "1000", ["timeDeleted"] = "2026-01-02T03:04:05Z",
        })]),
    }.ToJsonString();

    private static void Settings(GcsFace face, string bucket, string seconds, bool versions = false) =>
        face.Json[$"/storage/v1/b/{bucket}"] = (200, new JsonObject
        {
            ["softDeletePolicy"] = new JsonObject { ["retentionDurationSeconds"] = seconds },
            ["versioning"] = new JsonObject { ["enabled"] = versions },
        });

    private async Task<(string Bucket, IObjectStore Store)> OpenAsync(GcsOptions options)
    {
        var bucket = await swift.MakeBucketAsync(Ct);
        return (bucket, ObjectStores.Open(
            StoreAddress.Parse($"gs://{bucket}/dumps"), new StoreOptions { Gcs = options }, new NoLinkHost(),
            TimeProvider.System));
    }

    private static async Task<RetainedObject?> DeleteAsync(IObjectStore store)
    {
        await store.PutAsync("k", new ObjectUpload(new MemoryStream(new byte[1000])), Ct);
        return await PermanentDeletion.DeleteAsync(store, "k", Ct);
    }
}
