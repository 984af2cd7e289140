using Godwit.Faults;
using Godwit.Pipeline;

namespace Godwit.Journal;

/// <summary>Where runs are kept: their journals, and the locks that keep two from doing the same.
/// <see cref="RunFolder"/> is one on this machine.</summary>
public interface IRunStore
{
    /// <summary>Newest first.</summary>
    /// <exception cref="FaultException"><c>journal.unreadable</c>: also for a single run, because a run that cannot be
    /// read may have left something frozen.</exception>
    IReadOnlyList<string> RunIds();

    /// <exception cref="FaultException">No such run, or a damaged journal.</exception>
    RunStory Tell(string runId);

    /// <summary>A new run, whose journal holds nothing yet. Ids sort by time, also those of one second: "the last run"
    /// must be the last one.</summary>
    /// <exception cref="FaultException">It cannot be written.</exception>
    IRunJournal Create(TimeProvider clock);

    /// <summary>To go on with a run.</summary>
    /// <exception cref="FaultException">No such run, it cannot be written, or another process writes it.</exception>
    IRunJournal Open(string runId, TimeProvider clock);

    /// <summary>Held by whoever works on a run: nobody else takes it up meanwhile.</summary>
    /// <exception cref="FaultException"><c>journal.busy</c>, or no such run.</exception>
    IDisposable LockRun(string runId);

    /// <summary>Held while a run works on a target, so that two runs of this store never do; the target's own database
    /// holds another lock against everybody else.</summary>
    /// <exception cref="FaultException"><c>journal.target_busy</c>.</exception>
    IDisposable LockTarget(string target);

    /// <summary>The folder on this machine for files that belong to a run: its reports, what it left out.</summary>
    string FilesOf(string runId);
}

/// <summary>The journal of one run, open for its only writer. A line is kept for good before the call
/// returns.</summary>
public interface IRunJournal : IRunMemory, IDisposable
{
    string RunId { get; }

    /// <summary>While undoing, a line that cannot be written is left out and what it says is kept in memory: putting
    /// back what was changed is worth more than writing down that it was.</summary>
    bool IsUndoing { get; set; }

    /// <summary>A line was left out, so the journal no longer tells all.</summary>
    bool HasLost { get; }

    /// <summary>Of everything that <see cref="IRunMemory.Recall"/> has.</summary>
    IReadOnlyList<string> RememberedKeys { get; }

    /// <exception cref="FaultException">It cannot be written.</exception>
    void Append(JournalLine line);
}
