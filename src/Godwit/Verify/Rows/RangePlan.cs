using System.Globalization;
using Godwit.Postgres;

namespace Godwit.Verify.Rows;

/// <param name="IsAligned">The ranges of both sides begin with the same rows. A restored table has its rows in the
/// order of the dump, so ranges with different sums contain the rows that differ. Rows updated since have moved, which
/// makes more ranges differ, never fewer. Equality is proven by the sum over all ranges, wherever they begin.</param>
internal sealed record RangePlan(IReadOnlyList<RowRange> Source, IReadOnlyList<RowRange> Target, bool IsAligned)
{
    /// <summary>Small enough that workers end together and a differing range is soon searched; large enough that the
    /// cost per query does not matter.</summary>
    public const long RangeBytes = 24L << 20;

    // Each costs one index lookup on the other side.
    private const int RangesMax = 1000;

    // Lookups in one statement.
    private const int BoundsAtOnce = 50;

    // First version that scans a TID range without reading the whole table.
    private const int RangesSinceMajor = 14;

    public static RangePlan Whole(TablePair pair) =>
        Apart(RowRange.Between([], pair.Source), RowRange.Between([], pair.Target));

    public static async Task<RangePlan> MakeAsync(TablePair pair, BothSides both, CancellationToken ct)
    {
        var (source, target) = (both.Of(true), both.Of(false));
        var (left, right) = (pair.Source, pair.Target);
        if (!HasPages(source) || !HasPages(target))
            return await ByKeyAsync(pair, both, ct);
        var wanted = Evenly(left);
        if (left.IsHeap && right.IsHeap && wanted.Count > 0 && pair.Shape.IsFoundByKey && right.Pages > 0)
        {
            var found = await BoundsAsync(pair, wanted, source, target, ct);
            // Fewer bounds would not locate a difference well, and make some ranges much larger than others.
            if (found.Count >= wanted.Count / 2)
                return new(RowRange.Between([.. found.Select(one => one.Source)], left),
                    RowRange.Between([.. found.Select(one => one.Target)], right), IsAligned: true);
        }

        return Apart(RowRange.Between(wanted, left), RowRange.Between(Evenly(right), right));
    }

    private static bool HasPages(Side side) => side.Major >= RangesSinceMajor;

    private static RangePlan Apart(IReadOnlyList<RowRange> ofSource, IReadOnlyList<RowRange> ofTarget) =>
        new(ofSource, ofTarget, IsAligned: ofSource.Count == 1 && ofTarget.Count == 1);

    // For servers without TID range scans: ranges of an integer key, if the rows lie in its order on either side (a
    // copy keeps the source's order, and may have no statistics yet). Otherwise each range would read nearly every
    // page, so one worker reads the whole table.
    private static async Task<RangePlan> ByKeyAsync(TablePair pair, BothSides both, CancellationToken ct)
    {
        var count = Math.Clamp(pair.Source.Bytes / RangeBytes, 1, RangesMax);
        if (count > 1 && pair.Shape is { Key: [var key], IsFoundByKey: true }
            && pair.Shape.Column(key, true).IsWholeNumber && pair.Shape.Column(key, false).IsWholeNumber
            && (pair.Source.IsInOrderOf(key) || pair.Target.IsInOrderOf(key)))
        {
            var column = ServerCatalog.Quote(key);
            var ends = await both.Of(true).AskAsync(session => session.RowsAsync(
                $"SELECT pg_catalog.min({column})::pg_catalog.int8, pg_catalog.max({column})::pg_catalog.int8 "
                + $"FROM ONLY {pair.Source.Name}",
                row => row.IsDBNull(0) ? (From: (Int128)0, To: (Int128)0) : (row.GetInt64(0), row.GetInt64(1)), ct),
                ct);
            var (from, to) = ends[0];
            List<long> bounds = [.. Enumerable.Range(1, (int)count - 1)
                .Select(i => (long)(from + ((to - from) * i / (int)count))).Distinct()];
            return new(RowRange.Between(column, bounds, pair.Source), RowRange.Between(column, bounds, pair.Target),
                IsAligned: true);
        }

        return Apart(
            RowRange.Between(HasPages(both.Of(true)) ? Evenly(pair.Source) : [], pair.Source),
            RowRange.Between(HasPages(both.Of(false)) ? Evenly(pair.Target) : [], pair.Target));
    }

    private static List<Tid> Evenly(SideTable table)
    {
        var count = table.IsHeap ? Math.Clamp(table.Bytes / RangeBytes, 1, RangesMax) : 1;
        var bounds = new List<Tid>();
        for (var i = 1; i < count; i++)
            bounds.Add(new((uint)(table.Pages * i / count), 0));
        return bounds;
    }

    // The first row from each place at the source, and its place at the target, as far as the order is the same.
    private static async Task<IReadOnlyList<(Tid Source, Tid Target)>> BoundsAsync(
        TablePair pair, IReadOnlyList<Tid> wanted, Side source, Side target, CancellationToken ct)
    {
        var key = pair.Shape.Key;
        var columns = string.Join(", ", key.Select(name => $"{ServerCatalog.Quote(name)}::pg_catalog.text"));
        var bounds = new List<(Tid Source, Tid Target)>();
        foreach (var some in wanted.Chunk(BoundsAtOnce))
        {
            var first = string.Join(" UNION ALL ", some.Select(at => $"(SELECT ctid::pg_catalog.text, {columns} "
                + $"FROM ONLY {pair.Source.Name} WHERE ctid >= '{at}' LIMIT 1)"));
            var rows = await source.AskAsync(session => session.RowsAsync(first, row =>
                (At: Tid.Parse(row.GetString(0)), Key: key.Select((_, i) => row.GetString(i + 1)).ToArray()), ct), ct);
            if (rows.Count == 0)
                continue;
            var there = string.Join(" UNION ALL ", rows.Select((row, i) => string.Create(CultureInfo.InvariantCulture,
                $"(SELECT {i}, ctid::pg_catalog.text FROM ONLY {pair.Target.Name} "
                + $"WHERE {pair.HasKey(row.Key)} LIMIT 1)")));
            var found = await target.AskAsync(session =>
                session.RowsAsync(there, row => (Index: row.GetInt32(0), At: Tid.Parse(row.GetString(1))), ct), ct);
            bounds.AddRange(found.Select(one => (rows[one.Index].At, one.At)));
        }

        return InOrder([.. bounds.DistinctBy(one => one.Source).OrderBy(one => one.Source)]);
    }

    /// <summary>The longest subsequence whose target places rise too.</summary>
    internal static IReadOnlyList<(Tid Source, Tid Target)> InOrder(IReadOnlyList<(Tid Source, Tid Target)> bounds)
    {
        // For each length keep the chain with the smallest end, and link each element to its predecessor.
        var ends = new List<int>();
        var before = new int[bounds.Count];
        for (var i = 0; i < bounds.Count; i++)
        {
            var (low, high) = (0, ends.Count);
            while (low < high)
            {
                var middle = (low + high) / 2;
                if (bounds[ends[middle]].Target.CompareTo(bounds[i].Target) < 0)
                    low = middle + 1;
                else
                    high = middle;
            }

            before[i] = low == 0 ? -1 : ends[low - 1];
            if (low == ends.Count)
                ends.Add(i);
            else
                ends[low] = i;
        }

        var chain = new List<(Tid Source, Tid Target)>();
        for (var at = ends.Count == 0 ? -1 : ends[^1]; at >= 0; at = before[at])
            chain.Add(bounds[at]);
        chain.Reverse();
        return chain;
    }
}
