using Godwit.Extract;
using Godwit.Faults;
using Godwit.PgArchive;
using Godwit.Postgres;

namespace Godwit.Copy.Rows;

/// <summary>Large objects that are copied in one transaction.</summary>
/// <param name="Number">From 0, of the parts of the entry.</param>
internal sealed record LargeObjectPart(TocEntry Entry, int Number, uint[] Oids, long SourceBytes)
{
    private const int AtOnce = 500;

    public string Title => Oids.Length == 1 ? $"large object {Oids[0]}" : $"large objects {Oids[0]} to {Oids[^1]}";

    public static async Task<IReadOnlyList<LargeObjectPart>> AllAsync(ArchiveHead head, PostgresSession source, CancellationToken ct)
    {
        var found = await LargeObjectSource.FindAsync(head, source, ct);
        var count = found.Sum(one => one.Oids.Length);
        var bytes = count == 0 ? 0 : await source.ScalarAsync<long>("SELECT pg_catalog.pg_table_size('pg_catalog.pg_largeobject')", ct);
        return [.. found.SelectMany(one => one.Oids.Chunk(AtOnce).Select((oids, number) => new LargeObjectPart(one.Entry, number, oids, bytes * oids.Length / count)))];
    }
}

/// <summary>Fills large objects, which their entries have made.</summary>
internal sealed class LargeObjectPump(PostgresSession source, PostgresSession target, RateGate rate, CopyWatch watch)
{
    /// <exception cref="FaultException">One of the sides refused or broke off; the target keeps nothing of the part.</exception>
    public async Task CopyAsync(LargeObjectPart part, CancellationToken ct)
    {
        var share = new SourceShare(part.SourceBytes);
        var bytes = 0L;
        await Sides.AtTargetAsync(part.Title, () => target.ExecuteAsync("BEGIN", ct));
        await Sides.AtSourceAsync(part.Title, async () =>
        {
            var lengths = await LargeObjectSource.LengthsAsync(source, part.Oids, ct);
            var (last, at) = (-1, 0L);
            await LargeObjectSource.ReadAsync(source, part.Oids, lengths, async (index, row) =>
            {
                at = index == last ? at : 0;
                last = index;
                var piece = await row.GetFieldValueAsync<byte[]>(1, ct);
                await rate.WaitAsync(piece.Length, ct);
                await Sides.AtTargetAsync(part.Title, () => target.ExecuteAsync("SELECT pg_catalog.lo_put($1::pg_catalog.oid, $2, $3)", ct, (long)part.Oids[index], at, piece));
                at += piece.Length;
                bytes += piece.Length;
                watch.Copied(share.Of(piece.Length), 0);
            }, ct);
            return true;
        });
        await Sides.AtTargetAsync(part.Title, () => target.ExecuteAsync($"{CopyLedger.Line(part, bytes)} COMMIT", ct));
        watch.Copied(share.Rest(), 0);
    }
}
