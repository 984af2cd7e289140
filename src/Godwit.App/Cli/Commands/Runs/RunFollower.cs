using Godwit.Journal;
using Godwit.Pipeline;

namespace Godwit.App.Cli.Commands;

/// <summary>Follows another process's run through its journal, which has no progress in bytes.</summary>
internal sealed class RunFollower(RunFolder runs, string runId, TimeProvider clock)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250);

    /// <summary>Reports the newest attempt from its beginning, then each new event. Returns how the run ended;
    /// <c>Open</c> when its process died. Null: <paramref name="left"/> or <paramref name="until"/> came
    /// first.</summary>
    /// <param name="until">True for an event that ends the following; null: only the run's end does.</param>
    public async Task<RunOutcome?> FollowAsync(
        IProgress<StepEvent> face, Func<StepEvent, bool>? until, CancellationToken left)
    {
        var tail = new JournalTail(runs.JournalOf(runId));
        var isFirst = true;
        RunOutcome? ended = null;
        while (!left.IsCancellationRequested)
        {
            // Before the journal is read, so that all that a process wrote before its end is read.
            var isHeld = runs.IsHeld(runId);
            var lines = tail.ReadNew();
            foreach (var line in isFirst ? NewestAttempt(lines) : lines)
            {
                ended = line switch
                {
                    RunEnded end => end.Outcome,
                    _ when BeginsAttempt(line) => null,
                    _ => ended,
                };
                if (line is not Happened happened)
                    continue;
                face.Report(happened.Event);
                if (until?.Invoke(happened.Event) == true)
                    return null;
            }

            isFirst = false;
            if (ended is not null || !isHeld)
                return ended ?? RunOutcome.Open;
            await Task.Delay(LookEvery, clock, left).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return null;
    }

    private static IEnumerable<JournalLine> NewestAttempt(IReadOnlyList<JournalLine> lines) =>
        lines.Skip(lines.Index().Last(line => BeginsAttempt(line.Item)).Index);

    private static bool BeginsAttempt(JournalLine line) => line is RunStarted or RunResumed or RollbackStarted;
}
