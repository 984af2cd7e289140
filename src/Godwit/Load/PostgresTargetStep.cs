using Godwit.Faults;
using Godwit.Pipeline;
using Godwit.Postgres;
using Godwit.Targets;

namespace Godwit.Load;

/// <summary>Makes sure that the database exists, is not the source, has no other run, and is empty or filled by this
/// run.</summary>
public sealed class PostgresTargetStep(
    PostgresTarget target, PostgresAddress source, IRunMemory memory, TargetGuard guard) : IStep
{
    public string Name => TargetStep.StepName;

    public string Intent => $"Find {target.Name}, and see that it is empty";

    public async Task<Evidence?> FindEvidenceAsync(CancellationToken ct)
    {
        if (memory.Recall(TargetGuard.ClaimKey) is null)
            return null;
        await LockAsync(ct);
        return await guard.MayEmptyAsync(ct) ? Proof("claimed by this run before") : null;
    }

    public async Task<Evidence> RunAsync(IProgress<StepEvent> progress, CancellationToken ct)
    {
        await LockAsync(ct);
        await using var session = await PostgresSession.OpenAsync(await target.AddressAsync(ct), ct);
        var there = await guard.RequireAsync(ct);
        if (there.IsEmpty)
            await target.KeepAsync(session, ct);
        memory.Remember(TargetGuard.ClaimKey, $"{target.Name}");
        return Proof(there.IsEmpty ? "it is empty" : $"what it holds ({there.InWords}) was brought by this run");
    }

    // Both locks are of one kind: if source and target were the same database, the run would wait for itself.
    private async Task LockAsync(CancellationToken ct)
    {
        var address = await target.AddressAsync(ct);
        await using var right = await PostgresSession.OpenAsync(address, ct);
        await using var left = await PostgresSession.OpenAsync(source, ct);
        if (await ServerCatalog.IsSameDatabaseAsync(left, right, ct))
            throw new FaultException(LoadFaults.SourceItself(source));
        await guard.HoldAsync(address, ct);
    }

    private Evidence Proof(string how) => new($"{target.Name} is ready", how);
}
