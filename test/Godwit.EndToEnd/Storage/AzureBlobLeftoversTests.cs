using System.Net;
using System.Text;
using Godwit.EndToEnd.Servers;
using Godwit.Faults;
using Godwit.Storage;
using Godwit.Tests.Storage;
using Verdict = Godwit.EndToEnd.Servers.S3Proxy.Verdict;

namespace Godwit.EndToEnd.Storage;

/// <summary>Blocks that were never joined go away, and nothing that readers see changes by it: neither an object that
/// is there nor one that comes meanwhile.</summary>
public sealed class AzureBlobLeftoversTests(AzuriteServer azurite) : ObjectStoreRig
{
    private string _container = "";

    [Fact]
    public async Task An_object_keeps_its_content_type_metadata_and_headers_when_blocks_of_another_upload_are_removed()
    {
        await JoinAsync("k", "the first part ", "and the second");
        var before = await HeadersAsync("k");
        await LeaveUploadBehindAsync("k");

        Assert.Equal(1, await Store.AbortUploadsAsync("k", Ct));

        Assert.Equal(before, await HeadersAsync("k"));
        Assert.Contains("Content-Type: text/plain", before, StringComparison.Ordinal);
        Assert.Contains("x-ms-meta-Owner: somebody", before, StringComparison.Ordinal);
        Assert.Equal("the first part and the second", await ReadAsync("k"));
        Assert.DoesNotContain("<UncommittedBlocks><Block>", await BlocksAsync("k"), StringComparison.Ordinal);
        Assert.Equal(0, await Store.AbortUploadsAsync("k", Ct));
    }

    [Fact]
    public async Task An_object_without_a_list_of_blocks_is_left_alone()
    {
        using var put = await azurite.SendAsync(HttpMethod.Put, $"/{_container}/k", Ct, "in one call"u8.ToArray(),
            ("x-ms-blob-type", "BlockBlob"));
        Assert.Equal(HttpStatusCode.Created, put.StatusCode);
        var before = await Store.FindAsync("k", Ct);
        await LeaveUploadBehindAsync("k");

        Assert.Equal(0, await Store.AbortUploadsAsync("k", Ct));

        Assert.Equal(before, await Store.FindAsync("k", Ct));
        Assert.Equal("in one call", await ReadAsync("k"));
    }

