using System.Globalization;
using Godwit.App.Cli.Commands;
using Godwit.App.Cli.Flags;
using Godwit.Pipeline;
using Godwit.Report;

namespace Godwit.App.Cli.Screens;

/// <summary>One line per fact, for logs and pipes.</summary>
internal sealed class PlainFace(TextWriter writer, TimeProvider clock) : IProgress<StepEvent>
{
    private static readonly TimeSpan BytesEvery = TimeSpan.FromSeconds(5);

    private readonly Throttle _bytes = new(BytesEvery, clock);
    private readonly Rate _rate = new(clock);
    private readonly Lock _gate = new();

    public void Report(StepEvent value)
    {
        ProblemText.Remember(value);
        lock (_gate)
        {
            if (value is BytesMoved && !_bytes.IsDue())
                return;
            if (Line(value) is { } line)
                Write($"{value.At.ToLocalTime().ToString("HH:mm:ss", CultureInfo.InvariantCulture)}  {value.Step,-8}  ",
                    line);
        }
    }

    // Indents further lines of a message. Removes control codes, so that foreign text cannot move the cursor.
    private void Write(string start, string line) =>
        writer.WriteLine(start
            + Words.Block(line).Replace("\n", "\n" + new string(' ', start.Length), StringComparison.Ordinal));

    private string? Line(StepEvent value) => value switch
    {
        StepStarted started => started.Intent,
        BytesMoved moved => _rate.Describe(moved),
        StateChanged changed => $"{changed.Subject}: {changed.State}",
        ItemCompared { SourceRows: { } rows } same when rows == same.TargetRows => null,
        ItemCompared { SourceRows: null, TargetRows: null } unknown =>
            $"{Words.Name(unknown.Table)}: could not be compared",
        ItemCompared different => $"{Words.Name(different.Table)}: "
            + $"{different.SourceRows?.ToString(CultureInfo.InvariantCulture) ?? "missing"} rows at the source, "
            + $"{different.TargetRows?.ToString(CultureInfo.InvariantCulture) ?? "missing"} at the target",
        Observed observed => observed.Finding.InWords(),
        StepDone done =>
            $"{(done.WasAlreadyDone ? "already done" : "done")}: {done.Evidence.Claim} ({done.Evidence.Proof})",
        StepFailed failed => $"FAILED: {failed.Fault.What}: {failed.Fault.Why} [{failed.Fault.Code}]",
        StepUndone undone => $"put back: {undone.UndoResult}",
        UndoFailed failed => $"NOT PUT BACK: {failed.Fault.What}: {failed.Fault.Why} [{failed.Fault.Code}]",
        _ => null,
    };
}
