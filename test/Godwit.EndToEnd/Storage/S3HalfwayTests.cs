using System.Security.Cryptography;
using Godwit.EndToEnd.Servers;
using Godwit.Faults;
using Godwit.Storage;
using Godwit.Tests.Storage;
using Verdict = Godwit.EndToEnd.Servers.S3Proxy.Verdict;

namespace Godwit.EndToEnd.Storage;

/// <summary>Single calls of an upload fail, or their answers do; the rest of the service goes on.</summary>
public sealed class S3HalfwayTests(SwiftServer swift)
{
    private const int MiB = 1024 * 1024;

    private readonly byte[] _head = RandomNumberGenerator.GetBytes(5000);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Verdict.Refuse, "storage.forbidden", 3)]
    [InlineData(Verdict.LoseRequest, "storage.unreachable", 3)]
    [InlineData(Verdict.LoseAnswer, "storage.unreachable", 3)]
    [InlineData(Verdict.Refuse, "storage.forbidden", 1)]
    public async Task A_part_that_fails_for_good_leaves_no_parts_and_no_object(Verdict verdict, string code, int part)
    {
        var bucket = await swift.MakeBucketAsync(Ct);
        await using var proxy = new S3Proxy(swift.Port, line => IsPart(line, part) ? verdict : Verdict.Pass);
        await using var store = Open(bucket, proxy, attempts: 2);
        await using var body = new PatternStream(60 * MiB);

        var thrown = await Assert.ThrowsAsync<FaultException>(() => store.PutAsync("k", new ObjectUpload(body) { Head = Head() }, Ct));

        Assert.Equal(code, thrown.Fault.Code);
        await AssertNothingIsLeftAsync(bucket, store);
        // A failure in the middle is noticed in the middle: nobody reads a database to its end for an upload that is lost.
        if (part == 3 && verdict == Verdict.Refuse)
            Assert.InRange(body.Given, 24 * MiB, 59 * MiB);
    }

    [Fact]
    public async Task A_network_that_is_cut_is_a_fault_and_what_stayed_is_removed_once_it_is_back()
    {
        var bucket = await swift.MakeBucketAsync(Ct);
        await using var proxy = new S3Proxy(swift.Port, _ => Verdict.Pass);
        await using var store = Open(bucket, proxy, attempts: 2);
        await using var body = new PatternStream(60 * MiB) { StopAt = 40 * MiB, AtStop = _ => Done(proxy.Cut) };

        var thrown = await Assert.ThrowsAsync<FaultException>(() => store.PutAsync("k", new ObjectUpload(body) { Head = Head() }, Ct));

        Assert.Equal(FaultKind.Transient, thrown.Fault.Kind);
        proxy.Mend();
        Assert.Equal(1, await store.AbortUploadsAsync("k", Ct));
        await AssertNothingIsLeftAsync(bucket, store);
    }

    [Fact]
    public async Task A_cut_that_heals_and_answers_that_are_lost_cost_single_parts_and_the_object_is_whole()
    {
        var bucket = await swift.MakeBucketAsync(Ct);
        var lost = new HashSet<string>();
        await using var proxy = new S3Proxy(swift.Port, line =>
        {
            // The answers to the fourth part, to the head's part and to the call that joins them, once each.
            lock (lost)
                return (IsPart(line, 4) || IsPart(line, 1) || IsJoin(line)) && lost.Add(line) ? Verdict.LoseAnswer : Verdict.Pass;
        });
        await using var store = Open(bucket, proxy, attempts: 4);
        await using var body = new PatternStream(60 * MiB)
        {
            StopAt = 40 * MiB,
            AtStop = _ => Done(() =>
            {
                proxy.Cut();
                proxy.Mend();
            }),
        };

        var put = await store.PutAsync("k", new ObjectUpload(body) { Head = Head() }, Ct);

        Assert.Equal(3, lost.Count);
        Assert.Equal(60 * MiB + _head.Length, put.SizeBytes);
        await using var back = await store.OpenAsync("k", 0, Ct);
        var head = new byte[_head.Length];
        await back.ReadExactlyAsync(head, Ct);
        Assert.Equal(_head, head);
        Assert.Equal(body.Sha256, Convert.ToHexStringLower(await SHA256.HashDataAsync(back, Ct)));
        Assert.Equal(0, await store.AbortUploadsAsync("k", Ct));
        // The object and its eight parts: what the other tests find nothing in is where something would be.
        Assert.Equal(1 + 8, (await swift.KeptAsync(bucket, Ct)).Count);
    }

    private static bool IsPart(string line, int number) =>
        line.StartsWith("PUT ", StringComparison.Ordinal) && (line + "&").Replace(' ', '&').Contains($"partNumber={number}&", StringComparison.Ordinal);

    private static bool IsJoin(string line) => line.StartsWith("POST ", StringComparison.Ordinal) && line.Contains("uploadId=", StringComparison.Ordinal);

    private static Task Done(Action action)
    {
        action();
        return Task.CompletedTask;
    }

    private static IObjectStore Open(string bucket, S3Proxy proxy, int attempts) => ObjectStores.Open(
        new StoreAddress.S3(bucket, ""),
        new StoreOptions { S3 = new S3Options { Endpoint = proxy.Endpoint, Keys = SwiftServer.Keys, PartAttemptsMax = attempts } },
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
