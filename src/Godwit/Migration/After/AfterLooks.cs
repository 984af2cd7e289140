using Godwit.Cutover.Switch;
using Godwit.Faults;
using Godwit.Heroku;
using Godwit.Journal;

namespace Godwit.Migration.After;

/// <summary>Finds the state of each item of the list. Changes nothing.</summary>
internal sealed class AfterLooks(HerokuClient heroku, AfterTarget target)
{
    private readonly AfterBackups _backups = new(heroku, target);

    public async Task<IReadOnlyList<SeenItem>> LookAsync(IReadOnlyList<AfterItem> items, CancellationToken ct)
    {
        var seen = new List<SeenItem>();
        foreach (var item in items)
        {
            var (state, what) = await LookAsync(item.Key, ct);
            seen.Add(new(item, state, what));
        }

        return seen;
    }

    /// <summary>For when Heroku cannot be asked.</summary>
    public static IReadOnlyList<SeenItem> Blind(RunStory story, IReadOnlyList<AfterItem> items) =>
    [
        .. items.Select(item =>
        {
            var (state, what) = item.Key == AfterKeys.EnvFile ? EnvFile(story) : (AfterState.Unseen, null);
            return new SeenItem(item, state, what);
        }),
    ];

    private async Task<(AfterState State, string? Seen)> LookAsync(string key, CancellationToken ct)
    {
        try
        {
            return key switch
            {
                AfterKeys.FirstBackup => await FirstBackupAsync(ct),
                AfterKeys.Schedule => await ScheduleAsync(ct),
                AfterKeys.Availability => await AvailabilityAsync(ct),
                AfterKeys.Pooling => Pooling(),
                AfterKeys.EnvFile => EnvFile(target.Story),
                AfterKeys.Attachments => Attachments(),
                _ => (AfterState.Unseen, null),
            };
        }
        catch (FaultException e) when (!ct.IsCancellationRequested)
        {
            // A fault of one item does not hide the others.
            return (AfterState.Unseen, $"{e.Fault.What}: {e.Fault.Why} [{e.Fault.Code}]");
        }
    }

    private async Task<(AfterState, string?)> FirstBackupAsync(CancellationToken ct)
    {
        var found = await _backups.FindAsync(ct);
        return found.FirstOrDefault(one => one.IsWhole) is { } whole ? (AfterState.Done, AfterWords.Backup(whole))
            : found.Count > 0 ? (AfterState.Open, $"{found[0].Name} is {found[0].State}")
            : (AfterState.Open, "there is none since the cut-over");
    }

    private async Task<(AfterState, string?)> ScheduleAsync(CancellationToken ct)
    {
        var schedules = await _backups.SchedulesAsync(ct);
        return schedules.Count > 0
            ? (AfterState.Done, $"daily at {Phrase.List([.. schedules.Select(one => one.At)])}")
            : (AfterState.Open, "there is none");
    }

    private async Task<(AfterState, string?)> AvailabilityAsync(CancellationToken ct)
    {
        var database = await heroku.FindDatabaseAsync(target.AddOn.Id, ct);
        if (database?.Find("HA Status") is { Length: > 0 } status)
            return (status == "Available" ? AfterState.Done : AfterState.Open, $"HA Status: {status}");
        // The values are URLs with passwords: only their number is shown.
        var followers = database?.Info.FirstOrDefault(line => line.Name == "Followers")?.Values.Count ?? 0;
        return followers > 0 ? (AfterState.Done, Phrase.Count(followers, "follower"))
            : target.Plan?.Split('-')[0] is "standard" ? (AfterState.Open, "there is no follower")
            : target.Plan?.Split('-')[0] is "essential" ? (AfterState.Open, "not with this plan")
            : (AfterState.Unseen, "Heroku does not tell");
    }

    private (AfterState, string?) Pooling() => target.Pool is { } pool
        ? (AfterState.Done, $"attached as {pool.Name}") : (AfterState.Open, "there is no pool");

    private (AfterState, string?) Attachments()
    {
        if (target.Removable is { Count: > 0 } names)
            return (AfterState.Open, $"{Phrase.List([.. names.Select(one => one.Name)])} can go");
        return (AfterState.Done, target.KeptOfFormer is { } kept
            ? $"{kept.Name} of {kept.Addon.Name} stays until that is destroyed" : null);
    }

    internal static (AfterState, string?) EnvFile(RunStory story) => EnvFileOf(story).IsThereAndOurs switch
    {
        true => (AfterState.Open, "it is there"),
        false => (AfterState.Unseen, "there is a file, and its first line does not say that this run wrote it"),
        null => (AfterState.Done, "it is not there"),
    };

    /// <param name="story">Of a run with an env-file.</param>
    internal static EnvFilePart EnvFileOf(RunStory story) => new(story.Settings.Switch.EnvFile!, story.RunId,
        // Only writing needs the URL.
        _ => throw new InvalidOperationException("Nothing is written here."), VolatileMemory.Of(story));
}
