using Godwit.Faults;
using Godwit.Heroku;
using Godwit.Pipeline;

namespace Godwit.Cutover.Switch;

/// <summary>The app's DATABASE_URL becomes the target. Before, it was another add-on's, or a plain config var that
/// points to the old provider, or there was none.</summary>
/// <param name="addOn">The target.</param>
/// <param name="liveKey">Under which it is remembered that the app runs on the target.</param>
/// <param name="orderedKey">Under which it is remembered that this run ordered the target.</param>
/// <param name="attaches">The target belongs to another app: it is attached here first, and the way back detaches
/// it.</param>
public sealed class PromotePart(
    HerokuClient heroku, string app, Func<CancellationToken, Task<HerokuAddon>> addOn, IRunMemory memory,
    RunKey<bool?> liveKey,
    RunKey<string> orderedKey, bool attaches = false) : ISwitchPart
{
    /// <summary>Remembered until the promotion is undone: the add-on that was DATABASE_URL before.</summary>
    public static RunKey<string> FormerKey { get; } = RunKey.Text("cutover.former_addon");

    /// <summary>Of the attachment that was DATABASE_URL before: <c>credential:NAME</c>; nothing for the default
    /// credential.</summary>
    public static RunKey<string> FormerNamespaceKey { get; } = RunKey.Text("cutover.former_namespace");

    /// <summary>Names under which the former database was attached, with blanks between: what the promotion adds is
    /// taken away again.</summary>
    public static RunKey<IReadOnlyList<string>> FormerNamesKey { get; } = RunKey.Names("cutover.former_names");

    /// <summary>Names under which the target was attached before, where it is another app's.</summary>
    private static readonly RunKey<IReadOnlyList<string>> TargetNamesKey = RunKey.Names("cutover.target_names");

    /// <summary>Remembered when DATABASE_URL was a plain config var; its value is in no file of ours.</summary>
    private static readonly RunKey<bool?> PlainKey = RunKey.Mark("cutover.plain");

    /// <summary>Remembered when the app had no DATABASE_URL.</summary>
    private static readonly RunKey<bool?> NoneKey = RunKey.Mark("cutover.none");

    /// <summary>The newest release from before the promotion.</summary>
    private static readonly RunKey<long?> BeforeKey = RunKey.Number("cutover.release");

    /// <summary>While it was asked for and not seen through.</summary>
    private static readonly RunKey<string> AskedKey = RunKey.Text("cutover.asked");

    private const string Primary = "DATABASE";
    private const string Variable = "DATABASE_URL";

    /// <summary>Heroku invents names of this kind when it is told none.</summary>
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
        // A run that died between the promotion and the end of its release phase asked for it and has not seen it
        // through.
        if (memory.Recall(AskedKey) is not null)
            return null;
        return await FindPrimaryAsync(ct);
    }

    public async Task<string> DoAsync(CancellationToken ct)
    {
        var target = await addOn(ct);
        if (!attaches)
            await AttachmentOfAsync(target.Name, ns: null, ct);
        // A run that died in it remembers already what was before.
        if (memory.Recall(AskedKey) is null)
        {
            await RememberAsync(target, ct);
            memory.Remember(AskedKey, target.Name);
        }

        // Heroku attaches nothing under the name of a plain variable.
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
            // With one left, app and source would both take writes.
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

    /// <summary>Journals from before this was remembered are of apps without a failed release command.</summary>
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

    /// <summary>The database keeps another name at its own app, so that it can be found, looked into and promoted
    /// again.</summary>
    /// <returns>Whether it stays there, as a clause; null when it has not the name to lose.</returns>
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

    /// <summary>Null: somebody has destroyed it, and Heroku its names with it. What was before can still be put
    /// back.</summary>
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
