using Godwit.EndToEnd.Servers;
using Godwit.Faults;
using Godwit.Storage;
using Godwit.Tests.Storage;
using Verdict = Godwit.EndToEnd.Servers.S3Proxy.Verdict;

namespace Godwit.EndToEnd.Storage;

public abstract partial class ObjectStoreFailures
{
    [Fact]
    public async Task A_mistyped_key_is_refused_and_not_repeated()
    {
        await using var store = Open(_port, Opener.UsageProblems, attempts: 2, TimeProvider.System);

        foreach (var action in new Func<Task>[]
        {
            () => store.CheckAsync(Ct), () => store.CheckWritableAsync(Ct), () => PutAsync(store, "x"),
        })
            Assert.Equal(MistypedCode, (await FaultOfAsync(action)).Code);

        await AssertNothingIsLeftAsync();
    }

    [Fact]
    public async Task A_bucket_of_somebody_else_is_forbidden_and_the_missing_right_is_named()
    {
        await using var store = Open(_port, Opener.Stranger, attempts: 2, TimeProvider.System);

        foreach (var action in new Func<Task>[]
        {
            () => store.CheckAsync(Ct), () => store.CheckWritableAsync(Ct), () => PutAsync(store, "x"),
        })
        {
            var fault = await FaultOfAsync(action);
            Assert.Equal((StrangerCode, FaultKind.Refused), (fault.Code, fault.Kind));
        }

        await AssertNothingIsLeftAsync();
    }

    [Fact]
    public async Task A_bucket_that_nobody_made_is_missing_whatever_is_asked_of_it()
    {
        await using var store = OpenMissing();

        foreach (var action in new Func<Task>[]
        {
            () => store.CheckAsync(Ct), () => store.CheckWritableAsync(Ct), () => PutAsync(store, "x"),
        })
            Assert.Equal(MissingCode, (await FaultOfAsync(action)).Code);
    }

    [Theory]
    [InlineData(20, "20 minutes ahead")]
    [InlineData(-20, "20 minutes behind")]
    public async Task A_clock_that_is_off_is_told_with_its_minutes(int minutes, string told)
    {
        await using var store = await OpenAheadAsync(TimeSpan.FromMinutes(minutes));

        foreach (var action in new Func<Task>[] { () => store.CheckAsync(Ct), () => PutAsync(store, "x") })
        {
            var fault = await FaultOfAsync(action);
            Assert.Equal("storage.clock_skewed", fault.Code);
            Assert.Contains(told, fault.Why, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_goes_up_is_compared_by_its_checksum_in_one_piece_and_in_parts()
    {
        await using var store = Open(_port, Opener.Owner, attempts: 2, TimeProvider.System);
        await using var body = Body();

        var whole = await PutAsync(store, "0123456789");
        Assert.NotNull(whole.Checksum);
        Assert.Equal(whole.Checksum, (await store.FindAsync(Key, Ct))?.Checksum);
        var parts = await store.PutAsync(Key, Upload(body), Ct);
        Assert.NotNull(parts.Checksum);
        Assert.NotEqual(whole.Checksum, parts.Checksum);
        Assert.Equal(parts.Checksum, (await store.FindAsync(Key, Ct))?.Checksum);
    }

    /// <summary>A service that lies about a part: strict ones notice when the parts are joined.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(6)]
    public async Task A_part_that_was_acknowledged_and_never_stored_is_found_and_nothing_is_left(int forgotten)
    {
        await using var proxy = Proxy((call, part) =>
            call == Call.SendPart && part == forgotten ? Verdict.Swallow : Verdict.Pass);
        await using var store = Open(proxy, attempts: 2);
        await using var body = Body();

        var fault = await FaultOfAsync(() => store.PutAsync(Key, Upload(body), Ct));

        Assert.Contains(fault.Code, new[] { ForgottenCode, "storage.size_differs", "storage.checksum_differs" });
        await AssertNothingIsLeftAsync();
    }

    /// <summary>The service joins something else than what was sent, and says it is done. It keeps with the object what
    /// we keep with ours, so that nothing but the content tells.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_service_that_joined_something_else_is_found_by_the_last_look_and_nobody_can_restore_from_it(
        bool isTruncated)
    {
        var spoiled = 0;
        await using var proxy = ProxyAtTheEnd(() => SpoilAsync(isTruncated),
            () => Interlocked.Exchange(ref spoiled, 1) == 0);
        await using var store = Open(proxy, attempts: 2);
        await using var body = Body();

        var fault = await FaultOfAsync(() => store.PutAsync(Key, Upload(body), Ct));

        Assert.Equal(1, spoiled);
        Assert.Equal((isTruncated ? "storage.size_differs" : SwappedCode, FaultKind.Broken), (fault.Code, fault.Kind));
        Assert.Contains("deleted", fault.Remedy, StringComparison.Ordinal);
        await AssertNothingIsLeftAsync();
    }

    [Theory]
    [InlineData(BodyBytes)]
    [InlineData(10)]
    public async Task An_object_that_somebody_else_puts_there_between_the_end_and_the_last_look_is_left_as_it_is(
        int theirBytes)
    {
        var replaced = 0;
        await using var other = Open(_port, Opener.Owner, attempts: 2, TimeProvider.System);
        await using var theirs = new PatternStream(theirBytes);
        StoredObject? put = null;
        await using var proxy = ProxyAtTheEnd(
            async () => put = await other.PutAsync(Key, new ObjectUpload(theirs), Ct),
            () => Interlocked.Exchange(ref replaced, 1) == 0);
        await using var store = Open(proxy, attempts: 2);
        await using var body = Body();

        var fault = await FaultOfAsync(() => store.PutAsync(Key, Upload(body), Ct));

        Assert.Equal(1, replaced);
        Assert.Equal(("storage.upload_replaced", FaultKind.Refused), (fault.Code, fault.Kind));
        Assert.NotNull(put);
        Assert.Equal(put, await other.FindAsync(Key, Ct));
    }

    [Fact]
    public async Task An_upload_that_somebody_else_removed_says_so()
    {
        await using var store = Open(_port, Opener.Owner, attempts: 2, TimeProvider.System);
        await using var other = Open(_port, Opener.Owner, attempts: 2, TimeProvider.System);
        await using var body =
            new PatternStream(BodyBytes) { StopAt = 40 * MiB, AtStop = ct => other.AbortUploadsAsync(Key, ct) };

        var fault = await FaultOfAsync(() => store.PutAsync(Key, Upload(body), Ct));

        Assert.Equal(RemovedCode, fault.Code);
        await AssertNothingIsLeftAsync();
    }

    /// <summary>Puts something else in the place of the object, with all that we keep with ours: less by a part, or two
    /// parts in the wrong order.</summary>
    protected abstract Task SpoilAsync(bool isTruncated);

    /// <summary>What the operator is told, where a service has words of its own.</summary>
    protected virtual string MistypedCode => "storage.credentials_refused";

    protected virtual string StrangerCode => "storage.forbidden";

    protected virtual string MissingCode => "storage.bucket_missing";

    protected virtual string ForgottenCode => "storage.parts_forgotten";

    protected virtual string RemovedCode => "storage.upload_removed";

    protected virtual string SwappedCode => "storage.checksum_differs";

    /// <summary>Something happens when the parts have been joined, before we are told.</summary>
    private S3Proxy ProxyAtTheEnd(Func<Task> meanwhile, Func<bool> isFirst) =>
        Proxy((call, _) => call == Call.Complete && isFirst() ? Verdict.Delay : Verdict.Pass, meanwhile);
}
