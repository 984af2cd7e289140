using System.Globalization;
using Godwit.EndToEnd.Servers;

namespace Godwit.EndToEnd.Chaos;

/// <summary>Whatever dies meanwhile: a run ends proven and cut over, or as if it had never been.
/// <c>./check chaos --seed N --runs K</c>.</summary>
public sealed class ChaosTests(SwiftServer swift)
{
    /// <summary>So many runs at the same time, each with servers of its own: more than two processors can do nothing
    /// for each other.</summary>
    private const int LanesMax = 3;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>As many as a minute has room for: the seed's first quick run of each strike that does not make Godwit
    /// wait.</summary>
    [Fact]
    public async Task A_run_that_is_struck_anywhere_ends_proven_or_as_if_it_had_never_been()
    {
        const int Seed = 1;
        var numbers = Enumerable.Range(1, 1000).Select(number => new ChaosPlan(Seed, number))
            .Where(plan =>
                !plan.IsSlow && plan.Strike is not (Strike.HerokuBusy or Strike.HerokuSlow or Strike.RestoreSlow))
            .DistinctBy(plan => plan.Strike).Take(9).Select(plan => plan.Number);

        var told = await new ChaosSuite(Seed, swift, log: null).RunAsync(numbers, 2, Ct);

        Assert.True(told.Failures.Count == 0, $"{told.Summary}\n{string.Join('\n', told.Failures)}");
    }

    /// <summary>Seed, number of runs, or a list of runs: GODWIT_CHAOS_SEED, _RUNS, _ONLY. One line for each run, and at
    /// the end the line of all, go into the file GODWIT_CHAOS_LOG; all that a failed one said into files beside
    /// it.</summary>
    [Fact(Explicit = true)]
    [Trait("suite", "chaos")]
    public async Task Every_run_of_the_chaos_suite_ends_proven_or_as_if_it_had_never_been()
    {
        var seed = Number("SEED") ?? throw new InvalidOperationException("./check chaos says which seed");
        IEnumerable<int> numbers = Environment.GetEnvironmentVariable("GODWIT_CHAOS_ONLY") is { Length: > 0 } only
            ? only.Split(',').Select(one => int.Parse(one, CultureInfo.InvariantCulture))
            : Enumerable.Range(1,
                Number("RUNS") ?? throw new InvalidOperationException("./check chaos says how many runs"));

        var told = await new ChaosSuite(seed, swift, Environment.GetEnvironmentVariable("GODWIT_CHAOS_LOG"))
            .RunAsync(numbers, LanesMax, Ct);

        Assert.True(told.Failures.Count == 0, $"{told.Summary}\n{string.Join('\n', told.Failures)}");
    }

    private static int? Number(string name) =>
        Environment.GetEnvironmentVariable("GODWIT_CHAOS_" + name) is { Length: > 0 } text
            ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
