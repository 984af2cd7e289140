using System.Security.Cryptography;
using Godwit.Faults;
using Godwit.Storage;
using Godwit.Storage.Download;

namespace Godwit.Tests.Storage;

/// <summary>What <see cref="IObjectStore"/> promises, one test each, for every kind of credentials and of address: each
/// kind of request is among them, also those for the parts of an object and for ranges. A store is supported when it
/// passes these and <see cref="ObjectStoreBodyContract"/>, not when it compiles.</summary>
public abstract partial class ObjectStoreContract : ObjectStoreRig
{
    /// <summary>What a process leaves that was killed in the middle of an upload of <paramref name="key"/>.</summary>
    protected abstract Task LeaveUploadBehindAsync(string key);

    [Fact]
    public async Task What_was_put_is_found_and_reads_back_the_same()
    {
        var put = await PutAsync("folder/a.dump", "hello");

        Assert.Equal(("folder/a.dump", 5L), (put.Key, put.SizeBytes));
        Assert.Equal(put, await Store.FindAsync("folder/a.dump", Ct));
        Assert.Equal("hello", await ReadAsync("folder/a.dump"));
    }

    [Fact]
    public async Task An_empty_object_is_an_object()
    {
        await PutAsync("empty", "");

        Assert.Equal(0, (await Store.FindAsync("empty", Ct))?.SizeBytes);
        Assert.Equal("", await ReadAsync("empty"));
    }

    [Fact]
    public async Task Forty_mebibytes_from_a_pipe_arrive_byte_for_byte()
    {
        await using var content = new PatternStream(40 * MiB);
        var sent = new Sent();

        var put = await Store.PutAsync("big", new ObjectUpload(content) { SentBytes = sent }, Ct);

        Assert.Equal(40 * MiB, put.SizeBytes);
        await using var back = await Store.OpenAsync("big", 0, Ct);
        Assert.Equal(content.Sha256, Convert.ToHexStringLower(await SHA256.HashDataAsync(back, Ct)));
        var link = await LinkAsync("big", TimeSpan.FromMinutes(5));
        await using var linked = await Http.GetStreamAsync(new Uri(link.Url.Reveal()), Ct);
        Assert.Equal(content.Sha256, Convert.ToHexStringLower(await SHA256.HashDataAsync(linked, Ct)));
        Assert.Equal(40 * MiB, sent.Values[^1]);
        Assert.Equal(sent.Values.Order(), sent.Values);
    }

    [Fact]
    public async Task A_late_head_before_two_parts_is_downloaded_in_ranges()
    {
        var head = new byte[1000];
        Array.Fill(head, (byte)'h');
        await using var body = new PatternStream(17 * MiB);
        var put = await Store.PutAsync("k",
            new ObjectUpload(body) { Head = new LateHead(head.Length, () => head) }, Ct);

        await using var read = (await ObjectDownload.OpenAsync(Store, "k", TimeProvider.System, Ct)).Content;

        Assert.Equal((17 * MiB) + head.Length, put.SizeBytes);
        var got = new byte[head.Length];
        await read.ReadExactlyAsync(got, Ct);
        Assert.Equal(head, got);
        Assert.Equal(body.Sha256, Convert.ToHexStringLower(await SHA256.HashDataAsync(read, Ct)));
        Assert.Equal(KeepsChecksums, put.Checksum is not null);
    }

    [Theory]
    [InlineData(0, "0123456789")]
    [InlineData(4, "456789")]
    [InlineData(9, "9")]
    [InlineData(10, "")]
    [InlineData(11, "")]
    public async Task An_object_is_read_from_an_offset_to_its_end(long offset, string expected)
    {
        await PutAsync("digits", "0123456789");

        Assert.Equal(expected, await ReadAsync("digits", offset));
    }

    [Fact]
    public async Task A_key_that_is_not_there_is_an_answer_when_looked_for_and_a_fault_when_opened()
    {
        Assert.Null(await Store.FindAsync("nowhere/x", Ct));
        var thrown = await Assert.ThrowsAsync<FaultException>(() => Store.OpenAsync("nowhere/x", 0, Ct));
        Assert.Equal("storage.object_missing", thrown.Fault.Code);
    }

    [Fact]
    public async Task A_list_holds_the_keys_with_that_beginning_and_no_others()
    {
        foreach (var key in new[] { "a/one", "a/two", "ab", "b/one" })
            await PutAsync(key, key);

        Assert.Equal(["a/one", "a/two"], await KeysAsync("a/"));
        Assert.Equal(["a/one", "a/two", "ab"], await KeysAsync("a"));
        Assert.Equal(["a/one", "a/two", "ab", "b/one"], await KeysAsync(""));
        Assert.Empty(await KeysAsync("c/"));
    }

