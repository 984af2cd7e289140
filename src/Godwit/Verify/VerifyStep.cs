// Verify: proves that the target holds what the source holds, or says where they differ.
//
// Both sides are only read. A table that could not be compared is never counted as equal.
using Godwit.Faults;
using Godwit.Pipeline;
using Godwit.Postgres;

namespace Godwit.Verify;

/// <summary>Compares the tables of both sides and the exact number of rows in each, all tables in parallel, and large objects.</summary>
/// <param name="jobs">Connections to each side.</param>
public sealed class VerifyStep(
    PostgresAddress source, Func<CancellationToken, Task<PostgresAddress>> target, int jobs, TimeProvider clock) : IStep
{
    /// <summary>Differences named in the fault; the report has them all.</summary>
    private const int NamedMax = 5;

    public string Name => "verify";

    public string Intent => "Compare every table of both sides, with exact row counts";

    /// <summary>What was equal before may not be now: a resume compares again.</summary>
    public Task<Evidence?> FindEvidenceAsync(CancellationToken ct) => Task.FromResult<Evidence?>(null);

    public async Task<Evidence> RunAsync(IProgress<StepEvent> progress, CancellationToken ct)
    {
        var to = await target(ct);
        var (left, right, all) = await NamesAsync(source, to, ct);
        var compared = new List<ItemCompared>();
        var gate = new Lock();
        await using var from = new CountingSide(source, left);
        await using var into = new CountingSide(to, right);
        await Parallel.ForEachAsync(all, new ParallelOptions { MaxDegreeOfParallelism = jobs, CancellationToken = ct }, async (name, token) =>
        {
            var counts = await Task.WhenAll(from.CountAsync(name, token), into.CountAsync(name, token));
            lock (gate)
            {
                var item = new ItemCompared(Name, clock.GetUtcNow(), name, counts[0], counts[1], compared.Count + 1, all.Count);
                compared.Add(item);
                progress.Report(item);
            }
        });
        return Judge(compared);
    }

    private static Evidence Judge(IReadOnlyList<ItemCompared> compared)
    {
        var different = compared.Where(item => item.SourceRows is null || item.SourceRows != item.TargetRows)
            .OrderBy(item => item.Table, StringComparer.Ordinal).ToList();
        if (different.Count > 0)
        {
            var named = different.Take(NamedMax).Select(item => $"{item.Table} ({Rows(item.SourceRows)} at the source, {Rows(item.TargetRows)} at the target)");
            throw new FaultException(VerifyFaults.Different(different.Count, compared.Count, string.Join("; ", named)));
        }

        var tables = compared.Where(item => item.Table != CountingSide.LargeObjects).ToList();
        return new Evidence(
            $"The target has the same {Count(tables.Count, "table")} with the same {Count(tables.Sum(item => item.SourceRows ?? 0), "row")}",
            "exact counts of every table on both sides; the contents of rows are not compared by this version");
    }

    private static string Count(long number, string thing) => $"{ServerCatalog.Number(number)} {thing}{(number == 1 ? "" : "s")}";

    private static string Rows(long? rows) => rows is { } known ? ServerCatalog.Number(known) : "missing";

    private static async Task<(HashSet<string> Left, HashSet<string> Right, IReadOnlyList<string> All)> NamesAsync(
        PostgresAddress source, PostgresAddress target, CancellationToken ct)
    {
        await using var left = await PostgresSession.OpenAsync(source, ct);
        await using var right = await PostgresSession.OpenAsync(target, ct);
        var atSource = await ServerCatalog.TablesAsync(left, ct);
        var atTarget = await ServerCatalog.TablesAsync(right, ct);
        // Largest first, so that the longest count does not begin last.
        var all = atSource.Concat(atTarget).OrderByDescending(table => table.Bytes).Select(table => table.Name).Distinct();
        return ([.. atSource.Select(table => table.Name)], [.. atTarget.Select(table => table.Name)], [.. all, CountingSide.LargeObjects]);
    }
}
