using Godwit.Cutover.Freeze;
using Godwit.Faults;
using Godwit.Pipeline;
using Godwit.Postgres;
using Godwit.Verify;

namespace Godwit.Migration;

/// <summary>Stops the writes to the new database, so that the comparison's result stays true.</summary>
internal sealed class PauseStep(AppsFreezer apps) : IStep
{
    public string Name => "pause";

    public StepTraits Traits => StepTraits.StopsWritesAgain;

    public string Intent => $"Stop the writes to the new database: {apps.Names} into maintenance, {apps.What} to 0";

    public Task<Evidence?> FindEvidenceAsync(CancellationToken ct) => Task.FromResult<Evidence?>(null);

    public async Task<Evidence> RunAsync(IProgress<StepEvent> progress, CancellationToken ct)
    {
        var frozen = await apps.FreezeAsync(ct);
        return new Evidence($"{apps.Names} {(apps.Count == 1 ? "is" : "are")} out of service",
            $"in maintenance, {apps.What} at 0: {frozen.Stopped}");
    }
}

/// <summary>Checks whether the new database was written to since the cut-over. The source has not changed since, so
/// every difference is a write.</summary>
/// <param name="accept">Differences accepted when the migration was proven. They are not writes.</param>
internal sealed class CompareStep(
    PostgresAddress source, Func<CancellationToken, Task<PostgresAddress>> target,
    Func<CancellationToken, Task<VerifyOptions>> options, IReadOnlyList<string> accept,
    Func<string, Fault> written, TimeProvider clock) : IStep
{
    public const string StepName = "compare";

    public string Name => StepName;

    public string Intent => "Compare both sides: what was written to the new database since the cut-over would be lost";

    public Task<Evidence?> FindEvidenceAsync(CancellationToken ct) => Task.FromResult<Evidence?>(null);

    public async Task<Evidence> RunAsync(IProgress<StepEvent> progress, CancellationToken ct)
    {
        var verdict = await new Verifier(source, await target(ct), await options(ct), clock)
            .RunAsync(new Renamed(progress), ct);
        if (VerdictWords.Losses(verdict, accept) is { Count: > 0 } losses)
            throw new FaultException(written(VerdictWords.Named(losses)));
        return new Evidence("Nothing would be lost",
            $"{Phrase.Count(verdict.RealTables.Count, "table")}, the schema, "
            + "sequences and large objects of both sides are as they were when they were proven equal");
    }

    // Reports under this step's name: the comparison that proved the migration keeps its own entry.
    private sealed class Renamed(IProgress<StepEvent> progress) : IProgress<StepEvent>
    {
        public void Report(StepEvent value) => progress.Report(value with { Step = StepName });
    }
}
