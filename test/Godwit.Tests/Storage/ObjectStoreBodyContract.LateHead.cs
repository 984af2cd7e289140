using System.Security.Cryptography;
using Godwit.Storage;

namespace Godwit.Tests.Storage;

public abstract partial class ObjectStoreBodyContract
{
    // Around 8 MiB, the size of a part in a bucket, for the head and for head and body together.
    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 9 * MiB)]
    [InlineData(1, 0)]
    [InlineData(1000, 0)]
    [InlineData(1000, 1)]
    [InlineData(1000, (8 * MiB) - 1001)]
    [InlineData(1000, (8 * MiB) - 1000)]
    [InlineData(1000, (8 * MiB) - 999)]
    [InlineData(1000, (16 * MiB) - 1001)]
    [InlineData(1000, (16 * MiB) - 1000)]
    [InlineData(1000, (16 * MiB) - 999)]
    [InlineData(1000, 60 * MiB)]
    [InlineData((8 * MiB) - 1, 0)]
    [InlineData((8 * MiB) - 1, 1)]
    [InlineData(8 * MiB, 0)]
    [InlineData(8 * MiB, 1)]
    [InlineData((8 * MiB) + 1, 0)]
    [InlineData(20 * MiB, 0)]
    [InlineData(20 * MiB, 4 * MiB)]
    [InlineData(20 * MiB, 30 * MiB)]
    public async Task A_late_head_is_asked_once_and_last_and_stands_before_the_body(int headBytes, int bodyBytes)
    {
        var rig = new LateHeadRig(headBytes, bodyBytes);
        var sent = new Sent();

        var put = await Store.PutAsync("k", new ObjectUpload(rig.Body) { Head = rig.Head, SentBytes = sent }, Ct);

        Assert.Equal(headBytes + bodyBytes, put.SizeBytes);
        Assert.Equal(1, rig.Asked);
        Assert.Equal(bodyBytes, rig.BodyWhenAsked);
        Assert.Equal(headBytes + bodyBytes, sent.Last);
        Assert.Equal(sent.Values.Order(), sent.Values);
        await using var back = await Store.OpenAsync("k", 0, Ct);
        var head = new byte[headBytes];
        await back.ReadExactlyAsync(head, Ct);
        Assert.True(head.AsSpan().SequenceEqual(rig.HeadBytes), "the head is not what was given");
        Assert.Equal(rig.Body.Sha256, Convert.ToHexStringLower(await SHA256.HashDataAsync(back, Ct)));
        Assert.Equal(0, await Store.AbortUploadsAsync("k", Ct));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1 * MiB)]
    [InlineData(20 * MiB)]
    public async Task A_body_that_fails_leaves_nothing_and_its_head_is_never_asked(int after)
    {
        var failure = new InvalidDataException("a worker died");
        var rig = new LateHeadRig(1000, 24 * MiB, after, _ => Task.FromException(failure));

        Assert.Same(failure, await Assert.ThrowsAsync<InvalidDataException>(() =>
            Store.PutAsync("k", new ObjectUpload(rig.Body) { Head = rig.Head }, Ct)));

        Assert.Equal(0, rig.Asked);
        await AssertNothingIsLeftAsync("k");
    }

    [Theory]
    [InlineData(1 * MiB)]
    [InlineData(20 * MiB)]
    public async Task A_put_cancelled_before_its_head_came_leaves_nothing(int after)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var rig = new LateHeadRig(1000, 24 * MiB, after, _ => stop.CancelAsync());

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            Store.PutAsync("k", new ObjectUpload(rig.Body) { Head = rig.Head }, stop.Token));

        Assert.Equal(0, rig.Asked);
        await AssertNothingIsLeftAsync("k");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(24 * MiB)]
    public async Task A_head_that_fails_or_has_another_length_than_announced_leaves_nothing(int bodyBytes)
    {
        foreach (var content in new Func<ReadOnlyMemory<byte>>[]
        {
            () => throw new InvalidOperationException("no head"),
            () => new byte[999],
            () => new byte[1001],
        })
        {
            await using var body = new PatternStream(bodyBytes);

            await Assert.ThrowsAsync<InvalidOperationException>(() =>
                Store.PutAsync("k", new ObjectUpload(body) { Head = new LateHead(1000, content) }, Ct));

            await AssertNothingIsLeftAsync("k");
        }
    }

    private sealed class LateHeadRig
    {
        private readonly byte[] _head;

        public LateHeadRig(
            int headBytes, int bodyBytes, long stopAt = long.MaxValue, Func<CancellationToken, Task>? atStop = null)
        {
            _head = new byte[headBytes];
            new Random(2).NextBytes(_head);
            Body = new PatternStream(bodyBytes) { StopAt = stopAt, AtStop = atStop ?? (_ => Task.CompletedTask) };
            Head = new LateHead(headBytes, () =>
            {
                Asked++;
                BodyWhenAsked = Body.Given;
                return _head;
            });
        }

        public PatternStream Body { get; }

        public LateHead Head { get; }

        public ReadOnlySpan<byte> HeadBytes => _head;

        public int Asked { get; private set; }

        public long BodyWhenAsked { get; private set; }
    }
}
