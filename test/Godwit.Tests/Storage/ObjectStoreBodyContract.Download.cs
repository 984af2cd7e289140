using System.Security.Cryptography;
using Godwit.Faults;
using Godwit.Storage;
using Godwit.Storage.Download;

namespace Godwit.Tests.Storage;

public abstract partial class ObjectStoreBodyContract
{
    /// <summary>Of a few thousand bytes, so that a small object has many ranges.</summary>
    private static readonly DownloadPlan Small =
        new() { FirstBytes = 1000, RangeBytes = 5000, ParallelMax = 4, ProgressBytes = 1000 };

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(999)]
    [InlineData(1000)]
    [InlineData(1001)]
    [InlineData(6000)]
    [InlineData(6001)]
    [InlineData(123_456)]
    public async Task A_download_in_ranges_is_the_object_whatever_its_size(int bytes)
    {
        await using var content = new PatternStream(bytes);
        var put = await Store.PutAsync("k", new ObjectUpload(content), Ct);

        await using var read = Download(put, Small);

        Assert.Equal(content.Sha256, Convert.ToHexStringLower(await SHA256.HashDataAsync(read, Ct)));
        Assert.Equal(0, await read.ReadAsync(new byte[1], Ct));
    }

    [Fact]
    public async Task Sixty_four_mebibytes_are_downloaded_byte_for_byte()
    {
        await using var content = new PatternStream((64 * MiB) + 17);
        await Store.PutAsync("big", new ObjectUpload(content), Ct);

        var opened = await ObjectDownload.OpenAsync(Store, "big", TimeProvider.System, Ct);

        Assert.Equal(((64 * MiB) + 17, true), (opened.SizeBytes, opened.CanResume));
        await using var read = opened.Content;
        Assert.Equal(content.Sha256, Convert.ToHexStringLower(await SHA256.HashDataAsync(read, Ct)));
    }

    [Fact]
    public async Task A_download_whose_every_connection_breaks_goes_on_at_the_byte_and_fetches_none_twice()
    {
        await using var content = new PatternStream(100_000);
        var put = await Store.PutAsync("k", new ObjectUpload(content), Ct);
        var line = new ObjectStoreBreakingLine(Store, put) { BreakAfter = _ => 1700 };

        await using var read = line.Download(Small);

        Assert.Equal(content.Sha256, Convert.ToHexStringLower(await SHA256.HashDataAsync(read, Ct)));
        Assert.Equal(100_000, line.GivenBytes);
        Assert.True(line.Opened > 40, $"{line.Opened} connections");
    }

    [Fact]
    public async Task A_bit_that_differs_from_what_was_written_is_found_before_the_last_byte_is_given()
    {
        foreach (var bytes in new[] { 100_000, 20 * MiB })
        {
            await using var content = new PatternStream(bytes);
            var put = await Store.PutAsync("k", new ObjectUpload(content), Ct);
            Assert.Equal(KeepsChecksums, put.Checksum is not null);
            if (!KeepsChecksums)
                return;
            await using var read = new ObjectStoreBreakingLine(Store, put) { FlipAt = bytes / 2 }
                .Download(DownloadPlan.Default);
            using var got = new MemoryStream();

            var thrown = await Assert.ThrowsAsync<FaultException>(() => read.CopyToAsync(got, Ct));

            Assert.Equal("storage.damaged", thrown.Fault.Code);
            Assert.True(got.Length < bytes);
        }
    }

    [Fact]
    public async Task An_object_that_is_replaced_while_it_is_downloaded_is_a_fault_and_never_a_mixture()
    {
        var put = await PutAsync("k", new string('a', 100_000));
        await using var read = Download(put, Small);
        var got = new byte[1000];
        await read.ReadExactlyAsync(got, Ct);

        await PutAsync("k", new string('b', 100_000));
        using var rest = new MemoryStream();
        var thrown = await Assert.ThrowsAsync<FaultException>(() => read.CopyToAsync(rest, Ct));

        Assert.Equal("storage.object_replaced", thrown.Fault.Code);
        Assert.DoesNotContain((byte)'b', rest.ToArray());
    }

    [Fact]
    public async Task A_download_of_what_is_not_there_is_a_missing_object()
    {
        var thrown = await Assert.ThrowsAsync<FaultException>(() =>
            ObjectDownload.OpenAsync(Store, "nowhere", TimeProvider.System, Ct));

        Assert.Equal("storage.object_missing", thrown.Fault.Code);
    }

    private RangesStream Download(StoredObject what, DownloadPlan plan) =>
        ObjectDownload.OpenRanges(Store, what, plan, TimeProvider.System);
}
