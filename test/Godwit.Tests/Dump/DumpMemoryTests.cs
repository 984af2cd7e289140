using Godwit.Dump;
using Godwit.Journal;
using Godwit.Pipeline;
using Godwit.Storage;

namespace Godwit.Tests.Dump;

public sealed class DumpMemoryTests : IRunMemory
{
    private static readonly StoredObject Stored = new("godwit-r1.dump", 1234, "etag");

    private readonly Dictionary<string, string> _values = [];
    private readonly DumpMemory _dump;

    public DumpMemoryTests() => _dump = new DumpMemory(this, "r1", RunStory.DumpBytesKey);

    string? IRunMemory.Recall(string key) => _values.GetValueOrDefault(key);

    void IRunMemory.Remember(string key, string? value)
    {
        if (value is null)
            _values.Remove(key);
        else
            _values[key] = value;
    }

    [Fact]
    public void Two_runs_never_meet_in_one_object() => Assert.NotEqual(_dump.Key,
        new DumpMemory(this, "r2", RunStory.DumpBytesKey).Key);

    [Fact]
    public void From_its_first_byte_on_something_may_be_in_the_store_and_nothing_counts_as_done()
    {
        Assert.False(_dump.MayBeInStore);
        Freeze("f1");
        _dump.Begin();
        Assert.True(_dump.MayBeInStore);
        Assert.False(_dump.IsOfThisFreeze);
    }

    [Fact]
    public void A_dump_counts_for_the_freeze_it_was_made_in_and_for_no_other()
    {
        Make("f1");
        Assert.True(_dump.IsOfThisFreeze);
        Freeze("f2");
        Assert.False(_dump.IsOfThisFreeze);
        Freeze(null);
        Assert.False(_dump.IsOfThisFreeze);
    }

    [Fact]
    public void A_dump_that_is_begun_again_does_not_count_until_it_is_whole()
    {
        Make("f1");
        _dump.Begin();
        Assert.False(_dump.IsOfThisFreeze);
    }

    [Fact]
    public void A_later_process_knows_what_this_one_remembered()
    {
        Make("f1");
        var later = new DumpMemory(this, "r1", RunStory.DumpBytesKey);
        Assert.Equal((1234L, TimeSpan.FromSeconds(2.5)), (later.SizeBytes, later.Took));
        Assert.True(later.IsSame(Stored));
        Assert.False(later.IsSame(Stored with { SizeBytes = 1235 }));
        Assert.False(later.IsSame(Stored with { ETag = "other" }));
    }

    [Fact]
    public void What_is_forgotten_need_not_be_deleted_and_does_not_count()
    {
        Make("f1");
        _dump.Forget();
        Assert.False(_dump.MayBeInStore);
        Assert.False(_dump.IsOfThisFreeze);
    }

    private void Freeze(string? epoch) => ((IRunMemory)this).Remember(DumpMemory.FreezeKey, epoch);

    private void Make(string epoch)
    {
        Freeze(epoch);
        _dump.Begin();
        _dump.End(Stored, TimeSpan.FromSeconds(2.5));
    }
}
