using Godwit.Faults;
using Godwit.Storage;

namespace Godwit.Tests.Storage;

public abstract partial class ObjectStoreContract
{
    [Fact]
    public async Task A_piece_of_a_version_that_was_replaced_is_refused_and_never_another_one()
    {
        var before = await PutAsync("k", "0123456789");
        await PutAsync("k", "abcdefghij");

        foreach (var range in new[]
        {
            new ObjectRange(0, ETag: before.ETag), new ObjectRange(5, ETag: before.ETag),
            new ObjectRange(2, 3, before.ETag),
        })
        {
            var thrown = await Assert.ThrowsAsync<FaultException>(() => ReadAsync("k", range));
            Assert.Equal("storage.object_replaced", thrown.Fault.Code);
        }
    }

    [Fact]
    public async Task A_piece_of_an_object_that_is_gone_is_a_missing_object()
    {
        var before = await PutAsync("k", "0123456789");
        await Store.DeleteAsync("k", Ct);

        foreach (var range in new[] { new ObjectRange(2, 3), new ObjectRange(2, 3, before.ETag) })
        {
            var thrown = await Assert.ThrowsAsync<FaultException>(() => ReadAsync("k", range));
            Assert.Equal("storage.object_missing", thrown.Fault.Code);
        }
    }

    [Fact]
    public async Task Pieces_of_an_object_made_of_parts_are_those_of_its_source()
    {
        var bytes = new byte[(20 * MiB) + 7];
        new Random(3).NextBytes(bytes);
        var put = await Store.PutAsync("k", new ObjectUpload(new MemoryStream(bytes)), Ct);
        var random = new Random(4);

        for (var turn = 0; turn < 20; turn++)
        {
            var offset = random.Next(bytes.Length);
            var length = random.Next(1, 3 * MiB);
            await using var piece = await Store.OpenAsync("k", new ObjectRange(offset, length, put.ETag), Ct);
            using var read = new MemoryStream();
            await piece.CopyToAsync(read, Ct);
            Assert.True(read.ToArray().AsSpan().SequenceEqual(bytes.AsSpan(offset,
                Math.Min(length, bytes.Length - offset))), $"{length} bytes at {offset}");
        }
    }
}
