using System.Globalization;
using Godwit.Assess.Checks.Time;
using Godwit.Faults;
using Godwit.Storage;
using Godwit.Storage.Buckets;

namespace Godwit.Assess.Checks.Store;

internal static class StoreLeftovers
{
    // A younger upload may be of another active run; none takes longer than a day.
    private static readonly TimeSpan LeftAfter = TimeSpan.FromDays(1);

    // In the finding; the command lists all.
    private const int NamedMax = 3;

    public static async Task FindAsync(
        IObjectStore store, IBucket bucket, AssessParts parts, IAssessNotes notes, CancellationToken ct)
    {
        var uploads = (await bucket.FindUnfinishedAsync(ct))
            .Where(one => parts.Clock.GetUtcNow() - one.BegunAt > LeftAfter).ToList();
        if (uploads.Count > 0)
        {
            var oldest =
                uploads.Min(one => one.BegunAt).UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            notes.Add(StoreFindings.Leftovers(store.Address, Phrase.Count(uploads.Count, "upload"), oldest,
                $"godwit cleanup --via {store.Address}{parts.StoreFlags}"));
        }

        var dumps = new List<(string RunId, long Bytes)>();
        await foreach (var found in store.ListAsync(GodwitKeys.Prefix, ct))
        {
            if (GodwitKeys.RunOf(found.Key) is { } run && parts.EarlierRuns.Contains(run))
                dumps.Add((run, found.SizeBytes));
        }

        if (dumps.Count == 0)
            return;
        dumps.Sort((one, other) => string.CompareOrdinal(other.RunId, one.RunId));
        notes.Add(StoreFindings.EarlierDumps(store.Address, Phrase.Count(dumps.Count, "dump"),
            TimeEstimate.Megabytes(dumps.Sum(one => one.Bytes)),
            $"of {(dumps.Count == 1 ? "the run" : "the runs")} "
                + string.Join(", ", dumps.Take(NamedMax).Select(one => one.RunId))
                + (dumps.Count > NamedMax ? " and others" : ""),
            dumps.Count == 1 ? $"godwit cleanup {dumps[0].RunId}" : "godwit cleanup --all"));
    }
}
