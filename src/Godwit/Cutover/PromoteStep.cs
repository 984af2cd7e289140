using Godwit.Faults;
using Godwit.Heroku;
using Godwit.Pipeline;

namespace Godwit.Cutover;

/// <summary>The app's DATABASE_URL becomes the target: from here on it is the database.</summary>
/// <param name="addOn">The target.</param>
/// <param name="liveKey">Under which it is remembered that the app runs on the target.</param>
/// <param name="orderedKey">Under which it is remembered that this run ordered the target.</param>
public sealed class PromoteStep(HerokuClient heroku, string app, Func<CancellationToken, Task<HerokuAddon>> addOn, IRunMemory memory, string liveKey, string orderedKey)
    : IUndoableStep
{
    private const string FormerKey = "cutover.former_addon";
    private const string AskedKey = "cutover.asked";
    private const string Primary = "DATABASE";

    public string Name => "cutover";

    public string Intent => $"Promote the new database: DATABASE_URL of {app} points to it";

    public string UndoIntent => $"Promote the database again that was DATABASE_URL of {app} before; if there was none, take the name from the new one";

    public async Task<Evidence?> FindEvidenceAsync(CancellationToken ct)
    {
        // A run that died between the promotion and the end of its release phase asked for it and has not seen it through.
        if (memory.Recall(AskedKey) is not null)
            return null;
        return await FindPrimaryAsync(ct);
    }

    public async Task<Evidence> RunAsync(IProgress<StepEvent> progress, CancellationToken ct)
    {
        var target = await addOn(ct);
        var attached = await AttachmentOfAsync(target.Name, ct);
        if (await PrimaryAsync(ct) is { } former && former.Addon.Id != target.Id)
            memory.Remember(FormerKey, former.Addon.Name);
        memory.Remember(AskedKey, target.Name);
        await new HerokuPromotions(heroku).PromoteAsync(app, attached, ct);
        memory.Remember(AskedKey, null);
        return await FindPrimaryAsync(ct) ?? throw new FaultException(CutoverFaults.NotPromoted(target.Name, app));
    }

    public async Task<string?> UndoAsync(CancellationToken ct)
    {
        if (memory.Recall(FormerKey) is not { } former)
        {
            // This run ordered it, so before there was no DATABASE_URL: with one left, app and source would both take writes.
            return memory.Recall(liveKey) is not null && memory.Recall(orderedKey) is not null ? await DetachAsync(ct) : null;
        }

        if (await PrimaryAsync(ct) is not { } primary || primary.Addon.Name != former)
            await new HerokuPromotions(heroku).PromoteAsync(app, await AttachmentOfAsync(former, ct), ct);
        memory.Remember(FormerKey, null);
        memory.Remember(AskedKey, null);
        return $"{former} is DATABASE_URL of {app} again";
    }

    /// <summary>The database keeps another name at the app, so that it can be found, looked into and promoted again.</summary>
    private async Task<string?> DetachAsync(CancellationToken ct)
    {
        var target = await addOn(ct);
        if (await PrimaryAsync(ct) is not { } primary || primary.Addon.Id != target.Id)
            return null;
        var attached = await heroku.ListAttachmentsAsync(app, ct);
        var other = attached.FirstOrDefault(one => one.Addon.Id == target.Id && one.Name != Primary && one.Namespace is null)
            ?? await heroku.CreateAttachmentAsync(app, target.Name, attachmentName: null, ns: null, ct);
        await heroku.DeleteAttachmentAsync(primary.Id, ct);
        return $"{app} has no DATABASE_URL, as before; {target.Name} stays attached as {other.Name}";
    }

    private async Task<Evidence?> FindPrimaryAsync(CancellationToken ct)
    {
        var target = await addOn(ct);
        return await PrimaryAsync(ct) is { } primary && primary.Addon.Id == target.Id ? Proof(target.Name) : null;
    }

    private async Task<HerokuAttachment?> PrimaryAsync(CancellationToken ct) =>
        (await heroku.ListAttachmentsAsync(app, ct)).FirstOrDefault(one => one.Name == Primary);

    private async Task<HerokuAttachment> AttachmentOfAsync(string name, CancellationToken ct) =>
        (await heroku.ListAttachmentsAsync(app, ct)).FirstOrDefault(one => one.Addon.Name == name && one.Namespace is null)
        ?? throw new FaultException(CutoverFaults.NotAttached(name, app));

    private Evidence Proof(string name) => new($"DATABASE_URL of {app} is {name}", "read back from Heroku's attachments");
}
