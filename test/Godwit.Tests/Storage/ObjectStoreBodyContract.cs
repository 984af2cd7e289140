using Godwit.Faults;
using Godwit.Storage;

namespace Godwit.Tests.Storage;

/// <summary>What <see cref="IObjectStore"/> promises about bodies: how they are cut into parts and put together again,
/// whatever their size, and how they are read in ranges. All of it happens above credentials and addresses, so each
/// adapter passes it once, and <see cref="ObjectStoreContract"/> with every kind of those.</summary>
public abstract partial class ObjectStoreBodyContract : ObjectStoreRig
{
    [Theory]
    [InlineData("0123456789", 0, 1, "0")]
    [InlineData("0123456789", 3, 4, "3456")]
    [InlineData("0123456789", 0, 10, "0123456789")]
    [InlineData("0123456789", 9, 1, "9")]
    [InlineData("0123456789", 7, 100, "789")]
    [InlineData("0123456789", 0, 100, "0123456789")]
    [InlineData("0123456789", 10, 1, "")]
    [InlineData("0123456789", 11, 5, "")]
    [InlineData("", 0, 1, "")]
    [InlineData("", 5, 5, "")]
    public async Task A_piece_of_an_object_is_read_and_ends_where_the_object_does(
        string content, long offset, long length, string expected)
    {
        var put = await PutAsync("k", content);

        Assert.Equal(expected, await ReadAsync("k", new ObjectRange(offset, length)));
        Assert.Equal(expected, await ReadAsync("k", new ObjectRange(offset, length, put.ETag)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/a")]
    [InlineData("a/")]
    [InlineData("a//b")]
    [InlineData("../a")]
    [InlineData("a/./b")]
    [InlineData("a\nb")]
    [InlineData("a\\b")]
    public async Task A_key_that_not_every_store_keeps_as_it_is_is_refused(string key)
    {
        var thrown = await Assert.ThrowsAsync<FaultException>(() => PutAsync(key, "x"));
        Assert.Equal("storage.bad_key", thrown.Fault.Code);
    }
}