    [Fact]
    public async Task Deleting_what_is_gone_already_is_done_already()
    {
        await PutAsync("folder/a", "x");

        await Store.DeleteAsync("folder/a", Ct);
        await Store.DeleteAsync("folder/a", Ct);

        Assert.Null(await Store.FindAsync("folder/a", Ct));
        Assert.Empty(await KeysAsync(""));
    }

    [Fact]
    public async Task A_second_put_replaces_the_object_and_its_version_mark()
    {
        var first = await PutAsync("k", "one");
        var second = await PutAsync("k", "two");

        Assert.Equal("two", await ReadAsync("k"));
        Assert.NotEqual(first.ETag, second.ETag);
        Assert.Equal(["k"], await KeysAsync(""));
    }

    [Fact]
    public async Task Until_the_last_byte_is_in_readers_see_the_object_that_was_there_before()
    {
        await PutAsync("old", "as it was");
        var looked = false;

        foreach (var key in new[] { "old", "new" })
        {
            await using var content = new PatternStream(24 * MiB)
            {
                StopAt = 20 * MiB,
                AtStop = async ct =>
                {
                    Assert.Equal("as it was", await ReadAsync("old"));
                    Assert.Null(await Store.FindAsync("new", ct));
                    Assert.Equal(["old"], await KeysAsync(""));
                    looked = true;
                    throw new InvalidDataException("seen enough");
                },
            };
            await Assert.ThrowsAsync<InvalidDataException>(() => Store.PutAsync(key, new ObjectUpload(content), Ct));
        }

        Assert.True(looked);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1 * MiB)]
    [InlineData(20 * MiB)]
    public async Task A_source_that_fails_leaves_no_object_and_no_parts_and_its_exception_is_the_one_seen(int after)
    {
        var failure = new InvalidDataException("pg_dump died");
        await using var content =
            new PatternStream(24 * MiB) { StopAt = after, AtStop = _ => Task.FromException(failure) };

        var thrown = await Assert.ThrowsAsync<InvalidDataException>(() =>
            Store.PutAsync("k", new ObjectUpload(content), Ct));

        Assert.Same(failure, thrown);
        await AssertNothingIsLeftAsync("k");
    }

    [Fact]
    public async Task A_cancelled_put_leaves_no_object_and_no_parts()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        await using var content = new PatternStream(24 * MiB) { StopAt = 20 * MiB, AtStop = _ => stop.CancelAsync() };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            Store.PutAsync("k", new ObjectUpload(content), stop.Token));

        await AssertNothingIsLeftAsync("k");
    }

    [Fact]
    public async Task What_a_killed_process_left_is_removed_for_that_key_alone()
    {
        await LeaveUploadBehindAsync("k");
        await LeaveUploadBehindAsync("k");
        await LeaveUploadBehindAsync("k2");
        Assert.Empty(await KeysAsync(""));

        Assert.Equal(2, await Store.AbortUploadsAsync("k", Ct));
        Assert.Equal(0, await Store.AbortUploadsAsync("k", Ct));
        Assert.Equal(1, await Store.AbortUploadsAsync("k2", Ct));
    }

    [Theory]
    [InlineData("with space.dump")]
    [InlineData("a+b=c&d;e@f:g,h$i.dump")]
    [InlineData("per%20cent/100%/%2F")]
    [InlineData("ünï/çødé/数据库/🐦.dump")]
    [InlineData("quote'double\"tick`")]
    [InlineData("brackets[1]{2}(3)<4>?#!*~^|")]
    [InlineData("trailing. /.hidden/...")]
    public async Task An_odd_key_can_be_put_found_listed_opened_linked_and_deleted(string key)
    {
        var put = await PutAsync(key, "odd");

        Assert.Equal(put, await Store.FindAsync(key, Ct));
        Assert.Equal([key], await KeysAsync(""));
        Assert.Equal([key], await KeysAsync(key));
        Assert.Equal("odd", await ReadAsync(key));
        var link = await LinkAsync(key, TimeSpan.FromMinutes(5));
        Assert.Equal("odd", await Http.GetStringAsync(new Uri(link.Url.Reveal()), Ct));
        await Store.DeleteAsync(key, Ct);
        Assert.Empty(await KeysAsync(""));
    }

    [Fact]
    public async Task The_checks_pass_on_a_store_that_works_and_leave_nothing()
    {
        await Store.CheckAsync(Ct);
        await Store.CheckWritableAsync(Ct);

        await AssertNothingIsLeftAsync("godwit-write-check");
    }
}
