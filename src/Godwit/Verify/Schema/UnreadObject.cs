using System.Globalization;

namespace Godwit.Verify.Schema;

/// <summary>An object that could not be read, though others of its group could.</summary>
/// <param name="Name">With schema or table, from the snapshot's catalogs.</param>
/// <param name="Why">A clause.</param>
internal sealed record UnreadObject(string Class, string Name, string Why)
{
    private const string Gone =
        "it was dropped while the schema was read; run the comparison again while nobody changes the schema";

    /// <summary>It may hold rows that were not compared.</summary>
    public bool HoldsData { get; init; }

    /// <summary>The snapshot's catalogs still have dropped objects' names.</summary>
    public static async Task<IReadOnlyList<UnreadObject>> NamedAsync(
        Side side, IReadOnlyList<UnreadRow> rows, IReadOnlySet<string> refused, CancellationToken ct)
    {
        if (rows.Count == 0)
            return [];
        var oids = string.Join(',', rows.Select(row => row.Oid.ToString(CultureInfo.InvariantCulture)).Distinct());
        var known = await side.AskAsync(session => session.RowsAsync(
            $"SELECT o.catalog, o.class, o.oid, o.name FROM ({Catalogs.Objects(side.Major, refused)}) o "
            + $"WHERE o.oid = ANY ('{{{oids}}}'::oid[])",
            row => (Catalog: row.GetString(0), Class: row.GetString(1), Oid: row.GetFieldValue<uint>(2),
                Name: row.IsDBNull(3) ? null : row.GetString(3)), ct), ct);
        return
        [
            .. rows.Select(row =>
            {
                var (_, kind, _, name) = known.FirstOrDefault(one =>
                    one.Oid == row.Oid && (row.Catalog is null || one.Catalog == row.Catalog));
                return new UnreadObject(kind ?? row.Catalog ?? "object", name ?? (row.Oid == 0 ? "without a "
                    + "name" : string.Create(CultureInfo.InvariantCulture, $"with OID {row.Oid}")), row.Why ?? Gone)
                {
                    HoldsData = row.HoldsData,
                };
            }).GroupBy(one => (one.Class, one.Name))
                .Select(same => same.FirstOrDefault(one => one.HoldsData) ?? same.First()),
        ];
    }
}

/// <param name="Catalog">Null: not known.</param>
/// <param name="Why">The server's error as a clause; null: the server no longer has a name for the object.</param>
internal sealed record UnreadRow(string? Catalog, uint Oid, string? Why)
{
    /// <summary>The class of an object that is in no known catalog.</summary>
    public const string NoCatalog = "object of an unknown catalog";

    public bool HoldsData { get; init; }
}
