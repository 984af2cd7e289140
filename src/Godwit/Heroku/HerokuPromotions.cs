using Godwit.Faults;

namespace Godwit.Heroku;

/// <summary>Makes a database the one the app calls DATABASE_URL, call for call as <c>heroku pg:promote</c> does; and so also back again.
/// </summary>
public sealed class HerokuPromotions(HerokuClient heroku)
{
    private const string Primary = "DATABASE";

    /// <summary>Releases are looked through this far for those that the promotion made; Heroku's command line looks at as many.</summary>
    private const int ReleasesMax = 5;

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

    /// <summary>An app with a release phase runs its own code on every release, and its dynos get the new DATABASE_URL only when that
    /// succeeded. Each release carries all config vars, so the newest one that speaks of DATABASE decides.</summary>
    private async Task WaitForReleasePhaseAsync(string app, string addon, CancellationToken ct)
    {
        var formation = await heroku.GetFormationAsync(app, ct);
        if (!formation.Any(process => process.Type == "release"))
            return;
        var releases = await heroku.ListReleasesAsync(app, ReleasesMax, ct);
        var release = releases.FirstOrDefault(one => Speaks(one, "Attach") || Speaks(one, "Detach"));
        if (release is null || releases.Any(one => one.Version > release.Version && one.Status == "succeeded"))
            return;

        var version = $"v{release.Version}";
        var limit = heroku.Options.ReleasePhaseMax;
        var watch = new Watch(heroku, $"the release {version} of {app}", heroku.Options.ProvisionInterval, limit,
            _ => HerokuFaults.ReleaseSlow(app, version, limit));
        var ended = await watch.UntilAsync<HerokuRelease>(async () => await heroku.GetReleaseAsync(app, release.Id, ct),
            one => one.Status != "pending", one => one.Status ?? "unknown", seen: null, ct);
        if (ended.Status == "failed")
            throw new FaultException(HerokuFaults.ReleaseFailed(app, version, addon));
    }

    private static bool Speaks(HerokuRelease release, string verb) =>
        release.Description?.Contains($"{verb} {Primary}", StringComparison.Ordinal) == true;
}
