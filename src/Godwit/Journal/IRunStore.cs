using Godwit.Faults;
using Godwit.Pipeline;

namespace Godwit.Journal;

/// <summary>Where runs are kept: their journals, and the locks that keep two processes from the same work.
/// <see cref="RunFolder"/> is a store on this machine.</summary>
public interface IRunStore
{
    /// <summary>Newest first.</summary>
    /// <exception cref="FaultException"><c>journal.unreadable</c>: also for a single run, because it may have left
    /// something frozen.</exception>
    IReadOnlyList<string> RunIds();

    /// <exception cref="FaultException">No such run, or a damaged journal.</exception>
    RunStory Tell(string runId);

    /// <summary>Starts a run with an empty journal. Ids sort by time, even within a second: "the last run" must be the
    /// last one.</summary>
    IRunJournal Create(TimeProvider clock);

    /// <summary>Opens a run to resume it or to roll it back.</summary>
    /// <exception cref="FaultException">No such run, it cannot be written, or another process writes it.</exception>
    IRunJournal Open(string runId, TimeProvider clock);

    /// <summary>Held while a process works on a run.</summary>
    /// <exception cref="FaultException"><c>journal.busy</c>, or no such run.</exception>
    IDisposable LockRun(string runId);

    /// <summary>Held while a run works on a target. Excludes other runs of this store; the lock in the target's own
    /// database excludes everybody else.</summary>
    /// <exception cref="FaultException"><c>journal.target_busy</c>.</exception>
    IDisposable LockTarget(string target);

    /// <summary>The folder on this machine for a run's files: its reports, what it left out.</summary>
    string FilesOf(string runId);
}

/// <summary>The journal of one run, open for its only writer. A line is permanent when the call returns.</summary>
public interface IRunJournal : IRunMemory, IDisposable
{
    string RunId { get; }

    /// <summary>While undoing, a line that cannot be written is skipped and its value kept in memory: restoring what
    /// was changed matters more than recording it.</summary>
    bool IsUndoing { get; set; }

    /// <summary>A line was skipped, so the journal is incomplete.</summary>
    bool HasLost { get; }

    /// <summary>Keys of all that <see cref="IRunMemory.Recall"/> has.</summary>
    IReadOnlyList<string> RememberedKeys { get; }

    void Append(JournalLine line);
}
