using Godwit.Copy.Definitions;
using Godwit.Extract;
using Godwit.PgArchive;
using Godwit.Postgres;

namespace Godwit.Copy.Rows;

/// <summary>All rows of a source, in parts, the largest tables first.</summary>
internal sealed class RowPlan
{
    // The first PostgreSQL major version that scans a TID range without reading the whole table.
    private const int RangesSinceMajor = 14;

    // Size of a part relative to a worker's share of all bytes: limits how long the others wait for the last part.
    private const double PartShare = 0.25;

    // A smaller part costs more than dividing gains.
    private const long PartBytesMin = 32L << 20;

    // For smaller tables TRUNCATE and COPY FREEZE cost more than a later VACUUM.
    private const long FrozenBytesMin = 1L << 20;

    // An interrupted part is copied again, and a resumed copy continues after the last whole one.
    private const long PartBytesMax = 1L << 30;

    private RowPlan(int tables, IReadOnlyList<RowPart> parts, IReadOnlyDictionary<int, TableParts> divided) =>
        (Tables, Parts, Divided) = (tables, parts, divided);

    public int Tables { get; }

    public IReadOnlyList<RowPart> Parts { get; }

    /// <summary>By entry number.</summary>
    public IReadOnlyDictionary<int, TableParts> Divided { get; }

    /// <summary>One part of each table that an earlier attempt copied in part, and whose rows have moved to other pages
    /// since.</summary>
    public IReadOnlyList<RowPart> Moved { get; private init; } = [];

    public long SourceBytes => Parts.Sum(part => part.SourceBytes);

    /// <param name="source">Shares the snapshot; the tables are locked.</param>
    /// <param name="targetMajor">Major version of the reading server.</param>
    /// <param name="ledger">An earlier attempt's, or a new one.</param>
    /// <param name="existing">Null unless only rows are copied.</param>
    /// <exception cref="Faults.FaultException">A table has changed since the snapshot.</exception>
    public static async Task<RowPlan> MakeAsync(
        ArchiveHead head, PostgresSession source, int targetMajor, int jobs, CopyLedger ledger,
        ExistingTables? existing, CancellationToken ct)
    {
        var entries = head.Entries.Where(entry => entry.HasData && entry.Is("TABLE DATA"u8)).ToList();
        uint[] oids = [.. entries.Select(entry => entry.Oid)];
        var tables = await TableSource.FindAsync(source, oids, ct);
        var binary = await BinaryTypes.FindAsync(source, targetMajor, oids, ct);
        var allBytes = tables.Values.Sum(table => table.Bytes);
        var partBytes = Math.Clamp((long)(allBytes * PartShare / jobs), PartBytesMin, PartBytesMax);
        var loads = new WorkerLoads(allBytes, jobs);
        var (parts, moved, divided) = (new List<RowPart>(), new List<RowPart>(), new Dictionary<int, TableParts>());
        foreach (var (entry, table) in entries.Select(entry => (entry, TableSource.Require(tables, entry)))
            .OrderByDescending(one => one.Item2.Bytes))
        {
            var there = existing?.ByEntry[entry.DumpId];
            var before = ledger.Divided.GetValueOrDefault(entry.DumpId);
            var isMoved = before is not null && !ledger.HasAllRows && IsMoved(before, table, entry, ledger.Done);
            divided[entry.DumpId] = (isMoved ? null : before)
                ?? (there is { IsOneByOne: true } || IsBestWhole(table, loads)
                    ? TableParts.Whole : await DivideAsync(source, table, partBytes, jobs, ct));
            var its = PartsOf(entry, table, divided[entry.DumpId], binary.Contains(entry.Oid)).ToList();
            its.ForEach(part => loads.Take(part.SourceBytes));
            // An existing column may have another type, which would misread the bytes; text it reads correctly or
            // refuses.
            parts.AddRange(there is null ? its : its.Select(part =>
                part with { IsBinary = false, IsWhole = false, Existing = there }));
            if (isMoved)
                moved.AddRange(its.Take(1));
        }

        IReadOnlyList<RowPart> ordered = existing is not null ? [.. parts.OrderBy(part => part.Existing!.Level)]
            : [.. ExtensionRows.First(head, parts, part => tables[part.Entry.Oid].IsOfExtension).OfType<RowPart>()];
        return new(entries.Count, ordered, divided) { Moved = moved };
    }

    private static bool IsMoved(TableParts before, TableSource table, TocEntry entry, IReadOnlySet<WorkId> done) =>
        before.File != 0 && before.File != table.File
        && Enumerable.Range(0, before.Conditions.Count).Count(number => done.Contains(new(entry.DumpId, number)))
            is var brought && brought > 0 && brought < before.Conditions.Count;

    // Workers that write into one table wait for each other, and only a whole table can be copied with FREEZE. So a
    // table is divided only if others would wait for its worker, or copying it again would cost too much.
    private static bool IsBestWhole(TableSource table, WorkerLoads loads) =>
        table.Bytes <= PartBytesMax && loads.HasRoomFor(table.Bytes);

    private static async Task<TableParts> DivideAsync(
        PostgresSession source, TableSource table, long partBytes, int jobs, CancellationToken ct)
    {
        var count = table.IsHeap && table.Filter.Length == 0
            ? Math.Max(1, Math.Min(table.HeapPages, table.Bytes / partBytes)) : 1;
        return count == 1 ? TableParts.Whole
            : source.ServerMajor >= RangesSinceMajor ? TableParts.OfPages(table.HeapPages, (int)count, table.File)
            : await KeyRanges.DivideAsync(source, table, count, jobs, ct);
    }

    private static IEnumerable<RowPart> PartsOf(TocEntry entry, TableSource table, TableParts divided, bool isBinary)
    {
        var columns = CopyColumns.Require(entry);
        var list = columns.Length == 0 ? "" : columns[1..^1];
        var whole = new RowPart(entry, 0, $"{entry.Namespace}.{entry.Tag}", table.Name, columns,
            $"{table.Name} {columns}", table.Bytes)
        {
            IsBinary = isBinary,
            IsWhole = table.Bytes >= FrozenBytesMin && !table.IsOfExtension,
        };
        if (table.Filter.Length > 0)
        {
            // The extension may have added rows to its table.
            yield return whole with { Rows = $"(SELECT {list} FROM {table.Name} {table.Filter})", IsWhole = false };
            yield break;
        }

        // A table without pages has no rows for any snapshot: VACUUM removes no page with rows that a snapshot can
        // still see.
        if (table is { IsHeap: true, HeapPages: 0 })
            yield break;
        if (divided.Conditions is [""])
        {
            yield return whole;
            yield break;
        }

        foreach (var (number, condition) in divided.Conditions.Index())
        {
            yield return whole with
            {
                Number = number,
                Rows = $"(SELECT {list} FROM ONLY {table.Name} WHERE {condition})",
                SourceBytes = table.Bytes / divided.Conditions.Count,
                IsWhole = false,
            };
        }
    }
}
