using System.Globalization;
using System.Numerics;
using Godwit.Proof;

namespace Godwit.Verify.Rows;

/// <summary>Compares the rows of one table.</summary>
internal sealed class TableJob(TablePair pair, BothSides both)
{
    private readonly VerifyLevel _level = both.Options.Level;

    public TablePair Pair => pair;

    /// <param name="onlySums">If the sums differ, the differing rows are not searched.</param>
    public async Task<TableVerdict> RunAsync(CompareTeller teller, bool onlySums, CancellationToken ct)
    {
        var begun = both.Clock.GetTimestamp();
        var isWhole = pair.Source.Bytes <= both.WholeMax;
        var plan = isWhole ? RangePlan.Whole(pair) : await RangePlan.MakeAsync(pair, both, ct);
        var tallies = await Task.WhenAll(SumAsync(true, plan.Source, teller, ct),
            SumAsync(false, plan.Target, teller, ct));
        var (left, right) = (Total(tallies[0]), Total(tallies[1]));
        var isCounted = _level == VerifyLevel.Counts;
        var verdict = new TableVerdict(pair.Title, left == right ? Outcome.Equal : Outcome.Different,
            left.Rows, right.Rows)
        {
            Bytes = pair.Source.Bytes,
            SourceHash = isCounted ? null : left.Hash,
            TargetHash = isCounted ? null : right.Hash,
        };
        if (!isCounted && (verdict.Outcome == Outcome.Different ? !onlySums : _level == VerifyLevel.Rows))
        {
            await both.Narrowing.WaitAsync(ct);
            try
            {
                // Range sums show where to search; a small table needs none. At level Rows all is searched anyway.
                if (isWhole && pair.Source.Bytes > RangePlan.RangeBytes)
                {
                    plan = await RangePlan.MakeAsync(pair, both, ct);
                    if (_level != VerifyLevel.Rows)
                        tallies = await Task.WhenAll(SumAsync(true, plan.Source, teller, ct),
                            SumAsync(false, plan.Target, teller, ct));
                }

                verdict = verdict with { Rows = await NarrowAsync(plan, tallies, Math.Max(left.Rows, right.Rows), ct) };
            }
            finally
            {
                both.Narrowing.Release();
            }
        }

        return Judge(verdict) with { Took = both.Clock.GetElapsedTime(begun) };
    }

    /// <summary>Compares the rows of <see cref="TablePair.SourceQuery"/> with the target's; one by one only at level
    /// Rows.</summary>
    public async Task<TableVerdict> FreshAsync(CompareTeller teller, CancellationToken ct)
    {
        var plan = RangePlan.Whole(pair);
        var tallies = await Task.WhenAll(SumAsync(true, plan.Source, teller, ct),
            SumAsync(false, plan.Target, teller, ct));
        var (left, right) = (Total(tallies[0]), Total(tallies[1]));
        var isEqual = left == right;
        if (isEqual && _level == VerifyLevel.Rows)
        {
            await both.Narrowing.WaitAsync(ct);
            try
            {
                await foreach (var _ in new Narrowing(pair, both).FindAsync(plan.Source, plan.Target, left.Rows, ct))
                    isEqual = false;
            }
            finally
            {
                both.Narrowing.Release();
            }
        }

        var isCounted = _level == VerifyLevel.Counts;
        return new TableVerdict(pair.Title, isEqual ? Outcome.Equal : Outcome.Different, left.Rows, right.Rows)
        {
            SourceHash = isCounted ? null : left.Hash,
            TargetHash = isCounted ? null : right.Hash,
        };
    }

    private TableVerdict Judge(TableVerdict verdict)
    {
        var columns = pair.Shape.OnlyOnOneSide.Count == 0
            ? "" : $"only one side has the column {string.Join(", ", pair.Shape.OnlyOnOneSide)}";
        if (verdict.Rows is { Missing: 0, Extra: 0, Changed: 0 } && verdict.Outcome == Outcome.Equal)
            verdict = verdict with { Rows = null };
        if (verdict.Outcome == Outcome.Equal && verdict.Rows is null)
            return columns.Length == 0 ? verdict : verdict with { Outcome = Outcome.Different, Why = columns };
        var rows = verdict.Rows is { } found
            ? string.Create(CultureInfo.InvariantCulture,
                $"{found.Missing} missing, {found.Extra} extra, {found.Changed} changed")
            : verdict.SourceRows != verdict.TargetRows ? "the numbers of rows differ" : "the checksums differ";
        return verdict with { Outcome = Outcome.Different, Why = columns.Length == 0 ? rows : $"{rows}; {columns}" };
    }

    private async Task<Tally[]> SumAsync(
        bool isSource, IReadOnlyList<RowRange> ranges, CompareTeller teller, CancellationToken ct)
    {
        var tallies = new Tally[ranges.Count];
        await both.ForEachAsync(isSource, ranges, async (session, i, token) =>
        {
            var from = pair.From(isSource, ranges[i]);
            var found = await session.RowsAsync(
                _level == VerifyLevel.Counts
                    ? $"SELECT pg_catalog.count(*), 0::pg_catalog.numeric FROM {from}" : pair.Shape.Sum(isSource, from),
                row => Tally.Of(row.GetInt64(0), row.GetFieldValue<BigInteger>(1)), token);
            tallies[i] = found[0];
            teller.Read(ranges[i], found[0].Rows);
        }, ct);
        return tallies;
    }

    /// <param name="rows">Of the whole table.</param>
    private async Task<RowDifferences> NarrowAsync(RangePlan plan, Tally[][] tallies, long rows, CancellationToken ct)
    {
        var (ofSource, ofTarget) = (plan.Source, plan.Target);
        if (_level != VerifyLevel.Rows && plan.IsAligned)
        {
            var suspect = Enumerable.Range(0, plan.Source.Count).Where(i => tallies[0][i] != tallies[1][i]).ToList();
            (ofSource, ofTarget) = ([.. suspect.Select(i => plan.Source[i])], [.. suspect.Select(i => plan.Target[i])]);
            rows = Math.Max(suspect.Sum(i => tallies[0][i].Rows), suspect.Sum(i => tallies[1][i].Rows));
        }

        var found = new DifferenceCount(pair, both);
        await foreach (var one in new Narrowing(pair, both).FindAsync(ofSource, ofTarget, rows, ct))
            await found.AddAsync(one, ct);
        return await found.EndAsync(ct);
    }

    private static Tally Total(Tally[] tallies) => tallies.Aggregate(default(Tally), (sum, one) => sum + one);
}
