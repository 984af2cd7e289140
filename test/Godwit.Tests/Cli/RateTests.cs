using Godwit.App.Cli.Flags;
using Godwit.Pipeline;

namespace Godwit.Tests.Cli;

public sealed class RateTests
{
    private readonly HandClock _clock = new();
    private readonly Rate _rate;

    public RateTests() => _rate = new Rate(_clock);

    [Fact]
    public void The_first_word_of_a_step_has_no_rate_yet() => Assert.Equal("nothing yet", Describe(0, null));

    [Fact]
    public void Rate_and_time_left_come_from_what_was_moved_since_the_step_began()
    {
        Describe(10_000_000, 100_000_000);
        _clock.Pass(5);
        Assert.Equal("archive 30.0 MB of about 100.0 MB, 4.0 MB/s, 17.5 s left", Describe(30_000_000, 100_000_000));
    }

    [Fact]
    public void In_its_first_seconds_a_step_promises_no_time()
    {
        Describe(10_000_000, 100_000_000);
        _clock.Pass(4.9);
        Assert.EndsWith("MB/s", Describe(30_000_000, 100_000_000), StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_dump_moves_is_its_archive_and_other_steps_say_what_they_move_themselves()
    {
        Assert.Equal("1 row, archive 12 B of ?", _rate.Describe(new BytesMoved("dump", default, 12, null, 1)));
        Assert.Equal("2,000 rows, archive 24 B of ?", _rate.Describe(new BytesMoved("dump", default, 24, null, 2000)));
        Assert.Equal("12 B of about 99 B", _rate.Describe(new BytesMoved("restore", default, 12, 99)));
    }

    [Fact]
    public void An_unknown_total_is_a_question_mark_and_no_time_is_promised()
    {
        Describe(0, null);
        _clock.Pass(1);
        Assert.Equal("archive 5.0 MB of ?, 5.0 MB/s", Describe(5_000_000, null));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(150)]
    public void When_the_estimate_is_reached_no_time_is_left_over(long done)
    {
        Describe(0, 100);
        _clock.Pass(10);
        Assert.Equal($"archive {done} B of about 100 B, {done / 10} B/s", Describe(done, 100));
    }

    [Fact]
    public void Nothing_moved_is_no_rate_and_no_division_by_it()
    {
        Describe(5, 10);
        _clock.Pass(60);
        Assert.Equal("archive 5 B of about 10 B", Describe(5, 10));
    }

    [Fact]
    public void Another_step_begins_anew()
    {
        Describe(0, null);
        _clock.Pass(10);
        Assert.Equal("1.0 kB of ?", _rate.Describe(new BytesMoved("restore", default, 1000, null)));
    }

    [Fact]
    public void Rows_are_told_from_the_first_part_that_has_arrived()
    {
        Assert.Equal("12 B of about 99 B", _rate.Describe(new BytesMoved("copy", default, 12, 99, 0)));
        Assert.Equal("3 rows, 24 B of about 99 B", _rate.Describe(new BytesMoved("copy", default, 24, 99, 3)));
    }

    [Fact]
    public void A_dump_tells_what_is_read_of_what_was_measured_and_its_archive_once_there_is_one()
    {
        string Dump(long archive, long? about, long? rows, long read) =>
            _rate.Describe(new BytesMoved("dump", default, archive, about, rows, read, 100_000_000));
        Assert.Equal("0 B of 100.0 MB read", Dump(0, null, null, 0));
        _clock.Pass(4);
        Assert.Equal("25 rows, 4.0 MB of 100.0 MB read, 1.0 MB/s", Dump(0, null, 25, 4_000_000));
        Assert.Equal("25 rows, 4.0 MB of 100.0 MB read, 1.0 MB/s; archive 12 B", Dump(12, null, 25, 4_000_000));
        _clock.Pass(6);
        Assert.Equal("50 rows, 20.0 MB of 100.0 MB read, 2.0 MB/s, 40.0 s left; archive 5.0 MB of about 25.0 MB",
            Dump(5_000_000, 25_000_000, 50, 20_000_000));
    }

    [Fact]
    public void What_nobody_knows_is_not_told() =>
        Assert.Equal("3 rows", _rate.Describe(new BytesMoved("restore", default, 0, null, 3)));

    private string Describe(long done, long? total) => _rate.Describe(new BytesMoved("dump", default, done, total));
}
