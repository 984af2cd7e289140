using System.Globalization;
using Godwit.Postgres;
using Godwit.Proof;
using Godwit.Verify.Rows;

namespace Godwit.Verify.Repair;

internal sealed class TableRepair(Side source, Side target, TablePair pair, RepairCatalog catalog)
{
    // In memory at once.
    private const int RowsMax = 100;

    private readonly IReadOnlyList<string> _written = [.. pair.Shape.Columns.Where(column =>
        !catalog.Generated.Contains((pair.Target.Name, column)))];

    private readonly IReadOnlyList<RepairUnique> _uniques =
        [.. catalog.Uniques.Where(one => one.Table == pair.Target.Name)];

    // Deleting a row acts on referring rows, or is refused.
    private readonly bool _isReferredTo = catalog.References.Any(one => one.Acts && one.To == pair.Target.Name);

    // ON UPDATE: an UPDATE would change referring rows again, after their own repair.
    private readonly IReadOnlySet<string> _followed = catalog.References.Where(one => one.To == pair.Target.Name)
        .SelectMany(one => one.Follows).ToHashSet(StringComparer.Ordinal);

    // Rows are found by key if the target has it too; else by the hash of the whole row.
    private readonly bool _isByKey = pair.Shape.Key.Count > 0
        && pair.Shape.Key.ToHashSet(StringComparer.Ordinal).SetEquals(pair.Target.Key);

    public long Deleted { get; private set; }

    public long Updated { get; private set; }

    public long Inserted { get; private set; }

    /// <summary>Some changed rows are deleted and inserted again, which must not act on referring rows.</summary>
    public bool Replaces { get; private set; }

    /// <summary>Rows that differ only in columns that the target computes.</summary>
    public long Left { get; private set; }

    public async Task AddAsync(IReadOnlyList<DifferentRow> rows, RepairSpool spool, CancellationToken ct)
    {
        foreach (var some in rows.Chunk(RowsMax))
        {
            var here = await ReadAsync(source, isSource: true,
                [.. some.Select(row => row.SourceAt).OfType<string>()], ct);
            var there = await ReadAsync(target, isSource: false,
                [.. some.Select(row => row.TargetAt).OfType<string>()], ct);
            var replaced = await ReplacedAsync(some.Where(row => row.Kind == RowDifferenceKind.Changed)
                .Select(row => (here[row.SourceAt!], there[row.TargetAt!])), ct);
            var statements = new List<string>[] { [], [], [] };
            foreach (var row in some)
            {
                Add(row, row.SourceAt is { } left ? here[left] : null, row.TargetAt is { } right ? there[right] : null,
                    replaced, statements);
            }

            foreach (var phase in Enum.GetValues<RepairPhase>())
                spool.Add(pair.Target.Name, phase, statements[(int)phase]);
        }
    }

