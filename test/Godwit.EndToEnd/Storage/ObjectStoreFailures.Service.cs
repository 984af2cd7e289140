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
        await using var store = Open(_port, Opener.Mistyped, attempts: 2, TimeProvider.System);

        foreach (var action in new Func<Task>[] { () => store.CheckAsync(Ct), () => store.CheckWritableAsync(Ct), () => PutAsync(store, "x") })
            Assert.Equal("storage.credentials_refused", (await FaultOfAsync(action)).Code);

        await AssertNothingIsLeftAsync();
    }

    [Fact]
    public async Task A_bucket_of_somebody_else_is_forbidden_and_the_missing_right_is_named()
    {
        await using var store = Open(_port, Opener.Stranger, attempts: 2, TimeProvider.System);

        foreach (var action in new Func<Task>[] { () => store.CheckAsync(Ct), () => store.CheckWritableAsync(Ct), () => PutAsync(store, "x") })
        {
            var fault = await FaultOfAsync(action);
            Assert.Equal(("storage.forbidden", FaultKind.Refused), (fault.Code, fault.Kind));
        }

        await AssertNothingIsLeftAsync();
    }

    [Fact]
    public async Task A_bucket_that_nobody_made_is_missing_whatever_is_asked_of_it()
    {
        await using var store = OpenMissing();

        foreach (var action in new Func<Task>[] { () => store.CheckAsync(Ct), () => store.CheckWritableAsync(Ct), () => PutAsync(store, "x") })
            Assert.Equal("storage.bucket_missing", (await FaultOfAsync(action)).Code);
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
        await using var proxy = Proxy((call, part) => call == Call.SendPart && part == forgotten ? Verdict.Swallow : Verdict.Pass);
        await using var store = Open(proxy, attempts: 2);
        await using var body = Body();

        var fault = await FaultOfAsync(() => store.PutAsync(Key, Upload(body), Ct));

        Assert.Contains(fault.Code, new[] { "storage.parts_forgotten", "storage.size_differs", "storage.checksum_differs" });
        await AssertNothingIsLeftAsync();
    }

    /// <summary>The service joins something else than what was sent, and says it is done. It keeps with the object what we keep with ours, so that nothing but the
    /// content tells.</summary>
    [Theory]
    [InlineData("truncated", "storage.size_differs")]
    [InlineData("swapped", "storage.checksum_differs")]
    public async Task A_service_that_joined_something_else_is_found_by_the_last_look_and_nobody_can_restore_from_it(string how, string code)
    {
        var spoiled = 0;
        await using var proxy = Proxy(
            (call, _) => call == Call.Complete && Interlocked.Exchange(ref spoiled, 1) == 0 ? Verdict.Delay : Verdict.Pass,
            meanwhile: () => SpoilAsync(how));
        await using var store = Open(proxy, attempts: 2);
        await using var body = Body();

        var fault = await FaultOfAsync(() => store.PutAsync(Key, Upload(body), Ct));

        Assert.Equal(1, spoiled);
        Assert.Equal((code, FaultKind.Broken), (fault.Code, fault.Kind));
        Assert.Contains("deleted", fault.Remedy, StringComparison.Ordinal);
        await AssertNothingIsLeftAsync();
    }

    [Fact]
    public async Task An_upload_that_somebody_else_removed_says_so()
    {
        await using var store = Open(_port, Opener.Owner, attempts: 2, TimeProvider.System);
        await using var other = Open(_port, Opener.Owner, attempts: 2, TimeProvider.System);
        await using var body = new PatternStream(BodyBytes) { StopAt = 40 * MiB, AtStop = ct => other.AbortUploadsAsync(Key, ct) };

        var fault = await FaultOfAsync(() => store.PutAsync(Key, Upload(body), Ct));

        Assert.Equal("storage.upload_removed", fault.Code);
        await AssertNothingIsLeftAsync();
    }

    private async Task SpoilAsync(string how)
    {
        await using var service = Open(_port, Opener.Owner, attempts: 2, TimeProvider.System);
        await using var right = Body();
        using var bytes = new MemoryStream();
        await bytes.WriteAsync(_head, Ct);
        await right.CopyToAsync(bytes, Ct);
        var content = bytes.ToArray();
        const int Part = 8 * MiB;
        content = how == "truncated"
            ? [.. content.AsSpan(0, 3 * Part), .. content.AsSpan((3 * Part) + 1)]
            : [.. content.AsSpan(0, Part), .. content.AsSpan(2 * Part, Part), .. content.AsSpan(Part, Part), .. content.AsSpan(3 * Part)];
        // Deleted first: a service may keep the parts of what is replaced for a while.
        await service.DeleteAsync(Key, Ct);
        await service.PutAsync(Key, new ObjectUpload(new MemoryStream(content)), Ct);
    }
}
