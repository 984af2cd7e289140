using Godwit.Pipeline;

namespace Godwit.Journal;

/// <summary>A time in which no application could write.</summary>
/// <param name="Until">Null: it lasts.</param>
public sealed record WritesStopped(DateTimeOffset From, DateTimeOffset? Until);

/// <summary>Finds in a journal when rollbacks stopped writes that the cut-over had allowed again.</summary>
internal sealed class StoppedAgain
{
    private readonly List<WritesStopped> _found = [];
    private DateTimeOffset? _backSince;

    /// <summary>Oldest first; only the last one may have no end.</summary>
    public IReadOnlyList<WritesStopped> Found => _found;

    /// <param name="memory">As before this line.</param>
    public void Take(
        JournalLine line, IReadOnlyDictionary<string, string> memory, Func<StepEvent, StepTraits> traitsOf)
    {
        switch (line)
        {
            case RollbackStarted:
                _backSince = line.At;
                break;
            case RunResumed:
                _backSince = null;
                break;
            // Downtime is counted from the last freeze on.
            case Remembered { Value: not null } frozen when frozen.Key == RunStory.FrozenAtKey.Name:
                _found.Clear();
                break;
            case Happened { Event: StepStarted started } when MayWrite(memory)
                && traitsOf(started).HasFlag(StepTraits.StopsWritesAgain):
                Begin(line.At);
                break;
            // A rollback without a comparison moves the apps to the source while that is still read-only.
            case Remembered { Value: null } gone when gone.Key == RunStory.CutOverKey.Name
                && memory.ContainsKey(RunStory.ThawedAtKey.Name):
                Begin(_backSince ?? line.At);
                break;
            case Happened { Event: StepUndone undone } when traitsOf(undone).HasFlag(StepTraits.StopsWrites):
            case Happened { Event: StepDone done } when traitsOf(done).HasFlag(StepTraits.LetsWrite):
                End(line.At);
                break;
            // A refused rollback lets the apps resume before it ends.
            case RunEnded { Outcome: not (RunOutcome.Open or RunOutcome.NeedsAPerson) }:
                End(line.At);
                break;
        }
    }

    private static bool MayWrite(IReadOnlyDictionary<string, string> memory) =>
        memory.ContainsKey(RunStory.ThawedAtKey.Name) || !memory.ContainsKey(RunStory.FrozenAtKey.Name);

    private void Begin(DateTimeOffset at)
    {
        if (_found is not [.., { Until: null }])
            _found.Add(new(at, null));
    }

    private void End(DateTimeOffset at)
    {
        if (_found is [.., { Until: null } open])
            _found[^1] = open with { Until = at };
    }
}
