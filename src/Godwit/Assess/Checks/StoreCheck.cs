using System.Globalization;
using Godwit.Faults;
using Godwit.Storage;

namespace Godwit.Assess.Checks;

/// <summary>Whether the store can be used: reached, written to, closed to everybody else, and readable through a signed link.</summary>
internal sealed class StoreCheck : ICheck
{
    /// <summary>An upload of now may be another run's; nobody uploads for longer than a day.</summary>
    private static readonly TimeSpan LeftAfter = TimeSpan.FromDays(1);

    public string Name => "store";

    public async Task RunAsync(AssessWorld world, IAssessNotes notes, CancellationToken ct)
    {
        if (world.Parts.Store is not { } store)
            return;
        notes.Tell("store", store.Address);
        try
        {
            await (world.Wishes.OnlyLooks ? store.CheckAsync(ct) : store.CheckWritableAsync(ct));
            using var probe = new StoreProbe(store, world.IsForHeroku && !world.IsHerokuHere, world.Parts.Clock);
            if (!probe.FindOnlyHere(await probe.SignAsync(ct), notes) && !world.Wishes.OnlyLooks)
                world.StoreBytesPerSecond = await probe.TryAsync(notes, ct);
            if (probe.IsOpen)
                notes.Find(StoreFindings.Public(store.Address, "an object in it could be fetched without any signature"));
            if (store is not IStoreInspection inspection)
                return;
            if (!probe.IsOpen)
                await RequirePrivateAsync(inspection, store.Address, notes, ct);
            await FindLeftoversAsync(inspection, store.Address, world.Parts.Clock, notes, ct);
        }
        catch (FaultException e)
        {
            notes.Find(Finding.Of(e.Fault));
        }
    }

    private static async Task RequirePrivateAsync(IStoreInspection store, string address, IAssessNotes notes, CancellationToken ct)
    {
        var privacy = await store.FindPrivacyAsync(ct);
        if (privacy.Verdict == PrivacyVerdict.Public)
            notes.Find(StoreFindings.Public(address, privacy.Why));
        else if (privacy.Verdict == PrivacyVerdict.Unknown)
            notes.Find(StoreFindings.PrivacyUnknown(address, privacy.Why));
    }

    private static async Task FindLeftoversAsync(IStoreInspection store, string address, TimeProvider clock, IAssessNotes notes, CancellationToken ct)
    {
        var left = (await store.FindUnfinishedAsync(ct)).Where(one => clock.GetUtcNow() - one.BegunAt > LeftAfter).ToList();
        if (left.Count == 0)
            return;
        var oldest = left.Min(one => one.BegunAt).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        notes.Find(StoreFindings.Leftovers(address, Named.Count(left.Count, "upload"), oldest, StoreAddress.Parse(address) is StoreAddress.S3 s3
            ? $"Let the service remove such parts by itself after a day, with a lifecycle rule; see them with: aws s3api list-multipart-uploads --bucket {s3.Bucket}"
            : "Delete the folder .godwit-parts in it when no run uses it."));
    }
}
