using Godwit.Faults;

namespace Godwit.Heroku;

/// <summary>Makes a database the one the app calls DATABASE_URL, call for call as <c>heroku pg:promote</c> does; and so also back again.
/// </summary>
public sealed class HerokuPromotions(HerokuClient heroku)
{
    private const string Primary = "DATABASE";

    /// <summary>Safe to run again after it died half-way. The former database stays attached under another name.</summary>
    /// <param name="target">An attachment of the database to <paramref name="app"/>.</param>
    /// <exception cref="FaultException"><c>heroku.database_not_ready</c>; <c>heroku.release_failed</c> and <c>heroku.release_slow</c> when
    /// the app has a release phase: DATABASE_URL is then already changed.</exception>
    public async Task<HerokuPromotion> PromoteAsync(string app, HerokuAttachment target, CancellationToken ct)
    {
        var attached = await heroku.ListAttachmentsAsync(app, ct);
        var current = attached.FirstOrDefault(one => one.Name == Primary);
        if (current is not null && current.Addon.Id == target.Addon.Id && current.Namespace == target.Namespace)
        {
            await WaitForReleasePhaseAsync(app, target.Addon.Name, ct);
            return new HerokuPromotion(current, FormerAddon: null, FormerAlias: null, WasAlready: true);
        }

        var alias = current is null ? null : await KeepAsync(app, current, attached, ct);
        await RequireReadyAsync(app, target, ct);
        var promoted = await heroku.CreateAttachmentAsync(app, target.Addon.Name, Primary, target.Namespace, ct);
        await WaitForReleasePhaseAsync(app, target.Addon.Name, ct);
        return new HerokuPromotion(promoted, current?.Addon, alias, WasAlready: false);
    }

    /// <summary>Without another name the former database would be attached nowhere, and hard to find again.</summary>
    private async Task<string> KeepAsync(
        string app, HerokuAttachment current, IReadOnlyList<HerokuAttachment> attached, CancellationToken ct)
    {
        var other = attached.FirstOrDefault(one =>
            one.Name != Primary && one.Addon.Id == current.Addon.Id && one.Namespace == current.Namespace);
        other ??= await heroku.CreateAttachmentAsync(app, current.Addon.Name, attachmentName: null, current.Namespace, ct);
        return other.Name;
    }

    private async Task RequireReadyAsync(string app, HerokuAttachment target, CancellationToken ct)
    {
        var status = await heroku.FindWaitStatusAsync(target.Addon.Id, ct)
            ?? new HerokuWaitStatus(Waiting: true, Message: "not provisioned yet");
        if (status.Waiting || status.Error)
            throw new FaultException(HerokuFaults.NotReady(target.Addon.Name, app, Redactor.Clean(status.Message ?? "busy")));
    }

    private Task WaitForReleasePhaseAsync(string app, string addon, CancellationToken ct) => new HerokuReleasePhases(heroku).WaitAsync(
        app, IsOfPromotion, $"{addon} became DATABASE_URL", ct);

    /// <summary>Such a release carries another DATABASE_URL than the one before it.</summary>
    public static bool IsOfPromotion(HerokuRelease release) => Speaks(release, "Attach") || Speaks(release, "Detach") || Speaks(release, "Set") || Speaks(release, "Remove");

    private static bool Speaks(HerokuRelease release, string verb) =>
        release.Description?.Contains($"{verb} {Primary}", StringComparison.Ordinal) == true;
}
