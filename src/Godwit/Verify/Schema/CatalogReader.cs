using System.Data.Common;
using System.Globalization;
using System.Text;
using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Verify.Schema;

/// <param name="Objects">Null: the server refused the whole group.</param>
/// <param name="Why">A clause: why it was refused.</param>
/// <param name="Unread">Objects of which only the OID is known: dropped while they were read, or damaged rows.</param>
internal sealed record CatalogRows(
    CatalogQuery Query, IReadOnlyList<SchemaObject>? Objects, string? Why, IReadOnlyList<UnreadRow> Unread);

/// <summary>Reads the groups of one side. An unreadable object does not keep the others of its group from being read: a
/// concurrent session may drop it between the snapshot and the function that prints it, and catalogs may be
/// damaged.</summary>
internal sealed class CatalogReader(
    Side side, int other, IReadOnlySet<string> refused, Func<DbDataReader, SchemaObject?> read)
{
    // With more unreadable objects the whole group counts as refused. To find one takes some twenty short statements,
    // and as many new sessions.
    private const int UnreadMax = 20;

    private IReadOnlyList<uint>? _oids;

    public async Task<CatalogRows> ReadAsync(CatalogQuery query, CancellationToken ct)
    {
        var (objects, unread) = (new List<SchemaObject>(), new List<UnreadRow>());
        var parts = query.Counted is { } counted ? 1
            + await side.AskAsync(session => session.ScalarAsync<long>(counted, ct), ct) / CatalogQuery.PartMax : 1;
        for (var part = 0; part < parts; part++)
        {
            var sql = "SELECT q.* "
                + $"FROM ({query.OfReadable?.Invoke(side.Major, refused) ?? query.Sql(side.Major, other)}) q"
                + (parts == 1 ? " WHERE true" : string.Create(CultureInfo.InvariantCulture,
                    $" WHERE q.oid::bigint % {parts} = {part}"));
            if (await TryAsync(sql, objects, unread, ct) is not { } refusal)
                continue;
            if (!refusal.IsOfObject || await TryAsync($"{sql} AND false", objects, unread, ct) is not null
                || !await ReadHalvesAsync(sql, objects, unread, ct))
                return new(query, null, refusal.Why, []);
        }

        return new(query, objects, null, unread);
    }

    /// <summary>Halves the objects until each unreadable one is alone.</summary>
    /// <returns>False: too many.</returns>
    private async Task<bool> ReadHalvesAsync(
        string sql, List<SchemaObject> objects, List<UnreadRow> unread, CancellationToken ct)
    {
        _oids ??= [.. (await side.AskAsync(session => session.RowsAsync(
            $"SELECT DISTINCT o.oid FROM ({Catalogs.Objects(side.Major, refused)}) o ORDER BY 1",
            row => row.GetFieldValue<uint>(0), ct), ct))];
        var (oids, failed) = (_oids, 0);
        var open = new Stack<(int From, int To)>([(0, oids.Count)]);
        while (open.TryPop(out var next))
        {
            var from = next.From == 0 ? 0 : oids[next.From];
            var to = next.To == oids.Count ? long.MaxValue : oids[next.To];
            var range = string.Create(CultureInfo.InvariantCulture,
                $"{sql} AND q.oid::bigint >= {from} AND q.oid::bigint < {to}");
            if (await TryAsync(range, objects, unread, ct) is not { } refusal)
                continue;
            if (next.To - next.From > 1)
            {
                var middle = (next.From + next.To) / 2;
                open.Push((middle, next.To));
                open.Push((next.From, middle));
            }
            else if (++failed > UnreadMax)
                return false;
            else
            {
                // Comments and the like may name an OID that is in no catalog.
                var only = string.Create(CultureInfo.InvariantCulture, $"{sql} AND q.oid::bigint = {oids[next.From]}");
                var isListed = await TryAsync(only, [], [], ct) is not null;
                unread.Add(isListed ? new(null, oids[next.From], refusal.Why) : new(UnreadRow.NoCatalog,
                    0, refusal.Why));
            }
        }

        return true;
    }

    /// <returns>Null: the rows were read.</returns>
    private async Task<Refusal?> TryAsync(
        string sql, List<SchemaObject> objects, List<UnreadRow> unread, CancellationToken ct)
    {
        try
        {
            var rows = await side.AskAsync(session => session.RowsAsync(sql, Row, ct), ct);
            objects.AddRange(rows.Select(row => row.Object).OfType<SchemaObject>());
            unread.AddRange(rows.Where(row => row.Object is null)
                .Select(row => new UnreadRow(row.Catalog, row.Oid, null)));
            return null;
        }
        catch (FaultException e) when (PostgresSession.StateOf(e) is { } state && e.Fault.Kind != FaultKind.Transient)
        {
            return new(e.Fault.Why, IsOfObject(state));
        }
        catch (DecoderFallbackException)
        {
            return new("some of it is text that is not in UTF-8, in a database that has no encoding",
                IsOfObject: false);
        }
    }

    private (SchemaObject? Object, string? Catalog, uint Oid) Row(DbDataReader row)
    {
        var (catalog, oid) = (row.GetOrdinal("catalog"), row.GetOrdinal("oid"));
        return (read(row), row.IsDBNull(catalog) ? null : row.GetString(catalog),
            row.IsDBNull(oid) ? 0 : row.GetFieldValue<uint>(oid));
    }

    // The error concerns one object: a name or OID that is not found, a value, or an expression too deep.
    // https://www.postgresql.org/docs/current/errcodes-appendix.html
    private static bool IsOfObject(string state) =>
        state is not "42501" and (['X', 'X', ..] or ['4', '2', ..] or ['2', '2', ..] or "54001" or "3F000" or "55000");

    private sealed record Refusal(string Why, bool IsOfObject);
}
