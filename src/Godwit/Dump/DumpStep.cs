using Godwit.Extract.Cleaning;
using Godwit.Faults;
using Godwit.Pipeline;
using Godwit.Postgres;
using Godwit.Storage;
using Godwit.Storage.Buckets;

namespace Godwit.Dump;

/// <summary>Streams the archive into the store. The dump is valid only for its freeze: after a thaw the source may have
/// changed, so the dump is repeated.</summary>
/// <param name="engine">Opened when the step runs: the source's version decides on the pg_dump.</param>
/// <param name="listPath">The list of what was left out.</param>
public sealed class DumpStep(
    PostgresAddress source, IObjectStore store, DumpMemory memory, Func<CancellationToken, Task<IDumpEngine>> engine,
    string listPath, TimeProvider clock)
    : IUndoableStep
{
    public string Name => "dump";

    public StepTraits Traits => StepTraits.Downtime;

    public string Intent => $"Stream one consistent dump of {source} straight into {store.Address}/{memory.Key}";

    public string UndoIntent => $"Delete {memory.Key} and its unfinished parts from {store.Address}";

    public async Task<Evidence?> FindEvidenceAsync(CancellationToken ct)
    {
        if (!memory.IsOfThisFreeze || await store.FindAsync(memory.Key, ct) is not { } found || !memory.IsSame(found))
            return null;
        return Proof(found);
    }

    public async Task<Evidence> RunAsync(IProgress<StepEvent> progress, CancellationToken ct)
    {
        var started = clock.GetTimestamp();
        memory.Begin();
        await store.AbortUploadsAsync(memory.Key, ct);
        var watch = new DumpProgress(Name, progress, clock);
        var made = await engine(ct);
        watch.Tell(made.Notes);
        // Takes seconds with thousands of tables, without progress to count.
        progress.Report(new StateChanged(Name, clock.GetUtcNow(), $"{source}", "reading the definitions"));
        await using var archive = await made.OpenAsync(watch, headMayBeLate: true, ct);
        await LeftOutTeller.TellAsync(Name, listPath, archive.Cleaned, progress, clock, ct);
        await RightsFile.WriteAsync(Path.Combine(Path.GetDirectoryName(listPath)!, RightsFile.Name),
            archive.Cleaned, ct);
        var stored = await store.PutAsync(memory.Key,
            archive.ToUpload(watch) with { PartsLeft = why => TellLeft(why, progress) }, ct);
        memory.End(stored, clock.GetElapsedTime(started));
        return Proof(stored);
    }

    public async Task<string?> UndoAsync(CancellationToken ct) =>
        await DumpRemoval.RemoveAsync(store, memory, ct) is { } removed
            ? $"the dump was deleted from {store.Address}{Kept(removed.Stays)}" : null;

    private static string Kept(RetainedObject? stays) => stays switch
    {
        RetainedObject.OldVersions old => $", which keeps an old version of it ({old.Why})",
        RetainedObject.SoftDeleted kept => $", where {kept.Why}",
        _ => "",
    };

    // The undo tries again; if that fails as well, this warning matters.
    private void TellLeft(string why, IProgress<StepEvent> progress)
    {
        var fault = DumpFaults.PartsLeft($"{store.Address}/{memory.Key}", why);
        progress.Report(new Observed(Name, clock.GetUtcNow(),
            Finding.Warning(fault, fault.Remedy)));
    }

    private Evidence Proof(StoredObject found) => new(
        $"{found.Key} is whole in {store.Address}",
        $"{ServerCatalog.Number(found.SizeBytes)} bytes, "
        + $"version {found.ETag}{(File.Exists(listPath) ? $"; the list of what was left out: {listPath}" : "")}");
}
