using Godwit.Storage;
using Godwit.Storage.Buckets;

namespace Godwit.Migration.CleanUp;

/// <summary>What runs leave in a store: dumps, unfinished uploads, old versions of both, and the small objects of a
/// check.</summary>
public sealed class StoreLeftovers(IObjectStore store, CleanUpScope scope, TimeProvider clock) : ILeftovers
{
    public string Where => store.Address;

    public async Task<IReadOnlyList<Leftover>> FindAsync(CancellationToken ct)
    {
        var found = new List<Leftover>();
        await foreach (var one in store.ListAsync(GodwitKeys.Prefix, ct))
        {
            var kind = GodwitKeys.IsOfCheck(one.Key) ? LeftoverKind.Probe : LeftoverKind.Dump;
            if (kind == LeftoverKind.Probe || GodwitKeys.RunOf(one.Key) is not null)
                found.Add(Of(kind, one.Key, one.ModifiedAt, one.SizeBytes, one));
        }

        if (store.Bucket is { } bucket)
        {
            found.AddRange((await bucket.FindUnfinishedAsync(ct))
                .Select(one => Of(LeftoverKind.Upload, one.Key, one.LastPartAt ?? one.BegunAt, one.SizeBytes, one)));
            found.AddRange((await bucket.FindVersionsAsync(GodwitKeys.Prefix, ct))
                .Where(one => GodwitKeys.IsOfCheck(one.Key) || GodwitKeys.RunOf(one.Key) is not null)
                .Select(one => Of(LeftoverKind.OldVersion, one.Key, one.At, one.SizeBytes, one)));
        }

        // A delete marker follows the versions it hides: they are removed in this order.
        return [.. found.Where(IsToBeShown).OrderBy(one => one.Kind)
            .ThenBy(one => one.Handle is OldVersion { IsMarker: true }).ThenBy(one => one.At)
            .ThenBy(one => one.Name, StringComparer.Ordinal)];
    }

    public async Task<string?> RemoveAsync(Leftover leftover, CancellationToken ct)
    {
        switch (leftover.Handle)
        {
            case OldVersion { IsMarker: true } marker:
                await PermanentDeletion.DeleteMarkerAsync(store, marker, ct);
                break;
            case OldVersion version:
                await store.Bucket!.DeleteVersionAsync(version, ct);
                break;
            case UnfinishedUpload upload:
                await store.Bucket!.AbortAsync(upload, ct);
                break;
            default:
                // The next look finds what remains.
                return Said(leftover, await PermanentDeletion.DeleteAsync(store, leftover.Name, ct));
        }

        return null;
    }

    private string? Said(Leftover leftover, RetainedObject? stays) => stays switch
    {
        RetainedObject.SoftDeleted kept => $"{store.Address}/{leftover.Name}: {kept.Why}. {kept.Remedy}",
        // A check's small object holds no user data.
        RetainedObject.Unknown unseen when leftover.Kind == LeftoverKind.Dump =>
            $"{store.Address}/{leftover.Name}: whether "
            + $"the service keeps it for some days (soft delete, versions) was not seen, because {unseen.Why}.",
        _ => null,
    };

    private Leftover Of(LeftoverKind kind, string key, DateTimeOffset? at, long? bytes, object handle)
    {
        var run = GodwitKeys.RunOf(key) ?? scope.Runs.FirstOrDefault(one => GodwitKeys.ProbeOf(one) == key);
        return new(kind, store.Address, key, at, bytes)
        {
            RunId = run, Handle = handle, Kept = WhyKept(kind, key, run, at),
        };
    }

    // If runs are named, the leftovers of other runs are not shown.
    private bool IsToBeShown(Leftover one) =>
        scope.IsWholeStore || (one.RunId is { } run ? scope.Runs.Contains(run) : one.Kept is null);

    private string? WhyKept(LeftoverKind kind, string key, string? run, DateTimeOffset? at)
    {
        if (run is not null && scope.WhyKept(run) is { } why)
            return why;
        if (run is not null && scope.Runs.Contains(run))
            return null;
        if (GodwitKeys.IsOfWriteCheck(key))
            return null;
        // An old version of a dump is a whole dump, and users who keep versions may want it.
        if (run is not null && kind is (LeftoverKind.Dump or LeftoverKind.OldVersion))
            return "it is whole, and may be wanted; " + (scope.IsOfHere(run)
                ? $"to remove it: godwit cleanup {run}"
                : "it is of no run of this machine, so remove it in the store itself");
        // On a disk only uploads that no process holds are found, and their names say nothing.
        if (kind == LeftoverKind.Upload && run is null && !GodwitKeys.IsOfCheck(key)
            && store.Bucket is not { IsLocal: true })
            return "it has none of the names Godwit gives; `godwit dump` to the same name removes it";
        // Zero includes objects of this second, too: services store whole seconds, and some round up.
        if (scope.AgeMin == TimeSpan.Zero)
            return null;
        return at is { } made && clock.GetUtcNow() - made >= scope.AgeMin
            ? null : "it is younger than --older-than, and may be in use";
    }
}

/// <param name="Runs">Runs whose dumps and uploads are included at any age.</param>
/// <param name="AgeMin">Minimum age of leftovers that belong to no such run.</param>
/// <param name="WhyKept">Why a run's leftovers stay, as a clause: it runs, or is to be resumed; null: no reason is
/// known.</param>
public sealed record CleanUpScope(IReadOnlySet<string> Runs, TimeSpan AgeMin, Func<string, string?> WhyKept)
{
    /// <summary>This machine has a run of that name.</summary>
    public Func<string, bool> IsOfHere { get; init; } = _ => false;

    /// <summary>No run was named: all that is Godwit's is shown.</summary>
    public bool IsWholeStore { get; init; }
}
