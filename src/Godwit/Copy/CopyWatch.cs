using Godwit.Extract.Cleaning;
using Godwit.Faults;
using Godwit.Pipeline;
using Godwit.Postgres;

namespace Godwit.Copy;

/// <summary>Reports a copy's progress: rows and bytes of all workers, and the work under way.</summary>
internal sealed class CopyWatch(string step, IProgress<StepEvent> progress, TimeProvider clock)
{
    private readonly Lock _gate = new();
    private long? _planned;
    private long _copied;
    private long _rows;
    private long _objects;

    public long Rows => Interlocked.Read(ref _rows);

    /// <summary>Filled large objects, including empty ones.</summary>
    public long LargeObjects => Interlocked.Read(ref _objects);

    /// <summary>In the source's size.</summary>
    public long Bytes => Interlocked.Read(ref _copied);

    public TimeProvider Clock => clock;

    /// <summary>Once, before the first row.</summary>
    /// <param name="sourceBytes">Size at the source of all rows; null: not known before the end.</param>
    public void Planned(long? sourceBytes) => _planned = sourceBytes;

    /// <param name="sourceBytes">Part of the planned bytes.</param>
    public void Copied(long sourceBytes, long rows)
    {
        // Reported under the lock: otherwise reports of several workers could go backwards.
        lock (_gate)
        {
            _copied += sourceBytes;
            _rows += rows;
            progress.Report(new BytesMoved(step, clock.GetUtcNow(), _copied, _planned, _rows));
        }
    }

    public void Filled(int largeObjects) => Interlocked.Add(ref _objects, largeObjects);

    /// <summary>Reports the start of work at the target that may take a while.</summary>
    public void Begun(string title, string state) =>
        progress.Report(new StateChanged(step, clock.GetUtcNow(), title, state));

    /// <summary>Reports what is left out because the target would refuse it, before anything is created.</summary>
    /// <param name="file">For the statements; null: none is written.</param>
    public Task TellLeftOutAsync(CleanedContents? cleaned, string? file, CancellationToken ct) =>
        LeftOutTeller.TellAloneAsync(step, file, cleaned, progress, clock, ct);

    public void Refused(IReadOnlyList<LeftOut> rights, string? file) =>
        progress.Report(LeftOutWords.Refused(step, clock.GetUtcNow(), rights, file));

    public void FewerJobs(int wanted, int had) => Note("copy.fewer_jobs",
        $"The copy uses {Phrase.Count(had, "connection")} to each side instead of {Phrase.Number(wanted)}",
        "the source has no more to spare", "It takes longer; close idle sessions at the source if that matters.");

    public void SourceLocked(string table) => Note("copy.waits", $"The {step} waits for the rows of {table}",
        "somebody at the source holds or waits for an exclusive lock on it",
        "See who: SELECT a.pid, l.relation::regclass, l.granted, a.state, a.query FROM pg_locks l JOIN "
        + "pg_stat_activity a USING (pid) WHERE l.mode = 'AccessExclusiveLock'; wait for it or end it.",
        Severity.Warning);

    public void SourceWaits(LockWait wait) =>
        Waits(wait, "the source", $"The {step} gives up at last; --lock-wait says when.");

    public void TargetWaits(LockWait wait) =>
        Waits(wait, "the target", $"The {step} waits some minutes, and then gives up.");

    public void FewerAtTarget(int wanted, int carriers, int makers) => Note("copy.fewer_target_jobs",
        $"The {step} uses {Phrase.Count(carriers, "connection")} to the target for rows and "
        + $"{Phrase.Number(makers)} for indexes instead of {Phrase.Number(wanted)}",
        "the target has room for no more",
        "It takes longer; a larger plan has more connections, and so has the target when nobody else is connected.");

    private void Waits(LockWait wait, string where, string @else) =>
        Note("copy.waits", $"The {step} waits for {wait.Holder(where)}", wait.Why, wait.Remedy(@else),
            Severity.Warning);

    public void Note(string code, string what, string why, string remedy, Severity severity = Severity.Note) =>
        Note(new(code, severity, what, why, remedy));

    public void Note(Finding note) => progress.Report(new Observed(step, clock.GetUtcNow(), note));
}
