using Godwit.Journal;
using Godwit.Pipeline;

namespace Godwit.Migration;

/// <summary>Writes each event to the journal, then shows it. Byte counts are only shown: they would fill the
/// disk.</summary>
internal sealed class Recorder(IRunJournal journal, TimeProvider clock, IProgress<StepEvent> face)
    : IProgress<StepEvent>
{
    private StepTraits _traits;

    public string? Current { get; private set; }

    public bool HasPutBack { get; private set; }

    public void Report(StepEvent value)
    {
        if (value is StepStarted started)
            (Current, _traits) = (value.Step, started.Traits ?? StepTraits.None);
        if (value is not BytesMoved)
            journal.Append(new Happened(clock.GetUtcNow(), value));
        if (value is StepDone && _traits.HasFlag(StepTraits.PointOfNoReturn))
            journal.Remember(RunStory.CutOverKey, true);
        HasPutBack |= value is StepUndone;
        try
        {
            face.Report(value);
        }
        catch (IOException)
        {
            // A closed terminal or pipe: the event is in the journal, and the run does not depend on being watched.
        }
    }

    public RunOutcome End(RunOutcome outcome)
    {
        journal.Append(new RunEnded(clock.GetUtcNow(), outcome));
        return outcome;
    }
}
