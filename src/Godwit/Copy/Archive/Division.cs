using Godwit.Copy.Definitions;
using Godwit.Copy.Rows;
using Godwit.Postgres;

namespace Godwit.Copy.Archive;

/// <summary>Which tables several workers fill, each with some lines of the one block that an archive has for
/// it.</summary>
/// <remarks>Nobody commits before the block was read to its end and proven whole. If the process dies between two of
/// these commits, what is there of the table is removed when the restore goes on, because nobody could say which lines
/// they were.</remarks>
internal static class Division
{
    /// <summary>A table is divided when it is so many times what each worker would have to do if all had the same:
    /// others would wait for whoever has it. One worker alone brings the rows of a table frozen, and so with less
    /// work.</summary>
    private const double FairShares = 1.25;

    /// <summary>Compressed. Below it one worker is done before another has joined.</summary>
    private const long BytesMin = 4L << 20;

    /// <param name="before">How an earlier attempt has divided them.</param>
    /// <returns>By the number of their entry.</returns>
    public static IReadOnlyDictionary<int, TableParts> Of(
        IReadOnlyList<CopyPart> parts, int jobs, IReadOnlyDictionary<int, TableParts> before)
    {
        var enough = Math.Max(BytesMin, parts.Sum(part => part.SourceBytes) * FairShares / jobs);
        return parts.OfType<RowPart>()
            .Where(part => part.IsWhole && (before.ContainsKey(part.Entry.DumpId) || part.SourceBytes > enough))
            .ToDictionary(part => part.Entry.DumpId,
                part => before.GetValueOrDefault(part.Entry.DumpId) ?? TableParts.OfShares(jobs));
    }

    /// <returns>The same, and behind all of them what others can take of a divided table when they have nothing else to
    /// do.</returns>
    public static IReadOnlyList<CopyPart> WithShares(
        IReadOnlyList<CopyPart> parts, IReadOnlyDictionary<int, TableParts> divided)
    {
        var shared = parts.OfType<RowPart>().Where(part => divided.ContainsKey(part.Entry.DumpId))
            .Select(part => part with { IsWhole = false }).ToList();
        return
        [
            .. parts.Select(part => shared.Find(one => one.Id == part.Id) ?? part),
            // The first tells of all bytes.
            .. shared.SelectMany(part => Enumerable.Range(1, divided[part.Entry.DumpId].Conditions.Count - 1)
                .Select(number => part with { Number = number, SourceBytes = 0 })),
        ];
    }

    /// <summary>Empties the divided tables of which an earlier attempt did not bring every share.</summary>
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
