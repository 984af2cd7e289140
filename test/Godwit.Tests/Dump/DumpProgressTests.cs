using Godwit.Dump;
using Godwit.Pipeline;
using Godwit.Postgres;

namespace Godwit.Tests.Dump;

public sealed class DumpProgressTests : IProgress<StepEvent>
{
    private readonly List<BytesMoved> _told = [];

    void IProgress<StepEvent>.Report(StepEvent value) => _told.Add(Assert.IsType<BytesMoved>(value));

    [Fact]
    public void The_total_is_unknown_until_a_tenth_of_the_data_is_out()
    {
        var watch = Of(("public.large", 100), ("public.small", 900));
        watch.Report(5);
        watch.TableStarted("public.large");
        watch.Report(10);
        Assert.All(_told, one => Assert.Null(one.TotalBytes));
        watch.TableStarted("public.small");
        watch.Report(20);
        Assert.Equal(200, _told[^1].TotalBytes);
    }

    [Fact]
    public void The_total_follows_what_is_finished_and_is_never_less_than_what_is_sent()
    {
        var watch = Of(("a.a", 500), ("a.b", 400), ("a.c", 100));
        foreach (var (table, sent) in new[] { ("a.a", 10), ("a.b", 50), ("a.c", 90), ("a.none", 2000) })
        {
            watch.TableStarted(table);
            watch.Report(sent);
        }

        Assert.Equal([null, 100, 100, 2000], _told.Select(one => one.TotalBytes));
        Assert.All(_told, one => Assert.True(one.TotalBytes is not { } total || total >= one.DoneBytes));
    }

    [Fact]
    public void What_was_sent_never_goes_down()
    {
        var watch = Of(("a.a", 1));
        foreach (var sent in new[] { 5, 20, 10, 20, 30 })
            watch.Report(sent);
        Assert.Equal([5, 20, 20, 20, 30], _told.Select(one => one.DoneBytes));
    }

    [Fact]
    public void A_database_without_data_has_no_total_and_does_not_divide_by_nothing()
    {
        var watch = Of();
        watch.TableStarted("public.unknown");
        watch.Report(7);
        Assert.Equal((7L, null), (_told[^1].DoneBytes, _told[^1].TotalBytes));
    }

    private DumpProgress Of(params (string Plain, long Bytes)[] tables) =>
        new("dump", [.. tables.Select(table => new TableFacts(table.Plain, table.Plain, table.Bytes, Readable: true))], this, TimeProvider.System);
}
