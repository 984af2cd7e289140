using System.Security.Cryptography;
using Godwit.EndToEnd.Servers;
using Godwit.Faults;
using Godwit.Storage;
using Godwit.Storage.Download;
using Godwit.Tests.Storage;

namespace Godwit.EndToEnd.Storage;

/// <summary>Downloads over lines that break, wait and lie.</summary>
public sealed class S3DownloadTests(SwiftServer swift)
{
    private const int MiB = 1024 * 1024;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_connection_that_breaks_in_every_range_costs_nothing_but_the_next_one()
    {
        var (bucket, sha256) = await FillAsync(swift, 40 * MiB);
        await using var line = new TcpLine(swift.Port) { BreakAfterBytes = 3 * MiB };
        await using var store = Open(bucket, line.Port);

        Assert.Equal(sha256, await ReadAsync(store));

        // The bytes themselves, and the heads of some thirty answers.
        Assert.InRange(line.AnsweredBytes, 40 * MiB, (40 * MiB) + (128 * 1024));
    }

    [Fact]
    public async Task A_service_that_is_busy_for_a_while_is_asked_again_and_again()
    {
        var (bucket, sha256) = await FillAsync(swift, 20 * MiB);
        var turn = 0;
        await using var proxy = new S3Proxy(swift.Port,
            line => line.StartsWith("GET ", StringComparison.Ordinal) && Interlocked.Increment(ref turn) % 4 != 0
                ? S3Proxy.Verdict.Busy : S3Proxy.Verdict.Pass);
        await using var store = Open(bucket, new Uri(proxy.Endpoint).Port, new Hurried());

        Assert.Equal(sha256, await ReadAsync(store, new Hurried()));
        Assert.True(turn >= 12, $"{turn} requests");
    }

    [Fact]
    public async Task A_service_that_dies_and_comes_back_soon_is_read_on_from()
    {
        await using var mortal = new SwiftServer();
        var (bucket, sha256) = await FillAsync(mortal, 40 * MiB);
        await using var store = Open(bucket, mortal.Port);
        await using var read = (await ObjectDownload.OpenAsync(store, "k", TimeProvider.System, Ct)).Content;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var first = new byte[2 * MiB];
        await read.ReadExactlyAsync(first, Ct);
        hash.AppendData(first);

        await mortal.KillAsync();
        var back = mortal.StartAsync(Ct);
        var buffer = new byte[MiB];
        while (await read.ReadAsync(buffer, Ct) is var count and > 0)
            hash.AppendData(buffer, 0, count);

        await back;
        Assert.Equal(sha256, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    [Fact]
    public async Task A_bit_that_turns_on_the_way_is_found()
    {
        var bucket = await swift.MakeBucketAsync(Ct);
        await using (var direct = Open(bucket, swift.Port))
        {
            var content = new byte[9 * MiB];
            "a word nobody else says"u8.CopyTo(content.AsSpan(5 * MiB));
            await direct.PutAsync("k", new ObjectUpload(new MemoryStream(content)), Ct);
        }

        await using var line =
            new TcpLine(swift.Port) { Mishears = ("nobody else"u8.ToArray(), "nobody elsf"u8.ToArray()) };
        await using var store = Open(bucket, line.Port);

        Assert.Equal("storage.damaged", (await Assert.ThrowsAsync<FaultException>(() => ReadAsync(store))).Fault.Code);
    }

    [Fact]
    public async Task A_long_way_is_hidden_by_several_ranges_at_once()
    {
        var (bucket, sha256) = await FillAsync(swift, 32 * MiB);
        await using var line = new TcpLine(swift.Port) { Delay = TimeSpan.FromMilliseconds(30) };
        await using var store = Open(bucket, line.Port);

        Assert.Equal(sha256, await ReadAsync(store));

        // Pieces of several answers were on their way together, so their waits were one wait.
        Assert.InRange(line.AnsweringMost, 3, 16);
    }

    private static async Task<(string Bucket, string Sha256)> FillAsync(SwiftServer server, int bytes)
    {
        var bucket = await server.MakeBucketAsync(Ct);
        await using var store = Open(bucket, server.Port);
        await using var content = new PatternStream(bytes);
        await store.PutAsync("k", new ObjectUpload(content), Ct);
        return (bucket, content.Sha256);
    }

    private static async Task<string> ReadAsync(IObjectStore store, TimeProvider? clock = null)
    {
        await using var read = (await ObjectDownload.OpenAsync(store, "k", clock ?? TimeProvider.System, Ct)).Content;
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(read, Ct));
    }

    private static IObjectStore Open(string bucket, int port, TimeProvider? clock = null) => ObjectStores.Open(
        new StoreAddress.S3(bucket, ""),
        new StoreOptions { S3 = new S3Options { Endpoint = $"http://127.0.0.1:{port}", Keys = SwiftServer.Keys } },
        new NoLinkHost(),
        clock ?? TimeProvider.System);
}
