using Godwit.Postgres;
using Godwit.Verify.Rows;

namespace Godwit.Verify.Repair;

/// <summary>Makes the statements for the rows of one table.</summary>
internal sealed class TableRepair(Side source, Side target, TablePair pair, RepairCatalog catalog)
{
    /// <summary>Rows whose values are in memory at once.</summary>
    private const int RowsMax = 100;

    private readonly IReadOnlyList<string> _written = [.. pair.Shape.Columns.Where(column => !catalog.Generated.Contains((pair.Target.Name, column)))];

    /// <summary>A changed row is deleted and inserted anew, so that two rows can swap a unique value; where that would act on others, it has to stay.</summary>
    private readonly bool _replaces = catalog.WithMoreUnique.Contains(pair.Target.Name) && !catalog.References.Any(one => one.Acts && one.To == pair.Target.Name);

    /// <summary>By its key, if the target too has it as one; else by the hash of all it holds.</summary>
    private readonly bool _isByKey = pair.Shape.Key.Count > 0 && pair.Shape.Key.ToHashSet(StringComparer.Ordinal).SetEquals(pair.Target.Key);

    public long Deleted { get; private set; }

    public long Updated { get; private set; }

    public long Inserted { get; private set; }

    /// <summary>Rows that differ only in what the target computes by itself.</summary>
    public long Left { get; private set; }

    public async Task AddAsync(IReadOnlyList<DifferentRow> rows, RepairSpool spool, CancellationToken ct)
    {
        foreach (var some in rows.Chunk(RowsMax))
        {
            var here = await ReadAsync(source, isSource: true, [.. some.Select(row => row.SourceAt).OfType<string>()], ct);
            var there = await ReadAsync(target, isSource: false, [.. some.Select(row => row.TargetAt).OfType<string>()], ct);
            var statements = new List<string>[] { [], [], [] };
            foreach (var row in some)
                Add(row, row.SourceAt is { } left ? here[left] : null, row.TargetAt is { } right ? there[right] : null, statements);
            foreach (var phase in Enum.GetValues<RepairPhase>())
                spool.Add(pair.Target.Name, phase, statements[(int)phase]);
        }
    }

    private void Add(DifferentRow row, RowLiterals? here, RowLiterals? there, List<string>[] statements)
    {
        switch (row.Kind)
        {
            case RowDifferenceKind.Missing:
                for (var i = 0L; i < row.Times; i++)
                    statements[(int)RepairPhase.Insert].Add(Insert(here!));
                Inserted += row.Times;
                break;
            case RowDifferenceKind.Extra:
                statements[(int)RepairPhase.Delete].Add(Delete(there!, row.Times));
                Deleted += row.Times;
                break;
            default:
                Change(here!, there!, statements);
                break;
        }
    }

    private void Change(RowLiterals here, RowLiterals there, List<string>[] statements)
    {
        var changed = _written.Where((_, i) => here.Hashes[i] != there.Hashes[i]).ToList();
        if (_replaces || changed.Any(column => catalog.AlwaysIdentity.Contains((pair.Target.Name, column))))
        {
            statements[(int)RepairPhase.Delete].Add(Delete(there, 1));
            statements[(int)RepairPhase.Insert].Add(Insert(here));
            Updated++;
            return;
        }

        // Any update makes the target compute its own columns anew.
        if (changed.Count == 0 && _written.FirstOrDefault(column => !catalog.AlwaysIdentity.Contains((pair.Target.Name, column))) is { } any)
            changed.Add(any);
        if (changed.Count == 0)
        {
            Left++;
            return;
        }

        var set = changed.Select(column => $"{ServerCatalog.Quote(column)} = {here.Values[IndexOf(column)]}");
        statements[(int)RepairPhase.Update].Add($"UPDATE ONLY {pair.Target.Name} SET {string.Join(", ", set)} WHERE {Which(there, 1)};");
        Updated++;
    }

    private string Insert(RowLiterals here) => _written.Count == 0
        ? $"INSERT INTO {pair.Target.Name} DEFAULT VALUES;"
        : $"INSERT INTO {pair.Target.Name} ({string.Join(", ", _written.Select(ServerCatalog.Quote))}) OVERRIDING SYSTEM VALUE VALUES ({string.Join(", ", here.Values)});";

    private string Delete(RowLiterals there, long times) => $"DELETE FROM ONLY {pair.Target.Name} WHERE {Which(there, times)};";

    private string Which(RowLiterals there, long times) => _isByKey
        ? string.Join(" AND ", pair.Shape.Key.Select(name => $"{Comparable(name)} = {there.Keys[IndexOfKey(name)]}"))
        : $"ctid = ANY(ARRAY(SELECT ctid FROM ONLY {pair.Target.Name} WHERE {pair.Shape.RowHash(isSource: false)} = {there.RowHash.ToString(System.Globalization.CultureInfo.InvariantCulture)} LIMIT {times.ToString(System.Globalization.CultureInfo.InvariantCulture)}))";

    /// <summary>An operator of an extension's is not found without a search path.</summary>
    private string Comparable(string name) => pair.Shape.Column(name, isSource: false).HasOwnEquality ? ServerCatalog.Quote(name) : $"{ServerCatalog.Quote(name)}::pg_catalog.text";

    private int IndexOf(string column)
    {
        for (var i = 0; i < _written.Count; i++)
        {
            if (_written[i] == column)
                return i;
        }

        throw new ArgumentOutOfRangeException(nameof(column), column, "It is not written.");
    }

    private int IndexOfKey(string column)
    {
        for (var i = 0; i < pair.Shape.Key.Count; i++)
        {
            if (pair.Shape.Key[i] == column)
                return i;
        }

        throw new ArgumentOutOfRangeException(nameof(column), column, "It is not in the key.");
    }

    /// <summary>Values as literals, which the server itself writes: format() calls a type's output function, where a cast of char(n) would drop blanks.</summary>
    private async Task<Dictionary<string, RowLiterals>> ReadAsync(Side side, bool isSource, string[] at, CancellationToken ct)
    {
        if (at.Length == 0)
            return [];
        static string Literals(IEnumerable<string> columns) => $"ARRAY[{string.Join(", ", columns.Select(column => $"pg_catalog.format('%L', {ServerCatalog.Quote(column)})"))}]::pg_catalog.text[]";
        var hashes = string.Join(", ", _written.Select(column => pair.Shape.ColumnHash(isSource, column)));
        var sql = $"""
            SELECT ctid::pg_catalog.text, {Literals(_written)}, {Literals(pair.Shape.Key)}, ARRAY[{hashes}]::pg_catalog.int8[], {pair.Shape.RowHash(isSource)}
            FROM ONLY {pair.Of(isSource).Name} WHERE ctid = ANY($1::pg_catalog.text[]::pg_catalog.tid[])
            """;
        var rows = await side.AskAsync(session => session.RowsAsync(sql, row => (At: row.GetString(0), Row: new RowLiterals(
            row.GetFieldValue<string[]>(1), row.GetFieldValue<string[]>(2), row.GetFieldValue<long[]>(3), row.GetInt64(4))), ct, (object)at), ct);
        return rows.ToDictionary(row => row.At, row => row.Row, StringComparer.Ordinal);
    }

    /// <summary>A row as SQL writes it.</summary>
    /// <param name="Values">Of the columns that are written.</param>
    /// <param name="Hashes">Of the same.</param>
    private sealed record RowLiterals(string[] Values, string[] Keys, long[] Hashes, long RowHash);
}
