using System.Security.Cryptography;
using Godwit.EndToEnd.Servers;
using Godwit.Faults;
using Godwit.Storage;
using Godwit.Tests.Storage;
using Verdict = Godwit.EndToEnd.Servers.S3Proxy.Verdict;

namespace Godwit.EndToEnd.Storage;

/// <summary>A part is refused for good in the middle of an upload; the rest of the service goes on.</summary>
public sealed class S3HalfwayTests(SwiftServer swift)
{
    private const int MiB = 1024 * 1024;

    private readonly byte[] _head = RandomNumberGenerator.GetBytes(5000);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(3)]
    [InlineData(1)]
    public async Task A_part_that_is_refused_leaves_no_parts_and_no_object(int part)
    {
        var bucket = await swift.MakeBucketAsync(Ct);
        await using var proxy = new S3Proxy(swift.Port, line => IsPart(line, part) ? Verdict.Refuse : Verdict.Pass);
        await using var store = Open(bucket, proxy, attempts: 2);
        await using var body = new PatternStream(60 * MiB);

        var thrown = await Assert.ThrowsAsync<FaultException>(() =>
            store.PutAsync("k", new ObjectUpload(body) { Head = Head() }, Ct));

        Assert.Equal("storage.forbidden", thrown.Fault.Code);
        await AssertNothingIsLeftAsync(bucket, store);
        // A failure in the middle is noticed in the middle: nobody reads a database to its end for an upload that
        // is lost.
        if (part == 3)
            Assert.InRange(body.Given, 24 * MiB, 59 * MiB);
    }

    private static bool IsPart(string line, int number) =>
        line.StartsWith("PUT ", StringComparison.Ordinal)
        && (line + "&").Replace(' ', '&').Contains($"partNumber={number}&", StringComparison.Ordinal);

    private static IObjectStore Open(string bucket, S3Proxy proxy, int attempts) => ObjectStores.Open(
        new StoreAddress.S3(bucket, ""),
        new StoreOptions
        {
            S3 = new S3Options { Endpoint = proxy.Endpoint, Keys = SwiftServer.Keys, PartAttemptsMax = attempts },
        },
        new NoLinkHost(),
        TimeProvider.System);

    private LateHead Head() => new(_head.Length, () => _head);

    private async Task AssertNothingIsLeftAsync(string bucket, IObjectStore store)
    {
        Assert.Null(await store.FindAsync("k", Ct));
        Assert.Equal(0, await store.AbortUploadsAsync("k", Ct));
        Assert.Empty(await swift.KeptAsync(bucket, Ct));
    }
}
