using Godwit.Cutover.Switch;
using Godwit.Faults;
using Godwit.Heroku;
using Godwit.Journal;
using Godwit.Load;
using Godwit.Targets;

namespace Godwit.Migration.After;

/// <summary>The new database and its app, as Heroku knows them now.</summary>
/// <param name="Attached">All attachments to the app.</param>
internal sealed record AfterTarget(
    RunStory Story, string App, HerokuAttachedAddon AddOn, IReadOnlyList<HerokuAttachment> Attached)
{
    /// <summary>The attachment under which the app uses the database.</summary>
    public const string Primary = "DATABASE";

    /// <summary>The app that owns the database, and has its backups.</summary>
    public string Owner => AddOn.App.Name;

    public string? Plan => AddOn.Plan?.ShortName;

    /// <summary>The run has ordered it.</summary>
    public bool IsOrdered => Story.Recall(RunStory.OrderedKey) == AddOn.Name;

    /// <summary>Null: the target is no app's.</summary>
    public static string? AppOf(RunStory story) =>
        HerokuTargetName.IsOne(story.Settings.To) ? HerokuTargetName.Parse(story.Settings.To).App : null;

    /// <exception cref="FaultException"><c>after.not_in_use</c>: the app now uses another database.</exception>
    public static async Task<AfterTarget> FindAsync(HerokuClient heroku, RunStory story, CancellationToken ct)
    {
        var app = AppOf(story)!;
        var name = story.Recall(RunStory.AddOnKey);
        var attached = await heroku.ListAttachmentsAsync(app, ct);
        var primary = attached.FirstOrDefault(one => one.Name == Primary);
        return primary is not null && primary.Addon.Name == name
            ? new(story, app, primary.Addon, attached)
            : throw new FaultException(AfterFaults.NotInUse(story.RunId, app, name ?? "the database"));
    }

    /// <summary>The pool of the new database that the app may use; null: there is none.</summary>
    public HerokuAttachment? Pool => Attached.FirstOrDefault(one =>
        one.Addon.Id == AddOn.Id && one.Namespace?.StartsWith("connection-pooling:", StringComparison.Ordinal) == true);

    /// <summary>The former database's attachments at the app; none: there was no former database.</summary>
    public IReadOnlyList<HerokuAttachment> OfFormer =>
        Story.Recall(PromotePart.FormerKey) is { } former
            ? [.. Attached.Where(one => one.Addon.Name == former && one.Name != Primary)] : [];

    /// <summary>A rollback finds the former database by this attachment, and Heroku refuses to detach the last one from
    /// the app that pays. Null: there was no former database.</summary>
    public HerokuAttachment? KeptOfFormer => OfFormer
        // A rollback promotes the credential that was DATABASE_URL before.
        .OrderBy(one => one.Namespace == Story.Recall(PromotePart.FormerNamespaceKey) ? 0 : 1)
        .ThenBy(one => NamesBefore.Contains(one.Name) ? 0 : 1)
        .ThenBy(one => one.Name, StringComparer.Ordinal)
        .FirstOrDefault();

    /// <summary>Attachments left from the migration that Heroku lets go: of the former database all that need not stay,
    /// and the new one's name from before it was promoted. Never the one in use.</summary>
    public IReadOnlyList<HerokuAttachment> Removable =>
    [
        .. OfFormer.Where(one => one.Id != KeptOfFormer?.Id),
        .. Attached.Where(one => IsOrdered && one.Addon.Id == AddOn.Id && one.Namespace is null
            && MadeTarget.IsGivenName(one.Name)),
    ];

    private IReadOnlyList<string> NamesBefore => Story.Recall(PromotePart.FormerNamesKey) ?? [];
}
