using Godwit.Faults;
using Godwit.Pipeline;
using Godwit.Requests;

namespace Godwit.Journal;

/// <summary>Reads a journal into a <see cref="RunStory"/>.</summary>
public sealed class RunTeller
{
    private readonly List<string> _order = [];
    private readonly Dictionary<string, StepStory> _steps = new(StringComparer.Ordinal);
    private readonly List<Observed> _observations = [];
    private readonly List<Observed> _earlier = [];
    private readonly Dictionary<string, ItemCompared> _comparisons = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _memory = new(StringComparer.Ordinal);
    private RunStarted? _started;
    private RunSettings? _settings;
    private RunOutcome _outcome;
    private DateTimeOffset? _endedAt;
    private DateTimeOffset _lastLineAt;
    private int _resumes;
    private bool _dropsTarget;
    private readonly StoppedAgain _stoppedAgain = new();

    private RunTeller()
    {
    }

    /// <param name="path">For the fault.</param>
    /// <exception cref="FaultException"><c>journal.damaged</c>.</exception>
    public static RunStory Tell(IEnumerable<JournalLine> lines, string path)
    {
        var teller = new RunTeller();
        foreach (var line in lines)
            teller.Take(line);
        if (teller._started is not { } started)
            throw new FaultException(JournalFaults.Damaged(path, 1, "a journal begins with run_started"));
        return new RunStory
        {
            RunId = started.RunId,
            GodwitVersion = started.GodwitVersion,
            Settings = teller._settings ?? started.Settings,
            StartedAt = started.At,
            EndedAt = teller._endedAt,
            LastLineAt = teller._lastLineAt,
            Outcome = teller._outcome,
            Resumes = teller._resumes,
            DropsTarget = teller._dropsTarget,
            StoppedAgain = teller._stoppedAgain.Found,
            Steps = [.. teller._order.Select(name => teller._steps[name])],
            Observations = teller._observations,
            Comparisons = [.. teller._comparisons.Values],
            Memory = teller._memory,
        };
    }

    private void Take(JournalLine line)
    {
        _lastLineAt = line.At;
        _stoppedAgain.Take(line, _memory, TraitsOf);
        switch (line)
        {
            case RunStarted started:
                _started = started;
                break;
            case RunResumed resumed:
                _settings = resumed.Settings;
                _resumes++;
                _dropsTarget = false;
                Reopen();
                break;
            case RollbackStarted back:
                _dropsTarget = back.DropsTarget;
                Reopen();
                break;
            case Remembered { Value: null } forgotten:
                _memory.Remove(forgotten.Key);
                break;
            case Remembered remembered:
                _memory[remembered.Key] = remembered.Value;
                break;
            case RunEnded ended:
                _outcome = ended.Outcome;
                _endedAt = ended.At;
                break;
            case Happened happened:
                Take(happened.Event);
                break;
        }
    }

    private void Reopen()
    {
        _outcome = RunOutcome.Open;
        _endedAt = null;
    }

    private void Take(StepEvent happened)
    {
        switch (happened)
        {
            case StepStarted started:
                _earlier.RemoveAll(seen => seen.Step == started.Step);
                _earlier.AddRange(_observations.Where(seen => seen.Step == started.Step));
                _observations.RemoveAll(seen => seen.Step == started.Step);
                Set(new StepStory(started.Step, started.Intent, TraitsOf(started))
                {
                    State = StepState.Running,
                    StartedAt = started.At,
                });
                break;
            case Observed observed:
                _observations.Add(observed);
                break;
            case ItemCompared compared when TraitsOf(compared).HasFlag(StepTraits.Proves):
                _comparisons[compared.Table] = compared;
                break;
            case StepDone done:
                // A step that is still done keeps what was observed when it ran.
                if (done.WasAlreadyDone)
                    _observations.AddRange(_earlier.Where(seen => seen.Step == done.Step));
                Set(StepOf(done) with
                {
                    State = StepState.Done,
                    EndedAt = done.At,
                    Evidence = done.Evidence,
                    WasAlreadyDone = done.WasAlreadyDone,
                });
                break;
            case StepFailed failed:
                Set(StepOf(failed) with { State = StepState.Failed, EndedAt = failed.At, Fault = failed.Fault });
                break;
            case StepUndone undone:
                Set(StepOf(undone) with
                {
                    State = StepState.Undone,
                    UndoResult = undone.UndoResult,
                    UndoneAt = undone.At,
                    UndoFault = null,
                });
                break;
            case UndoFailed failed:
                Set(StepOf(failed) with { UndoFault = failed.Fault });
                break;
        }
    }

    private StepStory StepOf(StepEvent happened) =>
        _steps.GetValueOrDefault(happened.Step) ?? new StepStory(happened.Step, happened.Step, TraitsOf(happened));

    private StepTraits TraitsOf(StepEvent happened) => happened is StepStarted { Traits: { } kept } ? kept
        : _steps.GetValueOrDefault(happened.Step)?.Traits ?? OlderSteps.TraitsOf(happened.Step);

    private void Set(StepStory step)
    {
        if (_steps.TryAdd(step.Name, step))
            _order.Add(step.Name);
        else
            _steps[step.Name] = step;
    }
}
