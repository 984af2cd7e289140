using Godwit.Copy.Definitions;
using Godwit.Copy.Rows;
using Godwit.Postgres;

namespace Godwit.Copy.Archive;

/// <summary>Chooses the tables that several workers fill, each with some lines of the table's one block. No worker
/// commits before the block was read to its end and proven whole. If the process dies between two commits, a resumed
/// restore removes the table's rows, because it cannot know which lines they are.</summary>
internal static class Division
{
    // A table is divided if it exceeds a worker's fair share by this factor: otherwise the other workers would wait for
    // its worker. A single worker can bring a table frozen, which is less work.
    private const double FairShares = 1.25;

    // Compressed bytes. With less, one worker is done before another has joined.
    private const long BytesMin = 4L << 20;

    /// <param name="before">How an earlier attempt divided them.</param>
    /// <returns>By entry number.</returns>
    public static IReadOnlyDictionary<int, TableParts> Of(
        IReadOnlyList<CopyPart> parts, int jobs, IReadOnlyDictionary<int, TableParts> before)
    {
        var enough = Math.Max(BytesMin, parts.Sum(part => part.SourceBytes) * FairShares / jobs);
        return parts.OfType<RowPart>()
            .Where(part => part.IsWhole && (before.ContainsKey(part.Entry.DumpId) || part.SourceBytes > enough))
            .ToDictionary(part => part.Entry.DumpId,
                part => before.GetValueOrDefault(part.Entry.DumpId) ?? TableParts.OfShares(jobs));
    }

    /// <returns>The parts, followed by the shares of divided tables, which idle workers take.</returns>
    public static IReadOnlyList<CopyPart> WithShares(
        IReadOnlyList<CopyPart> parts, IReadOnlyDictionary<int, TableParts> divided)
    {
        var shared = parts.OfType<RowPart>().Where(part => divided.ContainsKey(part.Entry.DumpId))
            .Select(part => part with { IsWhole = false }).ToList();
        return
        [
            .. parts.Select(part => shared.Find(one => one.Id == part.Id) ?? part),
            // The first share reports all bytes.
            .. shared.SelectMany(part => Enumerable.Range(1, divided[part.Entry.DumpId].Conditions.Count - 1)
                .Select(number => part with { Number = number, SourceBytes = 0 })),
        ];
    }

    /// <summary>Empties the divided tables that an earlier attempt did not finish.</summary>
    /// <returns>What is done.</returns>
    public static async Task<IReadOnlySet<WorkId>> EmptyHalvesAsync(
        PostgresSession target, IReadOnlyList<CopyPart> parts, CopyLedger before, CancellationToken ct)
    {
        var done = before.Done.ToHashSet();
        foreach (var part in parts.OfType<RowPart>())
        {
            var entry = part.Entry.DumpId;
            if (!before.Divided.TryGetValue(entry, out var divided)
                || Enumerable.Range(0, divided.Conditions.Count).All(number => done.Contains(new(entry, number)))
                || done.RemoveWhere(one => one.DumpId == entry) == 0)
                continue;
            await CopyLedger.ForgetAsync(target, part, ct);
        }

        return done;
    }
}
