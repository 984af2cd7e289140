using Godwit.Journal;
using Godwit.Pipeline;

namespace Godwit.App.Cli.Commands;

/// <summary>A run of another process, as its journal tells it while it is written. Bytes on their way are not in
/// there.</summary>
internal sealed class RunFollower(RunFolder runs, string runId, TimeProvider clock)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250);

    /// <summary>Tells the newest attempt from its beginning, then whatever is added.</summary>
    /// <param name="until">True for an event that ends the following; null: the end of the run does.</param>
    /// <returns>How the run ended; <c>Open</c> when its process died. Null: it was left, or <paramref name="until"/>
    /// was met.</returns>
    public async Task<RunOutcome?> FollowAsync(
        IProgress<StepEvent> face, Func<StepEvent, bool>? until, CancellationToken left)
    {
        var tail = new JournalTail(runs.JournalOf(runId));
        var isFirst = true;
        RunOutcome? ended = null;
        while (!left.IsCancellationRequested)
        {
            // Looked at before the journal is: what a process wrote before it ended is read then.
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
