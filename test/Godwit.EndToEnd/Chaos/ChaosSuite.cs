using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Godwit.EndToEnd.Servers;

namespace Godwit.EndToEnd.Chaos;

/// <summary>All runs of a seed.</summary>
/// <param name="log">A file for a line per run; null: none.</param>
internal sealed class ChaosSuite(int seed, SwiftServer swift, string? log)
{
    private readonly ConcurrentBag<(ChaosPlan Plan, ChaosEnd End)> _ended = [];
    private readonly Lock _logging = new();

    /// <returns>One line of what happened, and a text for each run that failed.</returns>
    public async Task<(string Summary, IReadOnlyList<string> Failures)> RunAsync(
        IEnumerable<int> numbers, int lanes, CancellationToken ct)
    {
        await swift.StartAsync(ct);
        var queue = new ConcurrentQueue<int>(numbers);
        await Task.WhenAll(Enumerable.Range(0, Math.Min(lanes, queue.Count))
            .Select(_ => Task.Run(() => WorkAsync(queue, ct), ct)));
        var summary = Summary();
        Write(summary);
        return (summary, [.. _ended.Where(one => one.End.Problems.Count > 0).OrderBy(one => one.Plan.Number)
            .Select(one => Failure(one.Plan, one.End))]);
    }

    private async Task WorkAsync(ConcurrentQueue<int> queue, CancellationToken ct)
    {
        await using var lane = new ChaosLane();
        while (queue.TryDequeue(out var number) && !ct.IsCancellationRequested)
        {
            var plan = new ChaosPlan(seed, number);
            var began = Stopwatch.GetTimestamp();
            var end = await EndAsync(plan, lane, ct);
            _ended.Add((plan, end));
            Write(string.Create(CultureInfo.InvariantCulture,
                $"{number,4}  {(end.Problems.Count > 0 ? "FAILED" : end.IsProven ? "proven" : "as before"),-9}  "
                + $"{Stopwatch.GetElapsedTime(began).TotalSeconds,5:0.0} s  {plan}: {end.Struck ?? "missed"}"));
            if (end.Problems.Count > 0)
                Write(Failure(plan, end));
        }
    }

    private async Task<ChaosEnd> EndAsync(ChaosPlan plan, ChaosLane lane, CancellationToken ct)
    {
        try
        {
            await lane.PrepareAsync(ct);
            return await new ChaosRun(plan, lane, swift).RunAsync();
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            // One run that could not be set up, or taken down, is one failure, and the others go on.
            return new(false, null, 0, [new(ProblemKind.Other, $"the suite itself failed: {e}")], "");
        }
    }

    private string Failure(ChaosPlan plan, ChaosEnd end)
    {
        var kept = Keep(plan, end);
        return string.Create(CultureInfo.InvariantCulture, $"""
            run {plan.Number} failed ({plan}: {end.Struck ?? "missed"}):
            {string.Join('\n', end.Problems.Select(one => "  - " + one.What))}
              again: ./check chaos --seed {seed} --only {plan.Number}{kept}
            """);
    }

    private string Keep(ChaosPlan plan, ChaosEnd end)
    {
        if (log is null)
            return "\n" + end.Told;
        var file = Path.Combine(Path.GetDirectoryName(log)!,
            string.Create(CultureInfo.InvariantCulture, $"chaos-{seed}-{plan.Number}.txt"));
        File.WriteAllText(file, end.Told);
        return $"\n  what it said: {file}";
    }

    private string Summary()
    {
        var ends = _ended.Select(one => one.End).ToList();
        var problems = ends.SelectMany(one => one.Problems).ToList();
        var strikes = _ended.Where(one => one.End.Struck is not null).GroupBy(one => one.Plan.Strike)
            .OrderBy(one => one.Key)
            .Select(one => string.Create(CultureInfo.InvariantCulture, $"{ChaosPlan.Words(one.Key)} {one.Count()}"))
            .Append(string.Create(CultureInfo.InvariantCulture, $"missed {ends.Count(one => one.Struck is null)}"));
        return string.Create(CultureInfo.InvariantCulture,
            $"chaos: seed {seed}, {ends.Count} runs: {ends.Count(one => one.IsProven)} proven at once or after resume, "
            + $"{ends.Count(one => !one.IsProven)} as before; strikes: {string.Join(", ", strikes)}; "
            + $"{ends.Sum(one => one.Rows)} rows written meanwhile, "
            + $"{problems.Count(one => one.Kind == ProblemKind.LostRow)} of them lost, "
            + $"{problems.Count(one => one.Kind == ProblemKind.Leftover)} leftovers, "
            + $"{ends.Count(one => one.Problems.Count > 0)} failures");
    }

    private void Write(string line)
    {
        if (log is null)
            return;
        lock (_logging)
            File.AppendAllText(log, line + "\n");
    }
}
