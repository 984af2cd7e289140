using Godwit.Faults;
using Godwit.Storage;
using Godwit.Storage.Parts;

namespace Godwit.Tests.Storage;

/// <summary>What an upload holds in memory, counted: every buffer that a service was ever given.</summary>
public sealed class PartsUploadTests
{
    private const long MiB = 1024 * 1024;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null, 40)]
    [InlineData(512L, 80)]
    public async Task Half_a_gibibyte_goes_through_a_few_buffers_however_slow_the_service_is(
        long? expectedMiB, long buffersMiB)
    {
        var sink = new CountingSink();
        await using var body = new PatternStream(512 * MiB);

        var total = await new PartsUpload(
            sink, "s3://bucket", new ObjectUpload(body)
            {
                ExpectedBytes = expectedMiB * MiB, Head = new LateHead(1000, () => new byte[1000]),
            }, TimeProvider.System).RunAsync(Ct);

        Assert.Equal((512 * MiB) + 1000, total.Bytes);
        Assert.Equal(total.Bytes, sink.TakenBytes);
        Assert.InRange(sink.BuffersBytes, 1, buffersMiB * MiB);
        // Four at most, and the one that waited for the head; how many depends on who is faster.
        Assert.InRange(sink.AtOnceMost, 2, 5);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(20 * MiB)]
    public async Task What_a_failed_upload_leaves_is_told_of_a_small_object_as_of_a_large_one(long bytes)
    {
        await using var body = new PatternStream(bytes);
        var left = "";

        await Assert.ThrowsAsync<IOException>(() => new PartsUpload(
            new FailingSink(), "s3://bucket", new ObjectUpload(body) { PartsLeft = why => left = why },
            TimeProvider.System).RunAsync(Ct));

        Assert.Equal(FailingSink.Stays, left);
    }

    private sealed class FailingSink : IPartSink
    {
        public const string Stays = "it may not delete";

        public int PartsMax => 10_000;

        public Task PutWholeAsync(Part part, PartPlan plan, CancellationToken ct) => throw new IOException("broken");

        public Task BeginAsync(PartPlan plan, CancellationToken ct) => Task.CompletedTask;

        public Task<string> SendAsync(Part part, CancellationToken ct) => throw new IOException("broken");

        public Task CompleteAsync(IReadOnlyList<SentPart> parts, PartsTotal total, CancellationToken ct) =>
            Task.CompletedTask;

        public Task AbortAsync(CancellationToken ct) => throw new FaultException(new Fault("storage.parts_stay",
            FaultKind.Broken, "Cannot remove", Stays, "Look."));
    }

    private sealed class CountingSink : IPartSink
    {
        private readonly Lock _counting = new();
        private readonly HashSet<byte[]> _buffers = new(ReferenceEqualityComparer.Instance);
        private int _atOnce;

        public int PartsMax => 10_000;

        public long BuffersBytes => _buffers.Sum(buffer => (long)buffer.Length);

        public long TakenBytes { get; private set; }

        public int AtOnceMost { get; private set; }

        public Task PutWholeAsync(Part part, PartPlan plan, CancellationToken ct) =>
            throw new InvalidOperationException("it is too large for that");

        public Task BeginAsync(PartPlan plan, CancellationToken ct) => Task.CompletedTask;

        public async Task<string> SendAsync(Part part, CancellationToken ct)
        {
            lock (_counting)
            {
                _buffers.Add(part.Content.Array!);
                TakenBytes += part.Content.Count;
                AtOnceMost = Math.Max(AtOnceMost, ++_atOnce);
            }

            // Longer than reading the next part takes, so that the reading has to wait.
            await Task.Delay(60, ct);
            lock (_counting)
                _atOnce--;
            return $"{part.Number}";
        }

        public Task CompleteAsync(IReadOnlyList<SentPart> parts, PartsTotal total, CancellationToken ct) =>
            Task.CompletedTask;

        public Task AbortAsync(CancellationToken ct) => Task.CompletedTask;
    }
}
