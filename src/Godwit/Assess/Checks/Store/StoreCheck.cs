// Checks.Store: whether the object store is private, its links work, and what it keeps.
using Godwit.Faults;
using Godwit.Storage;
using Godwit.Storage.Buckets;

namespace Godwit.Assess.Checks.Store;

/// <summary>Whether the store exists or was created, is reachable, writable and private, and serves a signed
/// link.</summary>
internal sealed class StoreCheck : ICheck
{
    public string Name => "store";

    public IReadOnlyList<string> Acceptable => StoreFindings.Acceptable;

    public async Task RunAsync(AssessWorld world, IAssessNotes notes, CancellationToken ct)
    {
        if (world.Parts.Store is not { } store)
            return;
        notes.AddFact("store", store.Address);
        try
        {
            if (!await IsThereAsync(store, world, notes, ct))
                return;
            await (world.Request.OnlyLooks ? store.CheckAsync(ct) : store.CheckWritableAsync(ct));
            // No test object is stored if it could not be deleted.
            var bucket = store.Bucket;
            var canDelete = bucket is null
                || await StoreGuardNotes.FindAsync(bucket, store.Address, world, notes, ct);
            using var probe = new StoreProbe(store, KeyOf(world.Parts), world.IsForHeroku && !world.IsHerokuHere,
                world.Parts.Clock);
            if (!probe.FindOnlyHere(await probe.SignAsync(ct), notes) && !world.Request.OnlyLooks && canDelete)
                world.StoreBytesPerSecond = await probe.TryAsync(notes, ct);
            if (probe.IsOpen)
                notes.Add(StoreFindings.Public(store.Address,
                    "an object in it could be fetched without any signature"));
            if (probe.Retained is RetainedObject.OldVersions old)
                notes.Add(StoreFindings.VersionsStay(store.Address, old.Why, old.Rights));
            else if (probe.Retained is RetainedObject.SoftDeleted kept)
                notes.Add(StoreFindings.SoftDelete(store.Address, kept.Why, kept.Remedy));
            if (bucket is null)
                return;
            if (!probe.IsOpen)
                await RequirePrivateAsync(bucket, store.Address, notes, ct);
            await StoreLeftovers.FindAsync(store, bucket, world.Parts, notes, ct);
        }
        catch (FaultException e)
        {
            notes.Add(Finding.Of(e.Fault));
        }
    }

    private static string KeyOf(AssessParts parts) =>
        parts.RunId is { } run ? GodwitKeys.ProbeOf(run) : GodwitKeys.NewProbe();

    // Creates a missing store if asked to and if no blocker was found.
    private static async Task<bool> IsThereAsync(
        IObjectStore store, AssessWorld world, IAssessNotes notes, CancellationToken ct)
    {
        if (!world.Request.CreatesStore || store.Bucket is { IsLocal: true })
            return true;
        if (store.Bucket is not { } bucket)
            throw new FaultException(CreationFaults.NotHere(store.Address));
        if (await bucket.ExistsAsync(ct))
            return true;
        if (world.Request.OnlyLooks || notes.HasBlockers(world.Request))
        {
            notes.Add(world.Request.OnlyLooks
                ? StoreFindings.WouldBeMade(store.Address) : StoreFindings.NotMadeYet(store.Address));
            return false;
        }

        var made = await bucket.CreateAsync(StoreUse.PassingThrough, ct);
        if (made.Created)
        {
            world.HasMadeStore = true;
            notes.Add(StoreFindings.Made(store.Address,
                string.Join("; ", [.. made.Protections, .. made.Notes, "it is empty"])));
        }

        return true;
    }

    private static async Task RequirePrivateAsync(
        IBucket bucket, string address, IAssessNotes notes, CancellationToken ct)
    {
        var privacy = await bucket.FindPrivacyAsync(ct);
        if (privacy.Verdict == PrivacyVerdict.Public)
            notes.Add(StoreFindings.Public(address, privacy.Why));
        else if (privacy.Verdict == PrivacyVerdict.Unknown)
            notes.Add(StoreFindings.PrivacyUnknown(address, privacy.Why));
    }
}
