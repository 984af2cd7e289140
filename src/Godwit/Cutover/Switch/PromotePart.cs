using Godwit.Faults;
using Godwit.Heroku;
using Godwit.Pipeline;

namespace Godwit.Cutover.Switch;

/// <summary>Makes the target the app's DATABASE_URL. Before, DATABASE_URL was another add-on, a plain config var with
/// the old provider's URL, or absent.</summary>
/// <param name="addOn">The target.</param>
/// <param name="liveKey">Set when the app runs on the target.</param>
/// <param name="orderedKey">Set when this run ordered the target.</param>
/// <param name="attaches">The target belongs to another app: it is attached here first, and undoing detaches
/// it.</param>
public sealed class PromotePart(
    HerokuClient heroku, string app, Func<CancellationToken, Task<HerokuAddon>> addOn, IRunMemory memory,
    RunKey<bool?> liveKey,
    RunKey<string> orderedKey, bool attaches = false) : ISwitchPart
{
    /// <summary>The add-on that was DATABASE_URL; kept until the promotion is undone.</summary>
    public static RunKey<string> FormerKey { get; } = RunKey.Text("cutover.former_addon");

    /// <summary>The former attachment's credential: <c>credential:NAME</c>; empty: the default one.</summary>
    public static RunKey<string> FormerNamespaceKey { get; } = RunKey.Text("cutover.former_namespace");

    /// <summary>Names of the former database's attachments. Undoing deletes a name that the promotion added.</summary>
    public static RunKey<IReadOnlyList<string>> FormerNamesKey { get; } = RunKey.Names("cutover.former_names");

    // Names of the target's former attachments, if it belongs to another app.
    private static readonly RunKey<IReadOnlyList<string>> TargetNamesKey = RunKey.Names("cutover.target_names");

    // Set if DATABASE_URL was a plain config var. Its value is in no file of ours.
    private static readonly RunKey<bool?> PlainKey = RunKey.Mark("cutover.plain");

    // Set if the app had no DATABASE_URL.
    private static readonly RunKey<bool?> NoneKey = RunKey.Mark("cutover.none");

    // The newest release before the promotion.
    private static readonly RunKey<long?> BeforeKey = RunKey.Number("cutover.release");

    // Set from the request until the release has ended.
    private static readonly RunKey<string> AskedKey = RunKey.Text("cutover.asked");

    private const string Primary = "DATABASE";
    private const string Variable = "DATABASE_URL";

    // Prefix of the attachment names that Heroku generates.
    private const string Invented = "HEROKU_POSTGRESQL_";

    private readonly FormerValue _plain = new(heroku, app, Variable);
    private readonly HerokuReleasePhases _phases = new(heroku);

    public string Subject => $"{Variable} of {app}";

    public string Intent => attaches
        ? $"attach the new database to {app}: {Variable} of {app} points to it"
        : $"promote the new database: {Variable} of {app} points to it";

    public string UndoIntent => $"{Variable} of {app} points again to what it did before; if there was none, "
        + (attaches ? $"detach the new database from {app}" : "take the name from the new database");

    public async Task<string> FindNowAsync(CancellationToken ct)
    {
        if (await heroku.FindAppAsync(app, ct) is null)
            return "the app is not there yet";
        if (await PrimaryAsync(ct) is { } primary)
            return $"it is the add-on {primary.Addon.Name} now";
        return await _plain.NowAsync(ct) is null ? "there is none now" : "it is a plain config var now";
    }

    public async Task<string?> FindDoneAsync(CancellationToken ct)
    {
        // A crash before the end of the promotion's release phase leaves this key set.
        if (memory.Recall(AskedKey) is not null)
            return null;
        return await FindPrimaryAsync(ct);
    }

    public async Task<string> DoAsync(CancellationToken ct)
    {
        var target = await addOn(ct);
        if (!attaches)
            await AttachmentOfAsync(target.Name, ns: null, ct);
        // After a crash the former state is already remembered.
        if (memory.Recall(AskedKey) is null)
        {
            await RememberAsync(target, ct);
            memory.Remember(AskedKey, target.Name);
        }

        // Heroku refuses an attachment with the name of a plain config var.
        if (memory.Recall(PlainKey) is not null && await PrimaryAsync(ct) is null
            && await _plain.NowAsync(ct) is not null)
            await _plain.SetAsync(null, ct);
        await new HerokuPromotions(heroku).PromoteAsync(app, new(target.Id, target.Name, target.App), ns: null, ct);
        memory.Remember(AskedKey, null);
        return await FindPrimaryAsync(ct) ?? throw new FaultException(CutoverFaults.NotPromoted(target.Name, app));
    }

    public async Task<string?> UndoAsync(CancellationToken ct)
    {
        string? said = null;
        var back = true;
        if (memory.Recall(FormerKey) is { } former)
        {
            back = await TakeBackAsync(() => PromoteFormerAsync(former, ct), ct);
            if (memory.Recall(FormerNamesKey)?.Contains(HerokuPromotions.Pool) == true)
                await new HerokuPromotions(heroku).PoolAsync(app, former, ct);
            await RemoveAddedNamesAsync(former, ct);
            said = $"{former} is {Variable} of {app} again";
        }
        else if (memory.Recall(PlainKey) is not null)
        {
            back = await TakeBackAsync(() => SetPlainAsync(ct), ct);
            said = $"{Variable} of {app} is the plain config var again that it was";
        }
        else if (memory.Recall(NoneKey) is not null
            || (memory.Recall(liveKey) is not null && memory.Recall(orderedKey) is not null))
        {
            // Without this, the app and the source would both accept writes.
            back = await TakeBackAsync(async () =>
                said = await DetachAsync(ct) is { } other ? $"{app} has no {Variable}, as before; {other}" : null, ct);
        }

        await RemoveTargetNamesAsync(ct);
        memory.Forget(
            FormerKey, FormerNamespaceKey, FormerNamesKey, TargetNamesKey, PlainKey, NoneKey, BeforeKey, AskedKey);
        return back ? said : $"{said} (the app's release command failed again; its dynos run on as they did)";
    }

    private async Task RememberAsync(HerokuAddon target, CancellationToken ct)
    {
        var attached = await heroku.ListAttachmentsAsync(app, ct);
        memory.Remember(BeforeKey, await _phases.NewestAsync(app, ct));
        if (attached.FirstOrDefault(one => one.Name == Primary) is { } former)
        {
            if (former.Addon.Id == target.Id)
                return;
            memory.Remember(FormerNamespaceKey, former.Namespace);
            memory.Remember(FormerNamesKey, NamesOf(former.Addon.Id, attached));
            memory.Remember(FormerKey, former.Addon.Name);
        }
        else if (await _plain.NowAsync(ct) is { } value)
        {
            _plain.Keep(value);
            memory.Remember(PlainKey, true);
        }
        else
        {
            memory.Remember(NoneKey, true);
        }

        if (attaches)
            memory.Remember(TargetNamesKey, NamesOf(target.Id, attached));
    }

    private static IReadOnlyList<string> NamesOf(string addOn, IReadOnlyList<HerokuAttachment> attached) =>
        [.. attached.Where(one => one.Addon.Id == addOn).Select(one => one.Name)];

    private Task<bool> TakeBackAsync(Func<Task> takeBack, CancellationToken ct) =>
        _phases.TakeBackAsync(app, Before, HerokuPromotions.IsOfPromotion, takeBack, ct);

    // 0: an older journal, which does not have the release.
    private int Before => (int)(memory.Recall(BeforeKey) ?? 0);

    private async Task PromoteFormerAsync(string former, CancellationToken ct)
    {
        var ns = memory.Recall(FormerNamespaceKey);
        if (await PrimaryAsync(ct) is not { } primary || primary.Addon.Name != former || primary.Namespace != ns)
            await new HerokuPromotions(heroku).PromoteAsync(app, await AttachmentOfAsync(former, ns, ct), ct);
    }

    private async Task RemoveAddedNamesAsync(string former, CancellationToken ct)
    {
        if (memory.Recall(FormerNamesKey) is not { } names)
            return;
        foreach (var added in (await heroku.ListAttachmentsAsync(app, ct)).Where(one => one.Addon.Name == former
            && one.Name.StartsWith(Invented, StringComparison.Ordinal) && !names.Contains(one.Name)))
            await heroku.DeleteAttachmentAsync(added.Id, ct);
    }

    private async Task RemoveTargetNamesAsync(CancellationToken ct)
    {
        if (memory.Recall(TargetNamesKey) is not { } names)
            return;
        if (await TargetUnlessGoneAsync(ct) is not { } target)
            return;
        foreach (var ours in (await heroku.ListAttachmentsAsync(app, ct))
            .Where(one => one.Addon.Id == target.Id && !names.Contains(one.Name)))
            await heroku.DeleteAttachmentAsync(ours.Id, ct);
    }

    private async Task SetPlainAsync(CancellationToken ct)
    {
        await DetachAsync(ct);
        if (await _plain.NowAsync(ct) is not null)
            return;
        var value = await _plain.FindAsync(Before, ct);
        var newest = await _phases.NewestAsync(app, ct);
        await _plain.SetAsync(value, ct);
        await _phases.WaitAsync(app, release => release.Version > newest, $"{Variable} was put back", ct);
    }

    /// <summary>The database keeps another name at its own app, to be found, inspected and promoted again.</summary>
    /// <returns>How the target is attached now, as a clause; null: it is not DATABASE_URL.</returns>
    private async Task<string?> DetachAsync(CancellationToken ct)
    {
        if (await TargetUnlessGoneAsync(ct) is not { } target
            || await PrimaryAsync(ct) is not { } primary || primary.Addon.Id != target.Id)
        {
            return null;
        }

        var attached = await heroku.ListAttachmentsAsync(app, ct);
        var other = attached.FirstOrDefault(one =>
            one.Addon.Id == target.Id && one.Name != Primary && one.Namespace is null);
        if (other is null && !attaches)
            other = await heroku.CreateAttachmentAsync(app, target.Name, attachmentName: null, ns: null, ct);
        await heroku.DeleteAttachmentAsync(primary.Id, ct);
        return attaches ? $"{target.Name} is detached from it" : $"{target.Name} stays attached as {other!.Name}";
    }

    // Null: the target was destroyed, and so its attachments. The former state can still be restored.
    private async Task<HerokuAddon?> TargetUnlessGoneAsync(CancellationToken ct)
    {
        try
        {
            return await addOn(ct);
        }
        catch (FaultException e) when (e.Fault.Code == "load.gone")
        {
            return null;
        }
    }

    private async Task<string?> FindPrimaryAsync(CancellationToken ct)
    {
        var target = await addOn(ct);
        return await PrimaryAsync(ct) is { } primary && primary.Addon.Id == target.Id
            ? $"{Variable} of {app} is {target.Name}" : null;
    }

    private async Task<HerokuAttachment?> PrimaryAsync(CancellationToken ct) =>
        (await heroku.ListAttachmentsAsync(app, ct)).FirstOrDefault(one => one.Name == Primary);

    private async Task<HerokuAttachment> AttachmentOfAsync(string name, string? ns, CancellationToken ct) =>
        (await heroku.ListAttachmentsAsync(app, ct))
            .FirstOrDefault(one => one.Addon.Name == name && one.Namespace == ns)
        ?? throw new FaultException(CutoverFaults.NotAttached(name, app));
}
