using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using Godwit.Faults;
using Godwit.Postgres;
using Godwit.Proof;

namespace Godwit.Verify;

/// <param name="Verdict">Null: neither side has any.</param>
internal sealed record LargeObjectsResult(TableVerdict? Verdict, IReadOnlyList<Omission> Omissions);

/// <summary>Receives every large object that differs.</summary>
internal interface ILargeObjectSink
{
    void Take(RowDifferenceKind kind, uint oid);
}

/// <summary>Compares every large object's bytes, by OID. The role need not be able to read
/// <c>pg_largeobject</c>.</summary>
internal sealed class LargeObjects(
    Side source, Side target, VerifyOptions options, ILargeObjectSink? sink, TimeProvider clock)
{
    // Asked for at once; four bytes each.
    private const int PageOids = 2000;

    // Read by one statement: few enough that every session gets some.
    private const int BatchOids = 100;

    // Each running statement holds one piece in the server's memory. An object may have 4 TB.
    private const int PieceBytes = 1024 * 1024;

    // True if lo_get may read the object: always with lo_compat_privileges, else for its owner, a superuser and
    // grantees.
    private const string MayRead = """
        (pg_catalog.current_setting('lo_compat_privileges')::bool
            OR (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user)
         OR pg_catalog.pg_has_role(m.lomowner, 'USAGE')
         OR EXISTS (SELECT FROM pg_catalog.aclexplode(m.lomacl) a
                    WHERE a.privilege_type = 'SELECT'
                       AND (a.grantee = 0 OR pg_catalog.pg_has_role(a.grantee, 'USAGE'))))
        """;

    // A piece's hash has its offset as seed: swapped pieces change the sum.
    private static readonly string Sums = $"""
        WITH RECURSIVE piece (id, place, bytes, hash) AS (
            SELECT wanted.id, 0::pg_catalog.int8, pg_catalog.length(read.data),
                   pg_catalog.hash_array_extended(ARRAY[read.data], 0)
            FROM pg_catalog.unnest($1) wanted (id),
                LATERAL (SELECT pg_catalog.lo_get(wanted.id, 0, {PieceBytes}) AS data OFFSET 0) read
            UNION ALL
            SELECT piece.id, piece.place + {PieceBytes}, pg_catalog.length(read.data),
                   pg_catalog.hash_array_extended(ARRAY[read.data], piece.place + {PieceBytes})
            FROM piece, LATERAL (SELECT pg_catalog.lo_get(piece.id, piece.place + {PieceBytes}, {PieceBytes})
                AS data OFFSET 0) read
            WHERE piece.bytes = {PieceBytes})
        SELECT id, pg_catalog.sum(bytes)::pg_catalog.int8, pg_catalog.sum(hash)::pg_catalog.text FROM piece GROUP BY id
        """;

    private readonly Lock _gate = new();
    private readonly List<RowDifference> _shown = [];
    private long _sourceCount, _targetCount, _missing, _extra, _changed, _bytes, _unread;
    private ulong _sourceHash, _targetHash;

    public async Task<LargeObjectsResult> CompareAsync(CancellationToken ct)
    {
        var started = clock.GetTimestamp();
        if (options.Level == VerifyLevel.Counts)
            return await CountAsync(started, ct);
        await Parallel.ForEachAsync(BatchesAsync(ct),
            new ParallelOptions { MaxDegreeOfParallelism = options.Jobs, CancellationToken = ct },
            async (oids, token) => await CompareAsync(oids, token));
        if (_sourceCount + _targetCount == 0)
            return new(null, []);
        var differ = _missing + _extra + _changed > 0;
        var verdict = new TableVerdict(
            TableVerdict.LargeObjects, differ ? Outcome.Different : Outcome.Equal, _sourceCount, _targetCount)
        {
            Bytes = _bytes,
            SourceHash = _sourceHash,
            TargetHash = _targetHash,
            Took = clock.GetElapsedTime(started),
            Why = differ ? Why() : "",
            Rows = differ ? new(_missing, _extra, _changed, ["oid"],
                [.. _shown.OrderBy(one => uint.Parse(one.Values[0].Value!, CultureInfo.InvariantCulture))]) : null,
        };
        return new(verdict,
            _unread == 0 ? [] : [new($"{ServerCatalog.Number(_unread)} large object{(_unread == 1 ? "" : "s")}",
                "the roles of both sides may not read them", HoldsData: true)]);
    }

    private async Task<LargeObjectsResult> CountAsync(long started, CancellationToken ct)
    {
        var counts = await Task.WhenAll(new[] { source, target }
            .Select(side => side.AskAsync(session => ServerCatalog.LargeObjectsAsync(session, ct), ct)));
        if (counts is [0, 0])
            return new(null, []);
        var isEqual = counts[0] == counts[1];
        return new(new TableVerdict(
            TableVerdict.LargeObjects, isEqual ? Outcome.Equal : Outcome.Different, counts[0], counts[1])
        {
            Took = clock.GetElapsedTime(started),
            Why = isEqual ? "" : "there are not as many",
        }, []);
    }

    private string Why() =>
        string.Join(", ", new[] { (_missing, "missing"), (_extra, "too many"), (_changed, "with other bytes") }
            .Where(one => one.Item1 > 0).Select(one => $"{ServerCatalog.Number(one.Item1)} {one.Item2}"));

    // Of OIDs that both sides have and may read. Counts objects of one side only, and unreadable ones, on the way.
    private async IAsyncEnumerable<uint[]> BatchesAsync([EnumeratorCancellation] CancellationToken ct)
    {
        await using var left = OidsAsync(source, ct).GetAsyncEnumerator(ct);
        await using var right = OidsAsync(target, ct).GetAsyncEnumerator(ct);
        var (hasLeft, hasRight) = (await left.MoveNextAsync(), await right.MoveNextAsync());
        var batch = new List<uint>(BatchOids);
        while (hasLeft || hasRight)
        {
            var order = !hasLeft ? 1 : !hasRight ? -1 : left.Current.Oid.CompareTo(right.Current.Oid);
            if (order < 0)
                Differs(RowDifferenceKind.Missing, left.Current.Oid);
            else if (order > 0)
                Differs(RowDifferenceKind.Extra, right.Current.Oid);
            else if (left.Current.MayRead && right.Current.MayRead)
                batch.Add(left.Current.Oid);
            else
                Unread();
            if (order <= 0)
                (_sourceCount, hasLeft) = (_sourceCount + 1, await left.MoveNextAsync());
            if (order >= 0)
                (_targetCount, hasRight) = (_targetCount + 1, await right.MoveNextAsync());
            if (batch.Count < BatchOids)
                continue;
            yield return [.. batch];
            batch.Clear();
        }

        if (batch.Count > 0)
            yield return [.. batch];
    }

    private static async IAsyncEnumerable<(uint Oid, bool MayRead)> OidsAsync(
        Side side, [EnumeratorCancellation] CancellationToken ct)
    {
        var behind = 0u;
        while (true)
        {
            var page = await side.AskAsync(session => session.RowsAsync($"""
                SELECT m.oid, {MayRead} FROM pg_catalog.pg_largeobject_metadata m
                WHERE m.oid > {behind.ToString(CultureInfo.InvariantCulture)}::pg_catalog.oid ORDER BY m.oid
                LIMIT {PageOids}
                """, row => (row.GetFieldValue<uint>(0), row.GetBoolean(1)), ct), ct);
            foreach (var one in page)
                yield return one;
            if (page.Count < PageOids)
                yield break;
            behind = page[^1].Item1;
        }
    }

    private async Task CompareAsync(uint[] oids, CancellationToken ct)
    {
        var sums = await Task.WhenAll(SumsAsync(source, oids, ct), SumsAsync(target, oids, ct));
        lock (_gate)
        {
            foreach (var oid in oids)
            {
                if (!sums[0].TryGetValue(oid, out var here) || !sums[1].TryGetValue(oid, out var there))
                {
                    _unread++;
                    continue;
                }

                _bytes += here.Bytes;
                _sourceHash = unchecked(_sourceHash + Mixed(oid, here));
                _targetHash = unchecked(_targetHash + Mixed(oid, there));
                if (here != there)
                    Differs(RowDifferenceKind.Changed, oid, here.Bytes, there.Bytes);
            }
        }
    }

    // If the server refuses an object although the grants allow it, halving the batch finds that object.
    private static async Task<Dictionary<uint, ObjectSum>> SumsAsync(Side side, uint[] oids, CancellationToken ct)
    {
        var found = await side.AskAsync(async session =>
        {
            try
            {
                var rows = await session.RowsAsync(Sums,
                    row => (Oid: row.GetFieldValue<uint>(0), new ObjectSum(row.GetInt64(1), (ulong)(BigInteger.Parse(
                        row.GetString(2), CultureInfo.InvariantCulture) & ulong.MaxValue))), ct, oids);
                return rows.ToDictionary(row => row.Oid, row => row.Item2);
            }
            catch (FaultException e) when (PostgresSession.IsAnswer(e, PostgresSession.InsufficientPrivilege))
            {
                return null;
            }
        }, ct);
        if (found is not null)
            return found;
        if (oids.Length == 1)
            return [];
        var (first, second) = (await SumsAsync(side, oids[..(oids.Length / 2)], ct),
            await SumsAsync(side, oids[(oids.Length / 2)..], ct));
        return first.Concat(second).ToDictionary();
    }

    private void Differs(RowDifferenceKind kind, uint oid, long? sourceBytes = null, long? targetBytes = null)
    {
        lock (_gate)
        {
            _ = kind switch
            {
                RowDifferenceKind.Missing => _missing++,
                RowDifferenceKind.Extra => _extra++,
                _ => _changed++,
            };
            sink?.Take(kind, oid);
            if (_shown.Count >= options.Show)
                return;
            var columns = kind != RowDifferenceKind.Changed ? [] : new[]
            {
                new ColumnDifference("bytes", Length(sourceBytes), Length(targetBytes),
                    sourceBytes == targetBytes ? "as long, with other contents" : ""),
            };
            _shown.Add(new(kind, [new("oid", oid.ToString(CultureInfo.InvariantCulture))], 1, columns));
        }
    }

    private void Unread()
    {
        lock (_gate)
            _unread++;
    }

    private static string? Length(long? bytes) => bytes is { } known ? $"{ServerCatalog.Number(known)} bytes" : null;

    // Two objects that swapped their contents change the total.
    private static ulong Mixed(uint oid, ObjectSum sum)
    {
        // Steele, Lea, Flood: "Fast Splittable Pseudorandom Number Generators" (SplitMix64): every output bit depends
        // on every input bit.
        static ulong Mix(ulong z)
        {
            unchecked
            {
                z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
                z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
                return z ^ (z >> 31);
            }
        }

        return Mix(unchecked(Mix(sum.Hash) + Mix((ulong)sum.Bytes) * 3 + oid));
    }

    /// <param name="Hash">Sum of the pieces' hashes.</param>
    private readonly record struct ObjectSum(long Bytes, ulong Hash);
}
