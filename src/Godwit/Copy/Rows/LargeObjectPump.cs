using Godwit.Extract;
using Godwit.Faults;
using Godwit.PgArchive;
using Godwit.Postgres;

namespace Godwit.Copy.Rows;

/// <summary>Large objects that are copied in one transaction.</summary>
/// <param name="Oids">Empty: only their reader knows them.</param>
internal sealed record LargeObjectPart(TocEntry Entry, int Number, uint[] Oids, long SourceBytes)
    : CopyPart(Entry, Number, TitleOf(Oids), SourceBytes)
{
    private const int AtOnce = 500;

    public static async Task<IReadOnlyList<LargeObjectPart>> AllAsync(
        ArchiveHead head, PostgresSession source, CancellationToken ct)
    {
        var found = await LargeObjectSource.FindAsync(head, source, ct);
        var count = found.Sum(one => one.Oids.Length);
        var bytes = count == 0
            ? 0 : await source.ScalarAsync<long>("SELECT pg_catalog.pg_table_size('pg_catalog.pg_largeobject')", ct);
        return [.. found.SelectMany(one => one.Oids.Chunk(AtOnce)
            .Select((oids, number) => new LargeObjectPart(one.Entry, number, oids, bytes * oids.Length / count)))];
    }

    private static string TitleOf(uint[] oids) => oids.Length switch
    {
        0 => "large objects",
        1 => $"large object {oids[0]}",
        _ => $"large objects {oids[0]} to {oids[^1]}",
    };
}

/// <summary>Fills large objects that their entries have created.</summary>
internal sealed class LargeObjectPump(IRowReader source, PostgresSession target, RateGate rate, CopyWatch watch)
{
    // Bytes sent at once: many objects are small, and each round trip to a distant target takes time.
    private const int BytesAtOnceMax = LargeObjectSource.PieceBytes;

    // Pieces sent at once, a limit for nearly empty objects.
    private const int PiecesAtOnceMax = 1000;

    private readonly List<LargeObjectPiece> _pieces = [];

    /// <exception cref="FaultException">One side refused or was lost; the target keeps nothing of the part.</exception>
    public async Task CopyAsync(LargeObjectPart part, CancellationToken ct)
    {
        var (bytes, waiting, told, objects) = (0L, 0, 0L, 0);
        await Sides.AtTargetAsync(part.Title, () => target.ExecuteAsync("BEGIN", ct));
        await source.ReadAsync(part, async piece =>
        {
            if (waiting + piece.Bytes.Length > BytesAtOnceMax || _pieces.Count >= PiecesAtOnceMax)
            {
                await PutAsync(part, ct);
                waiting = 0;
            }

            await rate.WaitAsync(piece.Bytes.Length, ct);
            _pieces.Add(piece);
            waiting += piece.Bytes.Length;
            bytes += piece.Bytes.Length;
            watch.Copied(piece.SourceBytes, 0);
            told += piece.SourceBytes;
            objects += piece.At == 0 ? 1 : 0;
        }, ct);
        await PutAsync(part, ct);
        await Sides.AtTargetAsync(part.Title, () => target.ExecuteAsync($"{CopyLedger.Line(part, bytes)} COMMIT", ct));
        watch.Copied(Math.Max(0, part.SourceBytes - told), 0);
        // Empty objects have no piece.
        watch.Filled(Math.Max(objects, part.Oids.Length));
    }

    private async Task PutAsync(LargeObjectPart part, CancellationToken ct)
    {
        if (_pieces.Count == 0)
            return;
        await Sides.AtTargetAsync(part.Title, () => target.ExecuteAsync(
            "SELECT pg_catalog.lo_put(oid, at, bytes) FROM ROWS FROM (pg_catalog.unnest($1), pg_catalog.unnest($2), "
            + "pg_catalog.unnest($3)) AS piece (oid, at, bytes)", ct,
            _pieces.Select(one => one.Oid).ToArray(), _pieces.Select(one => one.At).ToArray(),
            _pieces.Select(one => one.Bytes).ToArray()));
        _pieces.Clear();
    }
}
