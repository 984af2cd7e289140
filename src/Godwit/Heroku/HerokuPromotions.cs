using Godwit.Faults;

namespace Godwit.Heroku;

/// <summary>Makes a database the app's DATABASE_URL with the calls of <c>heroku pg:promote</c>, or makes the former one
/// primary again. If the app has a pool of its primary database as DATABASE_CONNECTION_POOL_URL, the pool moves
/// too.</summary>
public sealed class HerokuPromotions(HerokuClient heroku)
{
    private const string Primary = "DATABASE";

    /// <summary>The attachment of the primary database's pool.</summary>
    public const string Pool = "DATABASE_CONNECTION_POOL";

    private const string Pooling = "connection-pooling:default";

    /// <summary>Safe to run again after a crash. The former database stays attached under another name.</summary>
    /// <param name="target">An attachment of the database to <paramref name="app"/>.</param>
    /// <exception cref="FaultException"><c>heroku.database_not_ready</c>; <c>heroku.release_failed</c> and
    /// <c>heroku.release_slow</c> when the app has a release phase: DATABASE_URL is then already changed.</exception>
    public Task PromoteAsync(string app, HerokuAttachment target, CancellationToken ct) =>
        PromoteAsync(app, target.Addon, target.Namespace, ct);

    /// <param name="target">Need not be attached to <paramref name="app"/> yet; it may belong to another app.</param>
    /// <param name="ns">The namespace of its attachment.</param>
    /// <inheritdoc cref="PromoteAsync(string, HerokuAttachment, CancellationToken)"/>
    public async Task PromoteAsync(string app, HerokuAttachedAddon target, string? ns, CancellationToken ct)
    {
        var attached = await heroku.ListAttachmentsAsync(app, ct);
        var current = attached.FirstOrDefault(one => one.Name == Primary);
        if (current is not null && current.Addon.Id == target.Id && current.Namespace == ns)
        {
            await WaitForReleasePhaseAsync(app, target.Name, ct);
            return;
        }

        if (current is not null)
            await KeepAsync(app, current, attached, ct);
        await RequireReadyAsync(app, target, ct);
        // Heroku's program does this last. If the target's plan has no pooling, that would leave the app writing to
        // both databases.
        if (HasPool(attached))
            await heroku.CreateAttachmentAsync(app, target.Name, Pool, Pooling, ct);
        await heroku.CreateAttachmentAsync(app, target.Name, Primary, ns, ct);
        await WaitForReleasePhaseAsync(app, target.Name, ct);
    }

    /// <summary>The app uses a pool of its primary database, which moves with a promotion.</summary>
    public static bool HasPool(IReadOnlyList<HerokuAttachment> attached) =>
        attached.FirstOrDefault(one => one.Name == Primary) is { } current
        && attached.Any(one => one is { Name: Pool, Namespace: Pooling } && one.Addon.Id == current.Addon.Id);

    /// <summary>Attaches the pool's name to the former database again, after a promotion died once it had taken the
    /// name.</summary>
    public async Task PoolAsync(string app, string addon, CancellationToken ct)
    {
        if (!(await heroku.ListAttachmentsAsync(app, ct)).Any(one => one.Name == Pool && one.Addon.Name == addon))
            await heroku.CreateAttachmentAsync(app, addon, Pool, Pooling, ct);
    }

    // Without another name the former database would be attached nowhere, and hard to find again.
    private async Task KeepAsync(
        string app, HerokuAttachment current, IReadOnlyList<HerokuAttachment> attached, CancellationToken ct)
    {
        if (!attached.Any(one => one.Name != Primary && one.Addon.Id == current.Addon.Id
            && one.Namespace == current.Namespace))
            await heroku.CreateAttachmentAsync(app, current.Addon.Name, attachmentName: null, current.Namespace, ct);
    }

    private async Task RequireReadyAsync(string app, HerokuAttachedAddon target, CancellationToken ct)
    {
        var status = await heroku.FindWaitStatusAsync(target.Id, ct)
            ?? new HerokuWaitStatus(Waiting: true, Message: "not provisioned yet");
        if (status.Waiting || status.Error)
            throw new FaultException(HerokuFaults.NotReady(target.Name, app, Redactor.Clean(status.Message ?? "busy")));
    }

    private Task WaitForReleasePhaseAsync(string app, string addon, CancellationToken ct) =>
        new HerokuReleasePhases(heroku).WaitAsync(
            app, IsOfPromotion, $"{addon} became DATABASE_URL", ct);

    /// <summary>The release changed DATABASE_URL.</summary>
    public static bool IsOfPromotion(HerokuRelease release) =>
        Speaks(release, "Attach") || Speaks(release, "Detach") || Speaks(release, "Set") || Speaks(release, "Remove");

    private static bool Speaks(HerokuRelease release, string verb) =>
        release.Description?.Contains($"{verb} {Primary}", StringComparison.Ordinal) == true;
}
