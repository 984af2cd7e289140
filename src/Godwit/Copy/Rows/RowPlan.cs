using System.Globalization;
using Godwit.Extract;
using Godwit.PgArchive;
using Godwit.Postgres;

namespace Godwit.Copy.Rows;

/// <summary>All rows of a source, in parts, the largest tables first.</summary>
internal sealed class RowPlan
{
    /// <summary>From where on a range of TIDs is scanned without reading the whole table.</summary>
    private const int RangesSinceMajor = 14;

    /// <summary>A table is divided when it is larger than this part of what each worker has to do: else the others would wait for whoever has it.</summary>
    private const double ShareMax = 0.25;

    /// <summary>Below it the making of a part costs more than dividing gains.</summary>
    private const long PartBytesMin = 32L << 20;

    /// <summary>Below it, emptying a table so that its rows can come frozen costs more than a later VACUUM of it.</summary>
    private const long FrozenBytesMin = 1L << 20;

    /// <summary>A part that breaks off is copied again, and a resumed copy goes on behind the last whole one.</summary>
    private const long PartBytesMax = 1L << 30;

    private RowPlan(int tables, IReadOnlyList<RowPart> parts, IReadOnlyDictionary<int, TableParts> divided) => (Tables, Parts, Divided) = (tables, parts, divided);

    public int Tables { get; }

    public IReadOnlyList<RowPart> Parts { get; }

    /// <summary>By the number of their entry.</summary>
    public IReadOnlyDictionary<int, TableParts> Divided { get; }

    public long SourceBytes => Parts.Sum(part => part.SourceBytes);

    /// <param name="source">In the snapshot; the tables are locked.</param>
    /// <param name="before">How an earlier attempt has divided them: its parts may be done.</param>
    /// <exception cref="Faults.FaultException">The source does not answer, or has changed a table since the snapshot.</exception>
    public static async Task<RowPlan> MakeAsync(
        ArchiveHead head, PostgresSession source, int jobs, IReadOnlyDictionary<int, TableParts> before, CancellationToken ct)
    {
        var entries = head.Entries.Where(entry => entry.HasData && entry.Is("TABLE DATA"u8)).ToList();
        uint[] oids = [.. entries.Select(entry => entry.Oid)];
        var tables = await TableSource.FindAsync(source, oids, ct);
        var binary = await BinaryTypes.FindAsync(source, oids, ct);
        var partBytes = source.ServerMajor < RangesSinceMajor ? long.MaxValue
            : Math.Clamp((long)(tables.Values.Sum(table => table.Bytes) * ShareMax / jobs), PartBytesMin, PartBytesMax);
        var (parts, divided) = (new List<RowPart>(), new Dictionary<int, TableParts>());
        foreach (var (entry, table) in entries.Select(entry => (entry, TableSource.Require(tables, entry))).OrderByDescending(one => one.Item2.Bytes))
        {
            divided[entry.DumpId] = before.GetValueOrDefault(entry.DumpId) ?? Divide(table, partBytes);
            parts.AddRange(PartsOf(entry, table, divided[entry.DumpId], binary.Contains(entry.Oid)));
        }

        return new(entries.Count, parts, divided);
    }

    private static TableParts Divide(TableSource table, long partBytes) =>
        new(table.HeapPages, (int)(table.IsHeap && table.Filter.Length == 0 ? Math.Max(1, Math.Min(table.HeapPages, table.Bytes / partBytes)) : 1));

    private static IEnumerable<RowPart> PartsOf(TocEntry entry, TableSource table, TableParts divided, bool isBinary)
    {
        var columns = CopyColumns.Require(entry);
        var list = columns.Length == 0 ? "" : columns[1..^1];
        var whole = new RowPart(entry, 0, $"{entry.Namespace}.{entry.Tag}", table.Name, columns, $"{table.Name} {columns}", table.Bytes)
        {
            IsBinary = isBinary,
            IsWhole = table.Bytes >= FrozenBytesMin,
        };
        if (table.Filter.Length > 0)
        {
            // The extension has made the table, and may have put rows of its own into it.
            yield return whole with { Rows = $"(SELECT {list} FROM {table.Name} {table.Filter})", IsWhole = false };
            yield break;
        }

        // No page holds no row of any snapshot: VACUUM cuts off none in which somebody may still see one.
        if (table is { IsHeap: true, HeapPages: 0 })
            yield break;
        if (divided.Count == 1)
        {
            yield return whole;
            yield break;
        }

        for (var number = 0; number < divided.Count; number++)
        {
            // Nothing below the first page, and no upper end: rows of the snapshot cannot lie outside, and if they did they must not be missed.
            var upper = number == divided.Count - 1 ? "" : $" AND ctid < '({Page(number + 1)},0)'";
            yield return whole with
            {
                Number = number,
                Rows = $"(SELECT {list} FROM ONLY {table.Name} WHERE ctid >= '({Page(number)},0)'{upper})",
                SourceBytes = table.Bytes / divided.Count,
                IsWhole = false,
            };
        }

        string Page(long number) => (divided.Pages * number / divided.Count).ToString(CultureInfo.InvariantCulture);
    }
}
