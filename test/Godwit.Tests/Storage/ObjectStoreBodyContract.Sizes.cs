using System.Security.Cryptography;
using Godwit.Storage;

namespace Godwit.Tests.Storage;

public abstract partial class ObjectStoreBodyContract
{
    private const long GiB = 1024L * MiB;

    // Around one part and around two of them, of both sizes that there are.
    [Theory]
    [InlineData(0, null)]
    [InlineData(1, null)]
    [InlineData((8 * MiB) - 1, null)]
    [InlineData(8 * MiB, null)]
    [InlineData((8 * MiB) + 1, null)]
    [InlineData((16 * MiB) - 1, null)]
    [InlineData(16 * MiB, null)]
    [InlineData((16 * MiB) + 1, null)]
    [InlineData(1, 300 * MiB)]
    [InlineData((16 * MiB) - 1, 300 * MiB)]
    [InlineData(16 * MiB, 300 * MiB)]
    [InlineData((16 * MiB) + 1, 300 * MiB)]
    [InlineData(40 * MiB, 1)]
    public async Task An_object_of_any_size_arrives_byte_for_byte_whatever_was_expected(int bytes, int? expected)
    {
        await using var body = new PatternStream(bytes);
        var sent = new Sent();

        var put = await Store.PutAsync("k", new ObjectUpload(body) { ExpectedBytes = expected, SentBytes = sent }, Ct);

        Assert.Equal(bytes, put.SizeBytes);
        Assert.Equal(put, await Store.FindAsync("k", Ct));
        Assert.Equal(bytes, sent.Last);
        await using var back = await Store.OpenAsync("k", 0, Ct);
        Assert.Equal(body.Sha256, Convert.ToHexStringLower(await SHA256.HashDataAsync(back, Ct)));
        Assert.Equal(0, await Store.AbortUploadsAsync("k", Ct));
    }

    /// <summary>Where a number of 32 bits ends, with and without a sign lost.</summary>
    [Theory(Explicit = true)]
    [Trait("suite", "long")]
    [InlineData(0, true)]
    [InlineData(5, false)]
    public async Task Two_gibibytes_and_a_little_more_arrive_byte_for_byte(int more, bool isExpected)
    {
        var bytes = (2 * GiB) + more;
        await using var body = new PatternStream(bytes);

        var put = await Store.PutAsync("big", new ObjectUpload(body) { ExpectedBytes = isExpected ? bytes : null }, Ct);

        Assert.Equal(bytes, put.SizeBytes);
        Assert.Equal(bytes, (await Store.FindAsync("big", Ct))?.SizeBytes);
        var link = await LinkAsync("big", TimeSpan.FromMinutes(15));
        await using var linked = await Http.GetStreamAsync(new Uri(link.Url.Reveal()), Ct);
        Assert.Equal(body.Sha256, Convert.ToHexStringLower(await SHA256.HashDataAsync(linked, Ct)));
        await using (var end = await Store.OpenAsync("big", bytes - 3, Ct))
            Assert.Equal(3, await end.ReadAtLeastAsync(new byte[10], 10, throwOnEndOfStream: false, Ct));
        await Store.DeleteAsync("big", Ct);
        Assert.Empty(await KeysAsync(""));
    }
}