    private void Add(
        DifferentRow row, RowLiterals? here, RowLiterals? there, IReadOnlySet<RowLiterals> replaced,
        List<string>[] statements)
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
                if (replaced.Contains(here!))
                    Replace(here!, there!, statements);
                else
                    Change(here!, there!, statements);
                break;
        }
    }

    /// <summary>Rows that an UPDATE cannot change: their ALWAYS identity or an ON UPDATE column differs, or another row
    /// may still have their new unique value.</summary>
    /// <returns>As at the source.</returns>
    private async Task<IReadOnlySet<RowLiterals>> ReplacedAsync(
        IEnumerable<(RowLiterals Here, RowLiterals There)> rows, CancellationToken ct)
    {
        var replaced = new HashSet<RowLiterals>();
        var asked = new List<(RowLiterals Row, string Condition)>();
        foreach (var (here, there) in rows)
        {
            var changed = Changed(here, there);
            var concerned = _uniques.Where(one => one.Concerns(changed)).ToList();
            // To replace a referenced row costs a check of every reference to its table. A query first finds out
            // whether the unique value is really taken.
            if (changed.Any(one => IsAlwaysIdentity(one) || _followed.Contains(one))
                || (concerned.Count > 0 && !_isReferredTo) || !concerned.All(CanBeAskedFor))
                replaced.Add(here);
            else
                asked.AddRange(concerned.Select(one => (here, Condition(one, here))));
        }

        if (asked.Count > 0)
        {
            var sql = string.Join(" UNION ALL ", asked.Select((one, i) => string.Create(CultureInfo.InvariantCulture,
                $"SELECT {i} WHERE EXISTS (SELECT FROM ONLY {pair.Target.Name} WHERE {one.Condition})")));
            var taken = await target.AskAsync(session => session.RowsAsync(sql, row => row.GetInt32(0), ct), ct);
            replaced.UnionWith(taken.Select(i => asked[i].Row));
        }

        Replaces |= replaced.Count > 0;
        return replaced;
    }

    // False for an extension's types: their operator is not found without a search path.
    private bool CanBeAskedFor(RepairUnique unique) => unique is { IsPlain: true, IsOfAny: false }
        && unique.Columns.All(column => pair.Shape.Column(column, isSource: false).HasOwnEquality);

    private string Condition(RepairUnique unique, RowLiterals row) => string.Join(" AND ", unique.Columns.Select(name =>
        $"{ServerCatalog.Quote(name)} = {row.Values[IndexOf(name)]}::{pair.Shape.Column(name, isSource: false).Type}"));

    private List<string> Changed(RowLiterals here, RowLiterals there) =>
        [.. _written.Where((_, i) => here.Hashes[i] != there.Hashes[i])];

    private bool IsAlwaysIdentity(string column) => catalog.AlwaysIdentity.Contains((pair.Target.Name, column));

    private void Replace(RowLiterals here, RowLiterals there, List<string>[] statements)
    {
        statements[(int)RepairPhase.Delete].Add(Delete(there, 1));
        statements[(int)RepairPhase.Insert].Add(Insert(here));
        Updated++;
    }

    private void Change(RowLiterals here, RowLiterals there, List<string>[] statements)
    {
        var changed = Changed(here, there);
        // Any UPDATE makes the target compute generated columns again.
        if (changed.Count == 0 && _written.FirstOrDefault(column => !IsAlwaysIdentity(column)) is { } any)
            changed.Add(any);
        if (changed.Count == 0)
        {
            Left++;
            return;
        }

        var set = changed.Select(column => $"{ServerCatalog.Quote(column)} = {here.Values[IndexOf(column)]}");
        statements[(int)RepairPhase.Update]
            .Add($"UPDATE ONLY {pair.Target.Name} SET {string.Join(", ", set)} WHERE {Which(there, 1)};");
        Updated++;
    }

    private string Insert(RowLiterals here) => _written.Count == 0
        ? $"INSERT INTO {pair.Target.Name} DEFAULT VALUES;"
        : $"INSERT INTO {pair.Target.Name} ({string.Join(", ", _written.Select(ServerCatalog.Quote))}) "
            + $"OVERRIDING SYSTEM VALUE VALUES ({string.Join(", ", here.Values)});";

    private string Delete(RowLiterals there, long times) =>
        $"DELETE FROM ONLY {pair.Target.Name} WHERE {Which(there, times)};";

    private string Which(RowLiterals there, long times) => _isByKey
        ? string.Join(" AND ", pair.Shape.Key.Select(name => $"{Comparable(name)} = {there.Keys[IndexOfKey(name)]}"))
        : $"ctid = ANY(ARRAY(SELECT ctid FROM ONLY {pair.Target.Name} "
            + string.Create(CultureInfo.InvariantCulture,
                $"WHERE {pair.Shape.RowHash(isSource: false)} = {there.RowHash} LIMIT {times}))");

    // An extension's operator is not found without a search path.
    private string Comparable(string name) => pair.Shape.Column(name,
        isSource: false).HasOwnEquality ? ServerCatalog.Quote(name) : $"{ServerCatalog.Quote(name)}::pg_catalog.text";

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

    // As SQL literals. format() calls the type's output function; a cast of char(n) would drop blanks.
    private async Task<Dictionary<string, RowLiterals>> ReadAsync(
        Side side, bool isSource, string[] at, CancellationToken ct)
    {
        if (at.Length == 0)
            return [];
        static string Literals(IEnumerable<string> columns)
        {
            var each = columns.Select(column => $"pg_catalog.format('%L', {ServerCatalog.Quote(column)})");
            return $"ARRAY[{string.Join(", ", each)}]::pg_catalog.text[]";
        }
        var hashes = string.Join(", ", _written.Select(column => pair.Shape.ColumnHash(isSource, column)));
        var sql = $"""
            SELECT ctid::pg_catalog.text, {Literals(_written)}, {Literals(pair.Shape.Key)},
                   ARRAY[{hashes}]::pg_catalog.int8[], {pair.Shape.RowHash(isSource)}
            FROM ONLY {pair.Of(isSource).Name} WHERE ctid = ANY($1::pg_catalog.text[]::pg_catalog.tid[])
            """;
        var rows = await side.AskAsync(
            session => session.RowsAsync(sql, row => (At: row.GetString(0), Row: new RowLiterals(
                row.GetFieldValue<string[]>(1), row.GetFieldValue<string[]>(2), row.GetFieldValue<long[]>(3),
                row.GetInt64(4))), ct, (object)at), ct);
        return rows.ToDictionary(row => row.At, row => row.Row, StringComparer.Ordinal);
    }

    /// <summary>A row as SQL literals.</summary>
    /// <param name="Values">Of each column that is written.</param>
    /// <param name="Hashes">Of the same columns.</param>
    private sealed record RowLiterals(string[] Values, string[] Keys, long[] Hashes, long RowHash);
}
