using Godwit.App.Cli;
using Godwit.App.Cli.Screens;
using Godwit.Dump;
using Godwit.Faults;

namespace Godwit.Tests.Cli;

public sealed class DumpScreenTests
{
    private static readonly Fault Some = new("dump.stopped", FaultKind.Refused, "What", "why", "Remedy.");

    [Fact]
    public void At_the_end_it_says_what_was_written_how_fast_and_from_what()
    {
        var result = new DumpResult("s3://bucket/a.dump", 455_200_000, "\"9b2c-58\"", "godwit", 46, 377_692,
            1_600_000_000, TimeSpan.FromSeconds(9.6));
        Assert.Equal("""
            Wrote s3://bucket/a.dump: 455.2 MB in 9.6 s, 47.4 MB/s; 46 tables, 377,692 rows, 1.6 GB before compression
              by godwit; etag 9b2c-58
            """, DumpScreen.Summary(result), ignoreLineEndingDifferences: true);
    }

    [Fact]
    public void What_nobody_counted_is_not_told()
    {
        var result = new DumpResult("/srv/shop.dump", 1000, null, "pg_dump 15.14", null, null, null, TimeSpan.Zero);
        Assert.Equal("Wrote /srv/shop.dump: 1.0 kB in 0.0 s\n  by pg_dump 15.14", DumpScreen.Summary(result));
    }

    [Fact]
    public void What_is_left_decides_the_exit_code_of_a_dump_that_failed()
    {
        Assert.Equal(ExitCodes.FailedAndUndone, ExitCodes.Of(new DumpOutcome(null, Some, null)));
        Assert.Equal(ExitCodes.NeedsAPerson, ExitCodes.Of(new DumpOutcome(null, Some, Some)));
        Assert.Equal(ExitCodes.Proven, ExitCodes.Of(new DumpOutcome(
            new DumpResult("x", 1, null, "godwit", null, null, null, TimeSpan.Zero), null, null)));
    }
}
