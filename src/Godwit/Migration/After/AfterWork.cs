using Godwit.Assess;
using Godwit.Faults;
using Godwit.Heroku;
using Godwit.Journal;
using Godwit.Pipeline;

namespace Godwit.Migration.After;

/// <summary>Does the items that Godwit can do, each only on request. Looks before it acts, so a request can be
/// repeated.</summary>
public sealed class AfterWork
{
    /// <summary>The step whose events report a backup.</summary>
    public const string BackupStep = "backup";

    // Heroku ends backups that take too long; one that takes a day is stuck.
    private static readonly TimeSpan BackupMax = TimeSpan.FromHours(24);

    private readonly HerokuClient _heroku;
    private readonly RunStory _story;
    private readonly AfterBackups _backups;
    private readonly TimeProvider _clock;
    private AfterTarget _target;

    private AfterWork(HerokuClient heroku, AfterTarget target, TimeProvider clock)
    {
        (_heroku, _story, _target, _clock) = (heroku, target.Story, target, clock);
        _backups = new(heroku, target);
    }

    public string BackupIntent => $"Let Heroku make a backup of {_target.AddOn.Name}";

    /// <summary>The new database as it is now, for people.</summary>
    public string Database => $"{_target.AddOn.Name}{(_target.Plan is { } plan ? $" ({plan})" : "")}";

    /// <exception cref="FaultException"><c>after.not_proven</c>, <c>after.rehearsal</c>.</exception>
    /// <param name="outcome">In words.</param>
    public static void RequireProven(RunStory story, string outcome)
    {
        if (story.Settings.Rehearsal is not null)
            throw new FaultException(AfterFaults.Rehearsal(story.RunId));
        if (story.Outcome != RunOutcome.Proven)
            throw new FaultException(AfterFaults.NotProven(story.RunId, outcome));
    }

    public static bool IsAtHeroku(RunStory story) => AfterTarget.AppOf(story) is not null;

    /// <exception cref="FaultException"><c>after.not_heroku</c>.</exception>
    public static void RequireHeroku(RunStory story)
    {
        if (!IsAtHeroku(story))
            throw new FaultException(AfterFaults.NotHeroku(story.RunId, story.Settings.To));
    }

    /// <param name="story">Of a proven migration.</param>
    /// <exception cref="FaultException"><c>after.not_in_use</c>, or Heroku cannot be asked.</exception>
    public static async Task<AfterWork> OpenAsync(
        HerokuClient heroku, RunStory story, TimeProvider clock, CancellationToken ct) =>
        new(heroku, await AfterTarget.FindAsync(heroku, story, ct), clock);

    public Task<IReadOnlyList<SeenItem>> LookAsync(CancellationToken ct) =>
        new AfterLooks(_heroku, _target).LookAsync(AfterList.Of(_story, _target.Plan), ct);

    public static IReadOnlyList<SeenItem> LookWithoutHeroku(RunStory story) =>
        AfterLooks.Blind(story, AfterList.Of(story));

    /// <summary>Makes the first backup, or waits for one that is being made.</summary>
    /// <exception cref="FaultException"><c>after.no_backups</c>, <c>after.backup_failed</c>,
    /// <c>after.backup_unseen</c>.</exception>
    public async Task<AfterResult> BackUpAsync(IProgress<StepEvent> progress, CancellationToken ct)
    {
        RequireBackups();
        progress.Report(new StepStarted(BackupStep, _clock.GetUtcNow(), BackupIntent));
        try
        {
            var (backup, wasDone) = await MakeBackupAsync(progress, ct);
            var done = new Evidence(
                $"Heroku has the backup {AfterWords.Backup(backup)}", "it ended, and its log has no error");
            progress.Report(new StepDone(BackupStep, _clock.GetUtcNow(), done, wasDone));
            return new(AfterKeys.FirstBackup, $"{done.Claim}.", wasDone);
        }
        catch (FaultException e)
        {
            var fault = e.Fault.Code is "heroku.answer_lost" or "heroku.transfer_slow" or "heroku.lost_sight"
                ? AfterFaults.BackupUnseen(_target.App, _story.RunId, e.Fault) : e.Fault;
            progress.Report(new StepFailed(BackupStep, _clock.GetUtcNow(), fault));
            throw new FaultException(fault, e);
        }
    }

