using Godwit.App.Cli;
using Godwit.Faults;
using Godwit.Journal;

namespace Godwit.Tests.Cli;

public sealed class ExitCodesTests
{
    [Theory]
    [InlineData(RunOutcome.Proven, 0)]
    [InlineData(RunOutcome.RolledBack, 0)]
    [InlineData(RunOutcome.Rehearsed, 0)]
    [InlineData(RunOutcome.Refused, 1)]
    [InlineData(RunOutcome.RehearsalDiffers, 1)]
    [InlineData(RunOutcome.FailedAndUndone, 3)]
    [InlineData(RunOutcome.NeedsAPerson, 4)]
    [InlineData(RunOutcome.Open, 4)]
    public void How_a_run_ended_is_a_number(RunOutcome outcome, int code) => Assert.Equal(code, ExitCodes.Of(outcome));

    [Theory]
    [InlineData(FaultKind.Refused, 1)]
    [InlineData(FaultKind.Usage, 2)]
    [InlineData(FaultKind.Transient, 3)]
    [InlineData(FaultKind.Broken, 4)]
    public void So_is_a_fault_without_a_run(FaultKind kind, int code) => Assert.Equal(code, ExitCodes.Of(kind));

    [Fact]
    public void Every_number_is_explained_once()
    {
        var used = Enum.GetValues<RunOutcome>().Select(ExitCodes.Of)
            .Concat(Enum.GetValues<FaultKind>().Select(ExitCodes.Of)).Distinct().Order();
        Assert.Equal(used, ExitCodes.Table.Select(row => row.Code));
    }

    /// <summary>Standard output in a file, on a disk that fills up.</summary>
    [Fact]
    public async Task A_full_disk_is_no_defect()
    {
        using var output = new FullOnce();
        Assert.Equal(ExitCodes.NeedsAPerson, await GodwitCommand.RunAsync(["--help"], HelpTests.World(output)));
        Assert.Contains("cli.disk_full", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("No space left on device", output.ToString(), StringComparison.Ordinal);
    }

    private sealed class FullOnce : StringWriter
    {
        private const int NoSpace = 28;
        private bool _wasFull;

        public override void Write(string? value)
        {
            if (!_wasFull)
            {
                _wasFull = true;
                throw new IOException("No space left on device.", NoSpace);
            }

            base.Write(value);
        }
    }
}
