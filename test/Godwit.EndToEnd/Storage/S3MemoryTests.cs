using Godwit.EndToEnd.Servers;
using Godwit.Storage;
using Godwit.Tests.Storage;

namespace Godwit.EndToEnd.Storage;

/// <summary>The memory of a process is one for all its tests, so nothing else may run meanwhile.</summary>
[CollectionDefinition(nameof(MeasuresMemory), DisableParallelization = true)]
public sealed class MeasuresMemory;

[Collection(nameof(MeasuresMemory))]
public sealed class S3MemoryTests(SwiftServer swift)
{
    private const long MiB = 1024 * 1024;

    /// <summary>The buffers of five parts of 16 MiB, and as much again for what waits to be collected.</summary>
    private const long GrowthMax = 160 * MiB;

    [Fact(Explicit = true)]
    [Trait("suite", "long")]
    public async Task Half_a_gibibyte_needs_no_more_memory_than_its_buffers()
    {
        var ct = TestContext.Current.CancellationToken;
        var bucket = await swift.MakeBucketAsync(ct);
        await using var store = ObjectStores.Open(new StoreAddress.S3(bucket, ""),
            new StoreOptions { S3 = swift.Options }, new NoLinkHost(), TimeProvider.System);
        await using var body = new PatternStream(512 * MiB);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var peak = new Peak();

        await store.PutAsync("k", new ObjectUpload(body) { ExpectedBytes = 512 * MiB, SentBytes = peak }, ct);

        Assert.InRange(peak.Bytes - before, 16 * MiB, GrowthMax);
    }

    private sealed class Peak : IProgress<long>
    {
        public long Bytes { get; private set; }

        public void Report(long value) => Bytes = Math.Max(Bytes, GC.GetTotalMemory(forceFullCollection: false));
    }
}
