using System.Security.Cryptography;
using Godwit.EndToEnd.Servers;
using Godwit.Faults;
using Godwit.Storage;
using Godwit.Tests.Storage;

namespace Godwit.EndToEnd.Storage;

/// <summary>The service dies while it is used. These tests have a server of their own to kill.</summary>
public sealed class S3OutageTests : IAsyncDisposable
{
    private const int MiB = 1024 * 1024;

    private readonly SwiftServer _swift = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _swift.DisposeAsync();

    [Fact]
    public async Task A_service_that_dies_in_an_upload_is_a_fault_and_what_it_kept_can_be_removed_once_it_is_back()
    {
        await using var store = await OpenAsync(attempts: 2);
        await using var content = new PatternStream(40 * MiB) { StopAt = 30 * MiB, AtStop = _ => _swift.KillAsync() };

        var thrown = await Assert.ThrowsAsync<FaultException>(() => store.PutAsync("k", new ObjectUpload(content), Ct));

        Assert.Equal("storage.unreachable", thrown.Fault.Code);
        await _swift.StartAsync(Ct);
        Assert.Null(await store.FindAsync("k", Ct));
        Assert.Equal(1, await store.AbortUploadsAsync("k", Ct));
        Assert.Equal(0, await store.AbortUploadsAsync("k", Ct));
    }

    [Fact]
    public async Task A_service_that_comes_back_soon_gets_the_parts_again_and_the_upload_ends_well()
    {
        await using var store = await OpenAsync(attempts: 8);
        var back = Task.CompletedTask;
        await using var content = new PatternStream(40 * MiB)
        {
            StopAt = 30 * MiB,
            AtStop = async ct =>
            {
                await _swift.KillAsync();
                back = _swift.StartAsync(ct);
            },
        };

        var put = await store.PutAsync("k", new ObjectUpload(content), Ct);

        await back;
        Assert.Equal(40 * MiB, put.SizeBytes);
        await using var read = await store.OpenAsync("k", 0, Ct);
        Assert.Equal(content.Sha256, Convert.ToHexStringLower(await SHA256.HashDataAsync(read, Ct)));
        Assert.Equal(0, await store.AbortUploadsAsync("k", Ct));
    }

    [Fact]
    public async Task A_service_that_dies_in_a_download_is_a_fault_and_no_short_object()
    {
        await using var store = await OpenAsync(attempts: 2);
        await using var content = new PatternStream(40 * MiB);
        await store.PutAsync("k", new ObjectUpload(content), Ct);
        await using var read = await store.OpenAsync("k", 0, Ct);
        await read.ReadExactlyAsync(new byte[MiB], Ct);

        await _swift.KillAsync();
        var thrown = await Assert.ThrowsAsync<FaultException>(() => read.CopyToAsync(Stream.Null, Ct));

        Assert.Equal(FaultKind.Transient, thrown.Fault.Kind);
    }

    private async Task<IObjectStore> OpenAsync(int attempts)
    {
        var bucket = await _swift.MakeBucketAsync(Ct);
        var options = new StoreOptions { S3 = _swift.Options with { PartAttemptsMax = attempts } };
        return ObjectStores.Open(new StoreAddress.S3(bucket, ""), options, new NoLinkHost(), TimeProvider.System);
    }
}
