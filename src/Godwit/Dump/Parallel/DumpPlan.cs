using System.Globalization;
using Godwit.Extract;
using Godwit.Faults;
using Godwit.PgArchive;
using Godwit.Postgres;

namespace Godwit.Dump.Parallel;

/// <summary>An archive's chunks, in order.</summary>
internal sealed class DumpPlan
{
    // Size at the source of one chunk of a large table: small enough that workers end together and few finished chunks
    // wait; large enough that the cost of a COPY and of an empty compression dictionary does not matter.
    private const long RangeBytes = 24L << 20;

    // The first PostgreSQL major version that scans a TID range without reading the whole table.
    private const int RangesSinceMajor = 14;

    private const int LargeObjectsAtOnce = 500;

    private readonly ArchiveHead _head;
    private readonly IReadOnlyDictionary<uint, TableSource> _tables;
    private readonly IReadOnlyList<(TocEntry Entry, uint[] Oids)> _largeObjects;
    private readonly long _largeObjectBytes;
    private readonly bool _hasRanges;

    private DumpPlan(ArchiveHead head, IReadOnlyDictionary<uint, TableSource> tables,
        IReadOnlyList<(TocEntry Entry, uint[] Oids)> largeObjects, long largeObjectBytes, bool hasRanges)
    {
        (_head, _tables, _largeObjects, _largeObjectBytes, _hasRanges) = (head, tables, largeObjects,
            largeObjectBytes, hasRanges);
        Tables = head.Entries.Count(entry => entry.HasData && entry.Is("TABLE DATA"u8));
        LargeObjects = largeObjects.Sum(one => one.Oids.Length);
        foreach (var chunk in Chunks())
            (Count, SourceBytes) = (Count + 1, SourceBytes + chunk.SourceBytes);
    }

    public int Count { get; }

    public int Tables { get; }

    public int LargeObjects { get; }

    public long SourceBytes { get; }

    /// <param name="session">Shares the snapshot; the tables are locked.</param>
    public static async Task<DumpPlan> MakeAsync(ArchiveHead head, PostgresSession session, CancellationToken ct)
    {
        var withData = head.Entries.Where(entry => entry.Is("TABLE DATA"u8)).Select(entry => entry.Oid).ToArray();
        var tables = await TableSource.FindAsync(session, withData, ct);
        var objects = await LargeObjectSource.FindAsync(head, session, ct);
        var objectBytes = objects.Count == 0
            ? 0 : await session.ScalarAsync<long>("SELECT pg_catalog.pg_table_size('pg_catalog.pg_largeobject')", ct);
        return new(head, tables, objects, objectBytes, session.ServerMajor >= RangesSinceMajor);
    }

    /// <summary>Enumerated lazily: a database of terabytes has a hundred thousand chunks.</summary>
    public IEnumerable<DumpChunk> Chunks()
    {
        foreach (var entry in _head.Entries.Where(entry => entry.HasData))
        {
            if (entry.Is("TABLE DATA"u8))
            {
                foreach (var chunk in OfTable(entry))
                    yield return chunk;
            }
            else if (_largeObjects.FirstOrDefault(one => one.Entry.DumpId == entry.DumpId) is { Oids: { } oids })
            {
                foreach (var chunk in OfLargeObjects(entry, oids))
                    yield return chunk;
            }
            else
            {
                throw new FaultException(ExtractFaults.ContentsNotUnderstood("This pg_dump",
                    $"data of the unknown kind '{entry.Description}'"));
            }
        }
    }

    private IEnumerable<DumpChunk> OfTable(TocEntry entry)
    {
        var title = $"{entry.Namespace}.{entry.Tag}";
        var table = TableSource.Require(_tables, entry);
        var columns = CopyColumns.Require(entry);
        var list = columns.Length == 0 ? "" : columns[1..^1];
        if (table.Filter.Length > 0)
        {
            yield return new TableChunk(entry, title, table.Bytes,
                $"COPY (SELECT {list} FROM {table.Name} {table.Filter}) TO STDOUT");
            yield break;
        }

        var pages = RangePages(table);
        if (table.HeapPages <= pages)
        {
            yield return new TableChunk(entry, title, table.Bytes, $"COPY {table.Name} {columns} TO STDOUT");
            yield break;
        }

        for (long page = 0; page < table.HeapPages; page += pages)
        {
            var isLast = page + pages >= table.HeapPages;
            // The last range has no upper end, and no row is below the first page: no row can be missed.
            var upper = isLast ? "" : $" AND ctid < '({Number(page + pages)},0)'";
            yield return new TableChunk(entry, title,
                table.Bytes * Math.Min(pages, table.HeapPages - page) / table.HeapPages,
                $"COPY (SELECT {list} FROM ONLY {table.Name} WHERE ctid >= '({Number(page)},0)'{upper}) TO STDOUT")
            {
                IsFirst = page == 0,
                IsLast = isLast,
            };
        }
    }

    // Pages per chunk, including their rows' share of TOAST.
    private long RangePages(TableSource table) =>
        _hasRanges && table.IsHeap
        && table.Bytes > RangeBytes ? Math.Max(1, table.HeapPages * RangeBytes / table.Bytes) : long.MaxValue;

    private IEnumerable<DumpChunk> OfLargeObjects(TocEntry entry, uint[] oids)
    {
        if (oids.Length == 0)
            yield return new LargeObjectsChunk(entry, "large objects", 0, []);
        for (var at = 0; at < oids.Length; at += LargeObjectsAtOnce)
        {
            var some = oids[at..Math.Min(at + LargeObjectsAtOnce, oids.Length)];
            yield return new LargeObjectsChunk(entry, $"large objects {some[0]} to {some[^1]}",
                _largeObjectBytes * some.Length / LargeObjects, some)
            {
                IsFirst = at == 0,
                IsLast = at + LargeObjectsAtOnce >= oids.Length,
            };
        }
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
