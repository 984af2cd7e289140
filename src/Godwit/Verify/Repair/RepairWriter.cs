using Godwit.Faults;
using Godwit.Proof;
using Godwit.Verify.Rows;
using Godwit.Verify.Schema;

namespace Godwit.Verify.Repair;

/// <summary>Collects every row that differs, and writes SQL that makes the target's rows equal, in an order that
/// works.</summary>
internal sealed class RepairWriter : IRowDifferenceSink, ILargeObjectSink, IDisposable
{
    // Further large objects are only counted, and have to be repaired by hand.
    private const int ObjectsMax = 100_000;

    private readonly Side _source;
    private readonly Side _target;
    private readonly string _path;
    private readonly RepairSpool _spool;
    private readonly RepairCatalog _catalog;
    private readonly Dictionary<string, TableRepair> _tables = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _views = new(StringComparer.Ordinal);
    private readonly List<string> _left = [];
    private readonly List<(RowDifferenceKind Kind, uint Oid)> _objects = [];
    private readonly SemaphoreSlim _one = new(1);
    private long _objectsLeft;

#pragma warning disable CA2000 // It is disposed with the writer.
    private RepairWriter(Side source, Side target, string path, RepairCatalog catalog) =>
        (_source, _target, _path, _spool, _catalog) = (source, target, path, new RepairSpool(path), catalog);
#pragma warning restore CA2000

    public static async Task<RepairWriter> OpenAsync(Side source, Side target, string path, CancellationToken ct) =>
        new(source, target, path, await target.AskAsync(session => RepairCatalog.ReadAsync(session, ct), ct));

    public async Task TakeAsync(
        SideTable source, SideTable target, RowShape shape, IReadOnlyList<DifferentRow> rows, CancellationToken ct)
    {
        const char materializedView = 'm';
        await _one.WaitAsync(ct);
        try
        {
            if (target.Kind == materializedView)
            {
                _views.Add(target.Name);
            }
            else if (shape.OnlyOnOneSide.Count > 0)
            {
                if (_tables.TryAdd(target.Name, null!))
                    _left.Add($"{target.Name}: its columns are not the same on both sides "
                        + $"({string.Join(", ", shape.OnlyOnOneSide)})");
            }
            else
            {
                if (!_tables.TryGetValue(target.Name, out var table))
                    _tables[target.Name] = table = new TableRepair(_source, _target,
                        new(source, target, shape), _catalog);
                await table.AddAsync(rows, _spool, ct);
            }
        }
        finally
        {
            _one.Release();
        }
    }

    public void Take(RowDifferenceKind kind, uint oid)
    {
        if (_objects.Count < ObjectsMax)
            _objects.Add((kind, oid));
        else
            _objectsLeft++;
    }

    /// <param name="verdict">The script names its other differences as not repaired.</param>
    public async Task<RepairScript> WriteAsync(Verdict verdict, CancellationToken ct)
    {
        var made = _tables.Values.OfType<TableRepair>().ToList();
        foreach (var (name, table) in _tables.Where(one => one.Value is { Left: > 0 }))
            _left.Add($"{name}: {Phrase.Count(table.Left, "row")} that {(table.Left == 1 ? "differs" : "differ")} only "
                + "in what the target computes by itself");
        if (_objectsLeft > 0)
            _left.Add(Phrase.Count(_objectsLeft, "more large object"));
        var behind = await RepairSequences.BehindAsync(_source, _target, ct);
        var known = _tables.Keys.Concat(_views).Select(SqlText.Plain.Normal).Append(TableVerdict.LargeObjects)
            .ToHashSet(StringComparer.Ordinal);
        _left.AddRange(verdict.Tables.Where(one => one.Outcome == Outcome.Different && !known.Contains(one.Table))
            .Select(one => $"{one.Table}: {one.Why}"));
        _left.AddRange(verdict.Objects.Where(one => one.Outcome == Outcome.Different && one.Class != "sequence value")
            .Select(one => $"{one.Class} {one.Name}: only rows are repaired, not the schema"));
        await _spool.WriteAsync(async writer => await WriteAsync(writer, behind, verdict, ct));
        return new(_path, made.Sum(one => one.Deleted), made.Sum(one => one.Updated), made.Sum(one => one.Inserted),
            _objects.Count, behind.Count, _views.Count, _left);
    }

