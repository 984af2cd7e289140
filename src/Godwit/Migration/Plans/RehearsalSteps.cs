using System.Globalization;
using Godwit.Faults;
using Godwit.Load;
using Godwit.Pipeline;
using Godwit.Postgres;

namespace Godwit.Migration.Plans;

/// <summary>A target that is removed again: after every rehearsal, and on request by a rollback.</summary>
/// <param name="removeAsync">Returns what was removed; null: nothing was made.</param>
/// <param name="findLeft">What <paramref name="removeAsync"/> would remove, in a clause each.</param>
internal sealed class MadeStep(
    IStep target, string undoIntent, Func<CancellationToken, Task<string?>> removeAsync,
    Func<CancellationToken, Task<IReadOnlyList<string>>>? findLeft = null) : IUndoableStep
{
    public string Name => target.Name;

    public StepTraits Traits => target.Traits;

    public string Intent => target.Intent;

    public string UndoIntent => undoIntent;

    public Task<Evidence?> FindEvidenceAsync(CancellationToken ct) => target.FindEvidenceAsync(ct);

    public Task<Evidence> RunAsync(IProgress<StepEvent> progress, CancellationToken ct) =>
        target.RunAsync(progress, ct);

    public Task<IReadOnlyList<string>> FindLeftAsync(CancellationToken ct) =>
        findLeft?.Invoke(ct) ?? Task.FromResult<IReadOnlyList<string>>([]);

    public Task<string?> UndoAsync(CancellationToken ct) => removeAsync(ct);
}

/// <summary>Replaces a migration's freeze: the dump and the comparison see the source as it is now, whatever is written
/// meanwhile. A standby whose sessions cannot share a snapshot must have its replay paused. Then no snapshot is held:
/// each command sees the same.</summary>
/// <param name="epochKey">Key of the moment that the dump shows.</param>
internal sealed class MomentStep(
    PostgresAddress source, IRunMemory memory, RunKey<string> epochKey, Action<HeldSnapshot> hold,
    TimeProvider clock) : IStep
{
    public string Name => "moment";

    public string Intent => $"Hold one moment of {source}, to bring it over and to compare it; "
        + "nothing is frozen, and everybody goes on writing";

    public Task<Evidence?> FindEvidenceAsync(CancellationToken ct) => Task.FromResult<Evidence?>(null);

    public async Task<Evidence> RunAsync(IProgress<StepEvent> progress, CancellationToken ct)
    {
#pragma warning disable CA2000 // The route holds it until it is disposed itself.
        var moment = await HeldSnapshot.TakeAsync(source, clock, ct);
#pragma warning restore CA2000
        if (moment.Sharing.WhyNot is { } why)
            return await StayAsync(moment, why, ct);
        hold(moment);
        memory.Remember(epochKey, clock.GetUtcNow().ToString("O", CultureInfo.InvariantCulture));
        return new Evidence("What is brought and what is compared is the source as it is now",
            $"the source exported the snapshot {moment.Id}, which is held until the end");
    }

    private async Task<Evidence> StayAsync(HeldSnapshot moment, string why, CancellationToken ct)
    {
        await using var held = moment;
        if (!await StandbyFacts.IsPausedAsync(moment.First, ct))
            throw new FaultException(MigrationFaults.NoMoment(source, why));
        memory.Remember(epochKey, clock.GetUtcNow().ToString("O", CultureInfo.InvariantCulture));
        return new Evidence("What is brought and what is compared is the source as it is now",
            $"its replay is paused at {await StandbyFacts.ReplayedToAsync(moment.First, ct)}; "
            + $"no snapshot is held, because {why}");
    }
}

/// <summary>For a throw-away database.</summary>
internal sealed class RemoveStep(MadeTarget made, string app) : IStep
{
    public string Name => "remove";

    public string Intent => $"Destroy the throw-away database of {app}";

    public Task<Evidence?> FindEvidenceAsync(CancellationToken ct) => Task.FromResult<Evidence?>(null);

    public async Task<Evidence> RunAsync(IProgress<StepEvent> progress, CancellationToken ct)
    {
        var said = await made.RemoveAsync(ct) ?? "it was gone already";
        return new Evidence($"Nothing of the rehearsal is left at {app}", said);
    }
}
