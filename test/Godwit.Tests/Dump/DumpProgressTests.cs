using Godwit.Dump;
using Godwit.Faults;
using Godwit.Pipeline;
using Godwit.Postgres;

namespace Godwit.Tests.Dump;

public sealed class DumpProgressTests : IProgress<StepEvent>, IDumpWatch
{
    private readonly List<StepEvent> _told = [];
    private readonly List<long> _advances = [];

    private BytesMoved Last => Assert.IsType<BytesMoved>(_told[^1]);

    void IProgress<StepEvent>.Report(StepEvent value) => _told.Add(value);

    void IDumpWatch.Planned(long sourceBytes) => _advances.Add(-sourceBytes);

    void IDumpWatch.Advanced(long sourceBytes, long rows, long archiveBytes) => _advances.Add(sourceBytes);

    void IDumpWatch.FewerJobs(int wanted, int had)
    {
    }

    void IDumpWatch.Waits(LockWait wait)
    {
    }

    [Fact]
    public void The_total_is_unknown_until_a_twentieth_of_the_data_is_read()
    {
        var progress = Of(planned: 1000);
        progress.Advanced(49, 1, 10);
        Assert.Null(Last.TotalBytes);
        progress.Advanced(1, 1, 10);
        Assert.Equal(400, Last.TotalBytes);
    }

    [Fact]
    public void The_total_is_told_from_what_was_made_and_not_from_what_has_arrived()
    {
        var progress = Of(planned: 1000);
        progress.Advanced(500, 3, 100);
        progress.Report(20);
        Assert.Equal((20L, 200L, 3L), (Last.DoneBytes, Last.TotalBytes, Last.Rows));
    }

    [Fact]
    public void What_is_read_and_all_there_is_to_read_are_told_with_the_first_rows()
    {
        var progress = Of(planned: 1000);
        progress.Advanced(49, 1, 10);
        Assert.Equal((49L, 1000L), (Last.ReadBytes, Last.ReadTotalBytes));
    }

    [Fact]
    public void What_has_arrived_never_goes_down()
    {
        var progress = Of(planned: 1);
        foreach (var sent in new[] { 5, 20, 10, 20, 30 })
            progress.Report(sent);
        Assert.Equal([5, 20, 20, 20, 30], _told.Cast<BytesMoved>().Select(one => one.DoneBytes));
    }

    [Fact]
    public void A_database_without_data_has_no_total_and_does_not_divide_by_nothing()
    {
        var progress = Of(planned: 0);
        progress.Advanced(0, 0, 7);
        progress.Report(7);
        Assert.Equal((7L, null, null), (Last.DoneBytes, Last.TotalBytes, Last.Rows));
    }

    [Fact]
    public void Fewer_connections_than_asked_for_are_a_note_and_no_failure()
    {
        Of(planned: 0).FewerJobs(8, 2);
        var note = Assert.IsType<Observed>(_told[^1]);
        Assert.Equal(("dump.fewer_jobs", Severity.Note, "The dump uses 2 connections instead of 8"),
            (note.Code, note.Severity, note.What));
    }

    [Fact]
    public void A_table_of_pg_dump_is_finished_when_it_names_the_next()
    {
        TableFacts[] tables = [new("a.b", "a.b", 500, true), new("a.\"c.d\"", "a.c.d", 30, true),
            new("\"a.c\".d", "a.c.d", 4, true)];
        var turn = new TablesInTurn(tables, this);
        foreach (var table in new[] { "a.c.d", "a.b", "a.unknown", "a.b" })
            turn.Started(table);
        Assert.Equal([-534, 0, 34, 500, 0], _advances);
    }

    private DumpProgress Of(long planned)
    {
        var progress = new DumpProgress("dump", this, TimeProvider.System);
        progress.Planned(planned);
        return progress;
    }
}
