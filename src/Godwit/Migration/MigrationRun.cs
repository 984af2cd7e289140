using System.Reflection;
using Godwit.Faults;
using Godwit.Journal;
using Godwit.Pipeline;

namespace Godwit.Migration;

/// <summary>One run, from its start or from where it stopped.</summary>
public sealed class MigrationRun(MigrationParts parts, RunFolder folder)
{
    /// <summary>Undoing talks to the same servers that may just have failed: it is tried for this long and then told to a person.</summary>
    private static readonly TimeSpan UndoMax = TimeSpan.FromMinutes(10);

    public static string Version { get; } =
        typeof(MigrationRun).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>What would be done, from looking at nothing but the wishes.</summary>
    public async Task<IReadOnlyList<PlannedStep>> PlanAsync(CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        await using var route = new BackupRoute(parts, new VolatileMemory(), "RUN", onlyLooks: true);
        return [.. route.Steps.Select(step => new PlannedStep(step.Name, step.Intent, (step as IUndoableStep)?.UndoIntent))];
    }

    /// <summary>Looks at source, store and target as the run would first do, and changes nothing.</summary>
    /// <exception cref="FaultException">A blocker.</exception>
    public async Task AssessAsync(IProgress<StepEvent> progress, CancellationToken ct)
    {
        await using var route = new BackupRoute(parts, new VolatileMemory(), "RUN", onlyLooks: true);
        await new Runner(parts.Clock, progress).RunAsync(route.Steps.Take(1), ct);
    }

    /// <returns>The run's id and how it ended. A fault is in the journal and in the events; it is not thrown.</returns>
    /// <param name="started">Told the id before anything is done.</param>
    /// <exception cref="FaultException">The run could not even begin: no journal, or the target is taken.</exception>
    public async Task<RunOutcome> StartAsync(Action<string> started, IProgress<StepEvent> face, CancellationToken ct)
    {
        using var targetLock = folder.LockTarget(parts.Settings.To);
        var (runId, path) = folder.Create(parts.Clock.GetUtcNow());
        using var journal = RunJournal.Open(path, parts.Clock);
        journal.Append(new RunStarted(parts.Clock.GetUtcNow(), runId, Version, parts.Settings));
        started(runId);
        return await GoAsync(runId, journal, face, ct);
    }

    public async Task<RunOutcome> ResumeAsync(string runId, IProgress<StepEvent> face, CancellationToken ct)
    {
        using var targetLock = folder.LockTarget(parts.Settings.To);
        using var journal = RunJournal.Open(folder.JournalOf(runId), parts.Clock);
        journal.Append(new RunResumed(parts.Clock.GetUtcNow(), parts.Settings));
        return await GoAsync(runId, journal, face, ct);
    }

    /// <summary>Puts back everything the run changed, wherever it stands.</summary>
    public async Task<RunOutcome> RollBackAsync(string runId, IProgress<StepEvent> face, CancellationToken ct)
    {
        using var targetLock = folder.LockTarget(parts.Settings.To);
        using var journal = RunJournal.Open(folder.JournalOf(runId), parts.Clock);
        journal.Append(new RollbackStarted(parts.Clock.GetUtcNow()));
        await using var route = new BackupRoute(parts, journal, runId);
        if (!await new Runner(parts.Clock, new Recorder(journal, parts.Clock, face)).UndoAsync(route.Steps, ct))
            return End(journal, RunOutcome.NeedsAPerson);
        journal.Remember(RunStory.CutOverKey, null);
        return End(journal, RunOutcome.RolledBack);
    }

    private async Task<RunOutcome> GoAsync(string runId, RunJournal journal, IProgress<StepEvent> face, CancellationToken ct)
    {
        journal.Remember(RunStory.SourceKey, parts.Source.ToString());
        journal.Remember(RunStory.TargetKey, parts.Target.ToString());
        await using var route = new BackupRoute(parts, journal, runId);
        var recorder = new Recorder(journal, parts.Clock, face);
        var runner = new Runner(parts.Clock, recorder);
        try
        {
            await runner.RunAsync(StepsToTake(route, journal), ct);
            return End(journal, RunOutcome.Proven);
        }
        catch (FaultException e)
        {
            return End(journal, await FailAsync(route, journal, runner, recorder, e.Fault));
        }
    }

    /// <summary>After the cut-over the applications write into the target. To freeze, dump and restore again would lose what they wrote,
    /// and to compare would find it: a resume only finishes what is behind the cut-over.</summary>
    private static IEnumerable<IStep> StepsToTake(BackupRoute route, RunJournal journal) =>
        HasCutOver(journal) ? route.Steps.SkipWhile(step => step.Name != BackupRoute.PointOfNoReturn) : route.Steps;

    private static bool HasCutOver(RunJournal journal) => journal.Recall(RunStory.CutOverKey) is not null;

    /// <summary>A resume may fail before the step at which the attempt before it died, so every step is undone, not only those of this attempt.</summary>
    private static async Task<RunOutcome> FailAsync(BackupRoute route, RunJournal journal, Runner runner, Recorder recorder, Fault fault)
    {
        if (HasCutOver(journal))
            return RunOutcome.NeedsAPerson;
        using var limit = new CancellationTokenSource(UndoMax);
        if (!await runner.UndoAsync(route.Steps, limit.Token))
            return RunOutcome.NeedsAPerson;
        var names = route.Steps.Select(step => step.Name).ToList();
        var isBeforeAnyChange = !recorder.HasPutBack && names.IndexOf(recorder.Current ?? "") < names.IndexOf(BackupRoute.FirstChange);
        return isBeforeAnyChange && fault.Kind is FaultKind.Refused or FaultKind.Usage ? RunOutcome.Refused : RunOutcome.FailedAndUndone;
    }

    private RunOutcome End(RunJournal journal, RunOutcome outcome)
    {
        journal.Append(new RunEnded(parts.Clock.GetUtcNow(), outcome));
        return outcome;
    }

    /// <summary>Writes every fact that a later look needs, then shows it. Bytes on their way are only shown: they would fill the disk.</summary>
    private sealed class Recorder(RunJournal journal, TimeProvider clock, IProgress<StepEvent> face) : IProgress<StepEvent>
    {
        public string? Current { get; private set; }

        public bool HasPutBack { get; private set; }

        public void Report(StepEvent value)
        {
            if (value is StepStarted)
                Current = value.Step;
            if (value is not BytesMoved)
                journal.Append(new Happened(clock.GetUtcNow(), value));
            if (value is StepDone { Step: BackupRoute.PointOfNoReturn })
                journal.Remember(RunStory.CutOverKey, "done");
            HasPutBack |= value is StepUndone;
            face.Report(value);
        }
    }
}

/// <param name="UndoIntent">Null: nothing of it has to be undone.</param>
public sealed record PlannedStep(string Name, string Intent, string? UndoIntent);