    [Fact]
    public async Task A_reader_sees_the_same_object_all_the_time()
    {
        await PutAsync("k", "as it was");
        var link = new Uri((await Store.SignAsync("k", TimeSpan.FromMinutes(5), Ct)).Url.Reveal());
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var seen = new HashSet<string>();
        var reads = 0;
        var reading = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                seen.Add(await Http.GetStringAsync(link, CancellationToken.None));
                reads++;
            }
        }, Ct);

        for (var round = 0; round < 10; round++)
        {
            await using var body = new PatternStream(24 * MiB)
            {
                StopAt = 17 * MiB, AtStop = _ => throw new InvalidDataException("it failed"),
            };
            await Assert.ThrowsAsync<InvalidDataException>(() => Store.PutAsync("k", new ObjectUpload(body), Ct));
        }

        await stop.CancelAsync();
        await reading;
        Assert.Equal(["as it was"], seen);
        Assert.True(reads > 10, $"only {reads} reads");
        Assert.Equal(0, await Store.AbortUploadsAsync("k", Ct));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_object_that_another_run_finishes_meanwhile_stays(bool wasThere)
    {
        if (wasThere)
            await PutAsync("k", "old");
        await LeaveUploadBehindAsync("k");
        var late = 0;
        await using var proxy = new S3Proxy(azurite.Port, line =>
        {
            // Just before the service hears of the commit that is to drop the blocks.
            if (line.Contains("comp=blocklist", StringComparison.Ordinal)
                && line.StartsWith("PUT ", StringComparison.Ordinal) && Interlocked.Increment(ref late) == 1)
                azurite.Send(HttpMethod.Put, $"/{_container}/k", "finished"u8.ToArray(),
                    ("x-ms-blob-type", "BlockBlob"));
            return Verdict.Pass;
        });
        await using var store = Open(new Uri(proxy.Endpoint).Port);

        await store.AbortUploadsAsync("k", Ct);

        Assert.Equal(1, late);
        Assert.Equal("finished", await ReadAsync("k"));
        Assert.Equal(0, await Store.AbortUploadsAsync("k", Ct));
    }

    [Fact]
    public async Task An_object_that_comes_between_the_commit_and_the_deletion_stays()
    {
        await LeaveUploadBehindAsync("k");
        await using var proxy = new S3Proxy(azurite.Port, line =>
        {
            if (line.StartsWith("DELETE ", StringComparison.Ordinal))
                azurite.Send(HttpMethod.Put, $"/{_container}/k", "finished"u8.ToArray(),
                    ("x-ms-blob-type", "BlockBlob"));
            return Verdict.Pass;
        });
        await using var store = Open(new Uri(proxy.Endpoint).Port);

        await store.AbortUploadsAsync("k", Ct);

        Assert.Equal("finished", await ReadAsync("k"));
    }

    [Fact]
    public async Task Blocks_of_an_upload_that_may_be_under_way_are_not_taken_along()
    {
        await LeaveUploadBehindAsync("k");
        await using var body = new PatternStream(24 * MiB)
        {
            StopAt = 17 * MiB, AtStop = _ => throw new InvalidDataException("it failed"),
        };

        await Assert.ThrowsAsync<InvalidDataException>(() => Store.PutAsync("k", new ObjectUpload(body), Ct));

        Assert.Equal(["k"], await azurite.KeptAsync(_container, Ct));
        Assert.Equal(2, await Store.AbortUploadsAsync("k", Ct));
        Assert.Empty(await azurite.KeptAsync(_container, Ct));
    }

    [Fact]
    public async Task What_is_left_between_the_commit_and_the_deletion_is_no_object_and_goes_with_the_next_clean_up()
    {
        await LeaveUploadBehindAsync("k");
        await using (var proxy = new S3Proxy(azurite.Port,
            line => line.StartsWith("DELETE ", StringComparison.Ordinal) ? Verdict.Refuse : Verdict.Pass))
        await using (var store = Open(new Uri(proxy.Endpoint).Port))
            await Assert.ThrowsAsync<FaultException>(() => store.AbortUploadsAsync("k", Ct));

        Assert.Equal(["k"], await azurite.KeptAsync(_container, Ct));
        Assert.Null(await Store.FindAsync("k", Ct));
        Assert.Empty(await KeysAsync(""));
        Assert.Equal("storage.object_missing",
            (await Assert.ThrowsAsync<FaultException>(() => Store.OpenAsync("k", 0, Ct))).Fault.Code);
        Assert.Equal("k", Assert.Single(await Store.Bucket!.FindUnfinishedAsync(Ct)).Key);
        Assert.Equal(1, await Store.AbortUploadsAsync("k", Ct));
        Assert.Empty(await azurite.KeptAsync(_container, Ct));
    }

    [Fact]
    public async Task Unfinished_uploads_are_told_and_objects_are_not()
    {
        await PutAsync("whole", "x");
        await PutAsync("empty", "");
        await LeaveUploadBehindAsync("left");

        var found = Assert.Single(await Store.Bucket!.FindUnfinishedAsync(Ct));

        Assert.Equal("left", found.Key);
        Assert.InRange(TimeProvider.System.GetUtcNow() - found.BegunAt, TimeSpan.FromMinutes(-1),
            TimeSpan.FromMinutes(5));
    }

    protected override async Task<IObjectStore> OpenStoreAsync()
    {
        _container = await azurite.MakeContainerAsync(Ct);
        return Open(azurite.Port);
    }

    protected override Task RemoveStoreAsync() => Task.CompletedTask;

    private Task LeaveUploadBehindAsync(string key) =>
        azurite.LeaveBlockAsync(_container, key, Convert.ToBase64String("godwit00112233aabb-00001"u8), Ct);

    private IObjectStore Open(int port) => ObjectStores.Open(
        new StoreAddress.AzureBlob(AzuriteServer.Account, _container, ""),
        new StoreOptions
        {
            AzureBlob = azurite.Options with { Endpoint = $"http://127.0.0.1:{port}/{AzuriteServer.Account}" },
        },
        new NoLinkHost(),
        TimeProvider.System);

    /// <summary>As another program makes an object.</summary>
    private async Task JoinAsync(string key, params string[] parts)
    {
        var list = new StringBuilder("<?xml version=\"1.0\" encoding=\"utf-8\"?><BlockList>");
        for (var number = 0; number < parts.Length; number++)
        {
            var id = Convert.ToBase64String(Encoding.ASCII.GetBytes($"another program's {number:00000}"));
            using var sent = await azurite.SendAsync(HttpMethod.Put,
                $"/{_container}/{key}?comp=block&blockid={Uri.EscapeDataString(id)}", Ct,
                Encoding.UTF8.GetBytes(parts[number]));
            Assert.Equal(HttpStatusCode.Created, sent.StatusCode);
            list.Append($"<Latest>{id}</Latest>");
        }

        using var joined = await azurite.SendAsync(HttpMethod.Put, $"/{_container}/{key}?comp=blocklist", Ct,
            Encoding.UTF8.GetBytes(list.Append("</BlockList>").ToString()),
            ("x-ms-blob-content-type", "text/plain"), ("x-ms-blob-cache-control", "no-store"),
            ("x-ms-blob-content-language", "de"),
            ("x-ms-blob-content-disposition", "attachment"), ("x-ms-blob-content-encoding", "identity"),
            ("x-ms-meta-Owner", "somebody"), ("x-ms-access-tier", "Cool"));
        Assert.Equal(HttpStatusCode.Created, joined.StatusCode);
    }

    /// <summary>All but those that say when and which.</summary>
    private async Task<string> HeadersAsync(string key)
    {
        using var answer = await azurite.SendAsync(HttpMethod.Head, $"/{_container}/{key}", Ct);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var changing = new[]
        {
            "ETag", "Last-Modified", "Date", "x-ms-request-id", "x-ms-access-tier-change-time",
            "x-ms-client-request-id",
        };
        return string.Join('\n', answer.Headers.Concat(answer.Content.Headers)
            .Where(header => !changing.Contains(header.Key, StringComparer.OrdinalIgnoreCase))
            .Select(header => $"{header.Key}: {string.Join(", ", header.Value)}").Order(StringComparer.Ordinal));
    }

    private async Task<string> BlocksAsync(string key)
    {
        using var answer = await azurite.SendAsync(HttpMethod.Get,
            $"/{_container}/{key}?comp=blocklist&blocklisttype=all", Ct);
        return await answer.Content.ReadAsStringAsync(Ct);
    }
}