    public void Dispose()
    {
        _spool.Dispose();
        _one.Dispose();
    }

    private async Task WriteAsync(
        TextWriter writer, IReadOnlyList<string> sequences, Verdict verdict, CancellationToken ct)
    {
        var tables = _catalog.ReferringFirst(_spool.Tables);
        var touched = tables.ToHashSet(StringComparer.Ordinal);
        var replaced = _tables.Where(one => one.Value is { Replaces: true }).Select(one => one.Key).ToHashSet();
        void Line(string line) => RepairSpool.Line(writer, line);
        // ON DELETE acts at once and is never deferred, even if the same row is inserted again later.
        var dropped = _catalog.References.Where(one => one.Acts && replaced.Contains(one.To))
            .DistinctBy(one => one.Id).ToList();
        var others = _catalog.References.ExceptBy(dropped.Select(one => one.Id), one => one.Id).ToList();
        var deferred = others.Where(one => touched.Contains(one.From) || touched.Contains(one.To)).ToList();
        var triggers = _catalog.Triggers.Where(one => touched.Contains(one.Table)).ToList();
        Line(RepairText.Head(verdict));
        foreach (var one in triggers)
            Line($"ALTER TABLE {one.Table} DISABLE TRIGGER {one.Name};");
        foreach (var one in dropped)
            Line($"ALTER TABLE {one.Owner} DROP CONSTRAINT {one.Constraint};");
        foreach (var one in deferred)
            Line($"ALTER TABLE {one.Owner} ALTER CONSTRAINT {one.Constraint} DEFERRABLE INITIALLY DEFERRED;");
        CopyRows(writer, tables, others);
        foreach (var (kind, oid) in _objects)
            await RepairObjects.WriteAsync(writer, _source, kind, oid, ct);
        foreach (var sequence in sequences)
            Line(sequence);
        Line("SET CONSTRAINTS ALL IMMEDIATE;");
        foreach (var one in deferred)
        {
            var how = !one.IsDeferrable ? "NOT DEFERRABLE"
                : $"DEFERRABLE INITIALLY {(one.IsDeferred ? "DEFERRED" : "IMMEDIATE")}";
            Line($"ALTER TABLE {one.Owner} ALTER CONSTRAINT {one.Constraint} {how};");
        }

        foreach (var line in dropped.SelectMany(RepairText.Added))
            Line(line);
        foreach (var one in triggers)
            Line($"ALTER TABLE {one.Table} ENABLE {(one.IsAlways ? "ALWAYS " : "")}TRIGGER {one.Name};");
        foreach (var view in _views)
            Line($"REFRESH MATERIALIZED VIEW {view};");
        Line("COMMIT;");
        foreach (var left in _left)
            Line($"-- Not in it: {left.ReplaceLineEndings(" ")}");
    }

    /// <summary>Deletions that act on referring rows run after the updates, which first detach those rows. Other
    /// deletions run before the updates, which may need the deleted unique values.</summary>
    /// <param name="references">Those that exist while the script runs.</param>
    private void CopyRows(TextWriter writer, IReadOnlyList<string> tables, IReadOnlyList<RepairReference> references)
    {
        var acting = references.Where(one => one.Acts).Select(one => one.To).ToHashSet(StringComparer.Ordinal);
        foreach (var table in tables.Where(table => !acting.Contains(table)))
            _spool.CopyTo(writer, table, RepairPhase.Delete);
        foreach (var table in tables)
            _spool.CopyTo(writer, table, RepairPhase.Update);
        foreach (var table in tables.Where(acting.Contains))
            _spool.CopyTo(writer, table, RepairPhase.Delete);
        foreach (var table in tables.Reverse())
            _spool.CopyTo(writer, table, RepairPhase.Insert);
    }
}
