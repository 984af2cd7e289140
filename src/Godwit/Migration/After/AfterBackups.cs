using Godwit.Heroku;
using Godwit.Journal;
using Godwit.Load;
using Godwit.Pipeline;

namespace Godwit.Migration.After;

/// <summary>The new database's backups at Heroku, and their schedule.</summary>
internal sealed class AfterBackups(HerokuClient heroku, AfterTarget target)
{
    private const string UrlEnd = "_URL";

    private IReadOnlySet<string>? _names;

    /// <summary>Backups since the cut-over ended, newest first: whole ones and those still running. Older ones lack
    /// what the application writes now. Before, DATABASE may have been the former database, whose daily backups have
    /// that name.</summary>
    public async Task<IReadOnlyList<HerokuTransfer>> FindAsync(CancellationToken ct)
    {
        await FindNamesAsync(ct);
        var since = CutOverOf(target.Story);
        var all = await heroku.ListTransfersAsync(target.AddOn.App.Id, ct);
        // Heroku names a transfer's database by one of its attachments.
        return [.. all.Where(one => one.IsBackup && IsSince(one, since) && IsOurs(one.FromName ?? "")
            && (one.IsWhole || one.FinishedAt is null))];
    }

    /// <summary>The database's config var at the app that owns it: Heroku names its daily backups by that.</summary>
    public async Task<string> VariableAsync(CancellationToken ct) =>
        VariableOf(target.AddOn, await heroku.ListAttachmentsOfAsync(target.AddOn.Id, ct));

    /// <param name="ofDatabase">The database's attachments, to any app.</param>
    internal static string VariableOf(HerokuAttachedAddon addOn, IReadOnlyList<HerokuAttachment> ofDatabase) =>
        (ofDatabase.Where(one => one.App.Id == addOn.App.Id && one.Namespace is null).Select(one => one.Name)
            .OrderBy(one => one == AfterTarget.Primary ? 0 : 1).ThenBy(one => one, StringComparer.Ordinal)
            .FirstOrDefault() ?? AfterTarget.Primary) + UrlEnd;

    public async Task<IReadOnlyList<HerokuSchedule>> SchedulesAsync(CancellationToken ct)
    {
        await FindNamesAsync(ct);
        var all = await heroku.ListSchedulesAsync(target.AddOn.Id, ct);
        return [.. all.Where(one => IsOurs(one.Name.EndsWith(UrlEnd, StringComparison.Ordinal)
            ? one.Name[..^UrlEnd.Length] : one.Name))];
    }

    internal static DateTimeOffset CutOverOf(RunStory story)
    {
        var step = story.StepThat(StepTraits.PointOfNoReturn);
        return step?.EndedAt ?? step?.StartedAt ?? story.StartedAt;
    }

    /// <summary>Heroku's times are whole seconds: a backup of the cut-over's own second counts.</summary>
    internal static bool IsSince(HerokuTransfer backup, DateTimeOffset cutOver) =>
        backup.CreatedAt?.ToUnixTimeSeconds() >= cutOver.ToUnixTimeSeconds();

    // A name that the database has, or had until it was detached.
    private bool IsOurs(string name) => _names!.Contains(name) || (target.IsOrdered && MadeTarget.IsGivenName(name));

    // Heroku names backups by the attachments at the app that owns the database. If another app uses it, the owner may
    // have another database under the same name.
    private async Task FindNamesAsync(CancellationToken ct)
    {
        if (_names is not null)
            return;
        var (addOn, ofDatabase) = (target.AddOn, await heroku.ListAttachmentsOfAsync(target.AddOn.Id, ct));
        _names = NamesOf(addOn, target.App, ofDatabase,
            addOn.App.Name == target.App ? target.Attached : await heroku.ListAttachmentsAsync(addOn.App.Id, ct));
    }

    /// <param name="app">The app that uses the database.</param>
    /// <param name="ofDatabase">The database's attachments, to any app.</param>
    /// <param name="atOwner">All attachments to the app that owns it.</param>
    internal static IReadOnlySet<string> NamesOf(
        HerokuAttachedAddon addOn, string app, IReadOnlyList<HerokuAttachment> ofDatabase,
        IReadOnlyList<HerokuAttachment> atOwner) =>
        ofDatabase.Where(one => one.App.Id == addOn.App.Id || one.App.Name == app).Select(one => one.Name)
            .Except(atOwner.Where(one => one.Addon.Id != addOn.Id).Select(one => one.Name), StringComparer.Ordinal)
            .ToHashSet(StringComparer.Ordinal);
}

/// <summary>Reports the bytes of a backup that Heroku makes.</summary>
internal sealed class BackupBytes(string step, IProgress<StepEvent> progress, TimeProvider clock)
    : IProgress<HerokuTransfer>
{
    // The size of a dump is unknown until it is done.
    public void Report(HerokuTransfer value) =>
        progress.Report(new BytesMoved(step, clock.GetUtcNow(), value.ProcessedBytes ?? 0, TotalBytes: null));
}
