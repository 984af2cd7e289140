using Godwit.Extract.Cleaning;
using Godwit.Faults;
using Godwit.Pipeline;
using Godwit.Postgres;

namespace Godwit.Dump;

/// <summary>A dump outside of a run: freezes nothing, remembers nothing, and leaves the whole archive or
/// nothing.</summary>
public sealed class SingleDump(
    PostgresAddress source, DumpTarget target, Func<CancellationToken, Task<IDumpEngine>> engine, TimeProvider clock)
{
    /// <summary>As in a run.</summary>
    public const string Step = "dump";

    // Removing parts takes a call or two; the user has already asked to stop.
    private static readonly TimeSpan CleanUpMax = TimeSpan.FromMinutes(1);

    /// <summary>A missing store is created.</summary>
    public bool CreatesStore { get; init; }

    /// <summary>File for the statements that are left out; null: none is written.</summary>
    public string? LeftOutFile { get; init; }

    public string Intent => $"Dump {source} to {target.Name}";

    /// <returns>The outcome of a dump that had begun; a refusal or stop before the first write is thrown.</returns>
    public async Task<DumpOutcome> RunAsync(IProgress<StepEvent> progress, CancellationToken ct)
    {
        var started = clock.GetTimestamp();
        progress.Report(new StepStarted(Step, clock.GetUtcNow(), Intent));
        var hasBegun = false;
        try
        {
            if (CreatesStore && await target.CreateStoreAsync(ct) is { Created: true } made)
            {
                progress.Report(new Observed(Step, clock.GetUtcNow(), "dump.store_made", Severity.Note,
                    $"The store of {target.Name} was made",
                    "it was not there, and --create-store asked for it: "
                    + $"{string.Join("; ", [.. made.Protections, .. made.Notes])}", ""));
            }

            await target.PrepareAsync(ct);
            var watch = new DumpProgress(Step, progress, clock);
            var found = await engine(ct);
            watch.Tell(found.Notes);
            // Takes seconds with thousands of tables, without progress to count.
            progress.Report(new StateChanged(Step, clock.GetUtcNow(), $"{source}", "reading the definitions"));
            await using var archive = await found.OpenAsync(watch, target.HeadMayBeLate, ct);
            hasBegun = true;
            await LeftOutTeller.TellAloneAsync(Step, LeftOutFile, archive.Cleaned, progress, clock, ct);
            var written = await target.WriteAsync(archive.ToUpload(watch), ct);
            var totals = archive.Totals;
            var result = new DumpResult(target.Name, written.SizeBytes,
                written.ETag.Length == 0 ? null : written.ETag, found.Name,
                totals.Tables, totals.Tables is null ? null : totals.Rows,
                totals.Tables is null ? null : totals.DataBytes, clock.GetElapsedTime(started));
            progress.Report(new StepDone(Step, clock.GetUtcNow(), Proof(result), WasAlreadyDone: false));
            return new DumpOutcome(result, null, null);
        }
        catch (Exception e) when (hasBegun)
        {
            var fault = FaultOf(e, ct);
            progress.Report(new StepFailed(Step, clock.GetUtcNow(), fault));
            using var limit = new CancellationTokenSource(CleanUpMax, clock);
            return new DumpOutcome(null, fault, await target.CleanUpAsync(limit.Token));
        }
        catch (FaultException e)
        {
            progress.Report(new StepFailed(Step, clock.GetUtcNow(), e.Fault));
            throw;
        }
    }

    private Fault FaultOf(Exception e, CancellationToken ct) => e switch
    {
        // After a cancellation other errors do not count.
        _ when ct.IsCancellationRequested => DumpFaults.Stopped(target.Name),
        FaultException { Fault: var fault } => fault,
        _ => DumpFaults.Unexpected(Unforeseen.Of(e)),
    };

    private static Evidence Proof(DumpResult result) => new(
        $"{result.To} is whole",
        $"{ServerCatalog.Number(result.SizeBytes)} bytes" + (result.ETag is { } tag ? $", version {tag}" : ""));
}

/// <param name="ETag">The store's version mark; null: none.</param>
/// <param name="Tables">Tables whose rows are in it; null: not counted, as for the two below.</param>
/// <param name="DataBytes">Uncompressed bytes of rows as text and of large objects.</param>
public sealed record DumpResult(
    string To, long SizeBytes, string? ETag, string Engine, int? Tables, long? Rows, long? DataBytes, TimeSpan Took);

/// <summary>The outcome of a dump that had begun.</summary>
/// <param name="Written">Null: it failed.</param>
/// <param name="Left">What could not be removed after the failure; null: nothing.</param>
public sealed record DumpOutcome(DumpResult? Written, Fault? Fault, Fault? Left);