    /// <exception cref="FaultException"><c>after.no_backups</c>, <c>after.scheduled_otherwise</c>,
    /// <c>after.not_scheduled</c>.</exception>
    public async Task<AfterResult> ScheduleAsync(HerokuDailyTime at, CancellationToken ct)
    {
        RequireBackups();
        var said = $"Heroku makes a backup of {_target.AddOn.Name} every day at {at}.";
        if (await IsScheduledAsync(at, ct))
            return new(AfterKeys.Schedule, said, WasDone: true);
        try
        {
            await _heroku.CreateScheduleAsync(_target.AddOn.Id, await _backups.VariableAsync(ct), at, ct);
        }
        catch (FaultException e) when (e.Fault.Code == "heroku.answer_lost")
        {
            throw new FaultException(AfterFaults.NotScheduled(_target.Owner, _story.RunId, $"{at}", e.Fault.Why), e);
        }

        return await IsScheduledAsync(at, ct)
            ? new(AfterKeys.Schedule, said, WasDone: false)
            : throw new FaultException(AfterFaults.NotScheduled(
                _target.Owner, _story.RunId, $"{at}", "Heroku accepted the schedule and does not show it"));
    }

    /// <summary>Removes the run's file with the new database's URL.</summary>
    /// <exception cref="FaultException"><c>after.env_file_foreign</c>, <c>after.env_file_stays</c>.</exception>
    public static async Task<AfterResult> RemoveEnvFileAsync(RunStory story, CancellationToken ct)
    {
        if (story.Settings.Switch.EnvFile is not { } path)
            return new(AfterKeys.EnvFile, "The run wrote no file with the new database's URL.", WasDone: true);
        var file = AfterLooks.EnvFileOf(story);
        switch (file.IsThereAndOurs)
        {
            case null:
                return new(AfterKeys.EnvFile, $"{path} is not there.", WasDone: true);
            case false:
                throw new FaultException(AfterFaults.EnvFileForeign(path));
        }

        try
        {
            await file.UndoAsync(ct);
        }
        catch (FaultException e) when (e.Fault.Code == "cutover.env_file_stays")
        {
            throw new FaultException(AfterFaults.EnvFileStays(path, e.Fault.Why), e);
        }

        return new(AfterKeys.EnvFile, $"{path} is removed.", WasDone: false);
    }

    /// <summary>Detaches names left from the migration; no database is destroyed.</summary>
    /// <exception cref="FaultException"><c>after.attachment_stays</c>.</exception>
    public async Task<AfterResult> RemoveAttachmentsAsync(CancellationToken ct)
    {
        var removed = _target.Removable;
        foreach (var one in removed)
            await _heroku.DeleteAttachmentAsync(one.Id, ct);
        if (removed.Count > 0)
            _target = await AfterTarget.FindAsync(_heroku, _story, ct);
        if (_target.Removable is [var left, ..])
            throw new FaultException(AfterFaults.AttachmentStays(left.Name, _target.App));
        var kept = _target.KeptOfFormer is { } last
            ? $" {last.Name} stays, because Heroku keeps one name of {last.Addon.Name} until that is destroyed." : "";
        return removed.Count > 0
            ? new(AfterKeys.Attachments, $"Detached from {_target.App}: {Names(removed)}.{kept}", WasDone: false)
            : new(AfterKeys.Attachments, $"No name is left from the migration that can go.{kept}", WasDone: true);
    }

    private static string Names(IEnumerable<HerokuAttachment> names) =>
        string.Join(", ", names.Select(one => one.Name));

    private void RequireBackups()
    {
        if (_target.Plan is { } plan && !BackupRouteLimits.HasRestore(plan))
            throw new FaultException(AfterFaults.NoBackups(_target.AddOn.Name, plan));
    }

    private async Task<(HerokuTransfer Backup, bool WasDone)> MakeBackupAsync(
        IProgress<StepEvent> progress, CancellationToken ct)
    {
        var found = await _backups.FindAsync(ct);
        if (found.FirstOrDefault(one => one.IsWhole) is { } whole)
            return (whole, true);
        var started = found.Count > 0 ? found[0] : await _heroku.CaptureAsync(_target.AddOn.Id, ct);
        var bytes = new BackupBytes(BackupStep, progress, _clock);
        var verdict = await new HerokuTransfers(_heroku)
            .WatchAsync(_target.AddOn.App.Id, started.Uuid, BackupMax, bytes, ct);
        return verdict.IsClean
            ? (verdict.Transfer, false)
            : throw new FaultException(AfterFaults.BackupFailed(verdict.Transfer.Name, _target.Owner, _story.RunId,
                verdict.Logs.Count == 0 ? "it left no log" : string.Join('\n', verdict.Logs.TakeLast(LogLinesMax))));
    }

    // Enough to show the reason; the whole log is at Heroku.
    private const int LogLinesMax = 5;

    private async Task<bool> IsScheduledAsync(HerokuDailyTime at, CancellationToken ct)
    {
        var there = await _backups.SchedulesAsync(ct);
        if (there.Any(at.Is))
            return true;
        return there is not [var other, ..] ? false : throw new FaultException(
            AfterFaults.ScheduledOtherwise(_target.Owner, other.Name, other.At, _story.RunId, $"{at}"));
    }
}
