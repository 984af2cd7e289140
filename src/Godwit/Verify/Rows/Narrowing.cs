using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using NpgsqlTypes;

namespace Godwit.Verify.Rows;

/// <summary>Finds rows that differ, in ranges that differ.</summary>
internal sealed class Narrowing(TablePair pair, BothSides both)
{
    // Per side in memory at once, 24 bytes each. A growing list briefly holds twice as many.
    private const int MarksMax = 1 << 19;

    // By key hash, for tables with more rows than that. A power of two.
    private const int Buckets = 4096;

    /// <param name="ofSource">May hold rows that differ. A row is in at most one range.</param>
    public async IAsyncEnumerable<RowPair> FindAsync(
        IReadOnlyList<RowRange> ofSource, IReadOnlyList<RowRange> ofTarget, long rowsMax,
        [EnumeratorCancellation] CancellationToken ct)
    {
        var hasKey = pair.Shape.Key.Count > 0;
        var batches = rowsMax <= MarksMax ? [null] : await BatchesAsync(ofSource, ofTarget, ct);
        foreach (var batch in batches)
        {
            var marks = await Task.WhenAll(MarksAsync(true, ofSource, batch, ct),
                MarksAsync(false, ofTarget, batch, ct));
            foreach (var one in RowMarks.Compare(marks[0], marks[1], hasKey))
                yield return one;
        }
    }

    // Buckets that differ, in batches that fit into memory.
    private async Task<IReadOnlyList<int[]?>> BatchesAsync(
        IReadOnlyList<RowRange> ofSource, IReadOnlyList<RowRange> ofTarget, CancellationToken ct)
    {
        var sums = await Task.WhenAll(HeapsAsync(true, ofSource, ct), HeapsAsync(false, ofTarget, ct));
        var batches = new List<int[]?>();
        var batch = new List<int>();
        var held = 0L;
        for (var bucket = 0; bucket < Buckets; bucket++)
        {
            if (sums[0][bucket] == sums[1][bucket])
                continue;
            var rows = Math.Max(sums[0][bucket].Rows, sums[1][bucket].Rows);
            if (batch.Count > 0 && held + rows > MarksMax)
            {
                batches.Add([.. batch]);
                batch.Clear();
                held = 0;
            }

            batch.Add(bucket);
            held += rows;
        }

        if (batch.Count > 0)
            batches.Add([.. batch]);
        return batches;
    }

    private async Task<Tally[]> HeapsAsync(bool isSource, IReadOnlyList<RowRange> ranges, CancellationToken ct)
    {
        var heaps = new Tally[Buckets];
        var (key, row) = (pair.Shape.KeyHash(isSource), pair.Shape.RowHash(isSource));
        await both.ForEachAsync(isSource, ranges, async (session, i, token) =>
        {
            var from = pair.From(isSource, ranges[i]);
            // Without a key both hashes are the same: OFFSET keeps the server from computing it twice.
            var rows = pair.Shape.Key.Count > 0
                ? $"SELECT {Bucket(key)} AS bucket, {row} AS h FROM {from}"
                : $"SELECT {Bucket("one.h")} AS bucket, one.h FROM (SELECT {row} AS h FROM {from} OFFSET 0) one";
            var found = await session.RowsAsync(
                $"SELECT bucket, pg_catalog.count(*), pg_catalog.sum(h) FROM ({rows}) rows GROUP BY bucket",
                one => (Bucket: one.GetInt32(0), Tally: Tally.Of(one.GetInt64(1), one.GetFieldValue<BigInteger>(2))),
                token);
            lock (heaps)
            {
                foreach (var one in found)
                    heaps[one.Bucket] += one.Tally;
            }
        }, ct);
        return heaps;
    }

    /// <param name="buckets">Null: all.</param>
    private async Task<List<RowMark>> MarksAsync(
        bool isSource, IReadOnlyList<RowRange> ranges, int[]? buckets, CancellationToken ct)
    {
        var marks = new List<RowMark>();
        var (key, row) = (pair.Shape.KeyHash(isSource), pair.Shape.RowHash(isSource));
        var numbers = buckets?.Select(one => one.ToString(CultureInfo.InvariantCulture));
        var wanted = numbers is null ? ""
            : $" AND {Bucket(key)} = ANY('{{{string.Join(',', numbers)}}}'::pg_catalog.int4[])";
        await both.ForEachAsync(isSource, ranges, async (session, i, token) =>
        {
            var some = new List<RowMark>();
            await session.EachRowAsync(
                $"SELECT {key}, {row}, {pair.Place(isSource)} FROM {pair.From(isSource, ranges[i])}{wanted}",
                one => some.Add(new RowMark(one.GetInt64(0), one.GetInt64(1), At(one.GetFieldValue<NpgsqlTid>(2)))),
                token);
            lock (marks)
                marks.AddRange(some);
        }, ct);
        return marks;
    }

    private static string Bucket(string hash) =>
        $"(({hash} & {(Buckets - 1).ToString(CultureInfo.InvariantCulture)})::pg_catalog.int4)";

    private static Tid At(NpgsqlTid tid) => new(tid.BlockNumber, tid.OffsetNumber);
}
