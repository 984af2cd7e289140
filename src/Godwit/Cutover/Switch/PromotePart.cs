using System.Globalization;
using Godwit.Faults;
using Godwit.Heroku;
using Godwit.Pipeline;

namespace Godwit.Cutover.Switch;

/// <summary>The app's DATABASE_URL becomes the target. Before, it was another add-on's, or a plain config var that points to the old provider, or there was none.</summary>
/// <param name="addOn">The target.</param>
/// <param name="liveKey">Under which it is remembered that the app runs on the target.</param>
/// <param name="orderedKey">Under which it is remembered that this run ordered the target.</param>
public sealed class PromotePart(HerokuClient heroku, string app, Func<CancellationToken, Task<HerokuAddon>> addOn, IRunMemory memory, string liveKey, string orderedKey)
    : ISwitchPart
{
    private const string FormerKey = "cutover.former_addon";
    private const string FormerNamespaceKey = "cutover.former_namespace";

    /// <summary>Names under which the former database was attached: what the promotion adds is taken away again.</summary>
    private const string FormerNamesKey = "cutover.former_names";

    /// <summary>Remembered when DATABASE_URL was a plain config var; its value is in no file of ours.</summary>
    private const string PlainKey = "cutover.plain";

    /// <summary>Remembered when the app had no DATABASE_URL.</summary>
    private const string NoneKey = "cutover.none";

    /// <summary>The newest release from before the promotion.</summary>
    private const string BeforeKey = "cutover.release";

    /// <summary>While it was asked for and not seen through.</summary>
    private const string AskedKey = "cutover.asked";

    private const string Primary = "DATABASE";
    private const string Variable = "DATABASE_URL";

    /// <summary>Heroku invents names of this kind when it is told none.</summary>
    private const string Invented = "HEROKU_POSTGRESQL_";

    private readonly FormerValue _plain = new(heroku, app, Variable);
    private readonly HerokuReleasePhases _phases = new(heroku);

    public string Subject => $"{Variable} of {app}";

    public string Intent => $"promote the new database: {Variable} of {app} points to it";

    public string UndoIntent => $"{Variable} of {app} points again to what it did before; if there was none, take the name from the new database";

    public async Task<string?> FindDoneAsync(CancellationToken ct)
    {
        // A run that died between the promotion and the end of its release phase asked for it and has not seen it through.
        if (memory.Recall(AskedKey) is not null)
            return null;
        return await FindPrimaryAsync(ct);
    }

    public async Task<string> DoAsync(CancellationToken ct)
    {
        var target = await addOn(ct);
        var attached = await AttachmentOfAsync(target.Name, ns: null, ct);
        // A run that died in it remembers already what was before.
        if (memory.Recall(AskedKey) is null)
        {
            await RememberAsync(target, ct);
            memory.Remember(AskedKey, target.Name);
        }

        // Heroku attaches nothing under the name of a plain variable.
        if (memory.Recall(PlainKey) is not null && await PrimaryAsync(ct) is null && await _plain.NowAsync(ct) is not null)
            await _plain.SetAsync(null, ct);
        await new HerokuPromotions(heroku).PromoteAsync(app, attached, ct);
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
            await RemoveAddedNamesAsync(former, ct);
            said = $"{former} is {Variable} of {app} again";
        }
        else if (memory.Recall(PlainKey) is not null)
        {
            back = await TakeBackAsync(() => SetPlainAsync(ct), ct);
            said = $"{Variable} of {app} is the plain config var again that it was";
        }
        else if (memory.Recall(NoneKey) is not null || (memory.Recall(liveKey) is not null && memory.Recall(orderedKey) is not null))
        {
            // With one left, app and source would both take writes.
            back = await TakeBackAsync(async () => said = await DetachAsync(ct) is { } other ? $"{app} has no {Variable}, as before; {other}" : null, ct);
        }

        foreach (var key in new[] { FormerKey, FormerNamespaceKey, FormerNamesKey, PlainKey, NoneKey, BeforeKey, AskedKey })
            memory.Remember(key, null);
        return back ? said : $"{said} (the app's release command failed again; its dynos run on as they did)";
    }

    private async Task RememberAsync(HerokuAddon target, CancellationToken ct)
    {
        var attached = await heroku.ListAttachmentsAsync(app, ct);
        memory.Remember(BeforeKey, (await _phases.NewestAsync(app, ct)).ToString(CultureInfo.InvariantCulture));
        if (attached.FirstOrDefault(one => one.Name == Primary) is { } former)
        {
            if (former.Addon.Id == target.Id)
                return;
            memory.Remember(FormerNamespaceKey, former.Namespace);
            memory.Remember(FormerNamesKey, string.Join(' ', attached.Where(one => one.Addon.Id == former.Addon.Id).Select(one => one.Name)));
            memory.Remember(FormerKey, former.Addon.Name);
        }
        else if (await _plain.NowAsync(ct) is { } value)
        {
            _plain.Keep(value);
            memory.Remember(PlainKey, "yes");
        }
        else
        {
            memory.Remember(NoneKey, "yes");
        }
    }

    private Task<bool> TakeBackAsync(Func<Task> takeBack, CancellationToken ct) => _phases.TakeBackAsync(app, Before, HerokuPromotions.IsOfPromotion, takeBack, ct);

    /// <summary>Journals from before this was remembered are of apps without a failed release command.</summary>
    private int Before => int.Parse(memory.Recall(BeforeKey) ?? "0", CultureInfo.InvariantCulture);

    private async Task PromoteFormerAsync(string former, CancellationToken ct)
    {
        var ns = memory.Recall(FormerNamespaceKey);
        if (await PrimaryAsync(ct) is not { } primary || primary.Addon.Name != former || primary.Namespace != ns)
            await new HerokuPromotions(heroku).PromoteAsync(app, await AttachmentOfAsync(former, ns, ct), ct);
    }

    private async Task RemoveAddedNamesAsync(string former, CancellationToken ct)
    {
        if (memory.Recall(FormerNamesKey)?.Split(' ') is not { } names)
            return;
        foreach (var added in (await heroku.ListAttachmentsAsync(app, ct)).Where(one => one.Addon.Name == former && one.Name.StartsWith(Invented, StringComparison.Ordinal) && !names.Contains(one.Name)))
            await heroku.DeleteAttachmentAsync(added.Id, ct);
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

    /// <summary>The database keeps another name at the app, so that it can be found, looked into and promoted again.</summary>
    /// <returns>Under which name it stays; null when it has not the one to lose.</returns>
    private async Task<string?> DetachAsync(CancellationToken ct)
    {
        var target = await addOn(ct);
        if (await PrimaryAsync(ct) is not { } primary || primary.Addon.Id != target.Id)
            return null;
        var attached = await heroku.ListAttachmentsAsync(app, ct);
        var other = attached.FirstOrDefault(one => one.Addon.Id == target.Id && one.Name != Primary && one.Namespace is null)
            ?? await heroku.CreateAttachmentAsync(app, target.Name, attachmentName: null, ns: null, ct);
        await heroku.DeleteAttachmentAsync(primary.Id, ct);
        return $"{target.Name} stays attached as {other.Name}";
    }

    private async Task<string?> FindPrimaryAsync(CancellationToken ct)
    {
        var target = await addOn(ct);
        return await PrimaryAsync(ct) is { } primary && primary.Addon.Id == target.Id ? $"{Variable} of {app} is {target.Name}" : null;
    }

    private async Task<HerokuAttachment?> PrimaryAsync(CancellationToken ct) =>
        (await heroku.ListAttachmentsAsync(app, ct)).FirstOrDefault(one => one.Name == Primary);

    private async Task<HerokuAttachment> AttachmentOfAsync(string name, string? ns, CancellationToken ct) =>
        (await heroku.ListAttachmentsAsync(app, ct)).FirstOrDefault(one => one.Addon.Name == name && one.Namespace == ns)
        ?? throw new FaultException(CutoverFaults.NotAttached(name, app));
}
