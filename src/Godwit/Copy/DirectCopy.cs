// Copy: straight from one server into another, without an archive in between.
//
// The definitions are pg_dump's, cleaned; the rows go from COPY to COPY, in binary where both servers read it alike, several tables and ranges at
// once, all of one snapshot. What stands behind the rows (indexes, constraints, statistics) is made as soon as what it needs is there. What is
// done is written into the target in the transaction in which it is done.
using System.Security.Cryptography;
using Godwit.Copy.Definitions;
using Godwit.Copy.Rows;
using Godwit.Extract;
using Godwit.Extract.Cleaning;
using Godwit.Faults;
using Godwit.PgArchive;
using Godwit.Pipeline;
using Godwit.Postgres;

namespace Godwit.Copy;

/// <summary>A copy of one database into an empty other.</summary>
/// <param name="call">The pg_dump that fits the source.</param>
public sealed class DirectCopy(PgDumpCall call, PostgresAddress target, CopyOptions options, TimeProvider clock)
{
    /// <summary>Names the events.</summary>
    public const string StepName = "copy";

    public string Intent => $"Copy {call.Source} into {target}";

    /// <returns>How it ended, once it had begun.</returns>
    /// <exception cref="FaultException">It was refused before anything was written.</exception>
    /// <exception cref="OperationCanceledException">It was stopped before anything was written.</exception>
    public async Task<CopyOutcome> RunAsync(IProgress<StepEvent> progress, CancellationToken ct)
    {
        progress.Report(new StepStarted(StepName, clock.GetUtcNow(), Intent));
        var hasBegun = false;
        try
        {
            var result = await CopyAsync(new CopyWatch(StepName, progress, clock), () => hasBegun = true, ct);
            progress.Report(new StepDone(StepName, clock.GetUtcNow(), Proof(result), WasAlreadyDone: false));
            return new(result, null);
        }
        catch (Exception e) when (hasBegun)
        {
            var fault = e switch
            {
                _ when ct.IsCancellationRequested => CopyFaults.Stopped($"{target}"),
                FaultException { Fault: var known } => known,
                _ => CopyFaults.Unexpected(e.GetType().Name, Redactor.Clean(e.Message)),
            };
            progress.Report(new StepFailed(StepName, clock.GetUtcNow(), fault));
            return new(null, fault);
        }
        catch (FaultException e)
        {
            progress.Report(new StepFailed(StepName, clock.GetUtcNow(), e.Fault));
            throw;
        }
    }

    private async Task<CopyResult> CopyAsync(CopyWatch watch, Action begun, CancellationToken ct)
    {
        var started = clock.GetTimestamp();
        var (cleaning, before) = await LookAsync(ct);
        watch.Begun($"{call.Source}", "reading the definitions");
        await using var moment = await SourceMoment.OpenAsync(call, options with { Cleaning = cleaning }, compressLevel: null, ct);
        await TellLeftOutAsync(moment.Cleaned, watch, ct);
        var order = new RestoreOrder(moment.Head);
        var sessions = new TargetSessions(target, moment.Encoding, options.IndexJobs ?? options.Jobs);
        await using var first = await sessions.OpenAsync(ct);
        var now = CopyLedger.New(Digest(moment.Head), (await moment.First.ScalarAsync<string>(CopyLedger.MomentQuery, ct))!);
        var ledger = before is null ? now : GoOn(before, now);
        begun();
        if (before is null)
            await ledger.MakeAsync(first, ct);
        watch.Begun($"{target}", "making the tables");
        await new DefinitionWriter(first, options, watch).MakeAsync([.. order.First.Where(entry => !ledger.Done.Contains(entry.DumpId))], ct);
        var rows = await RowPlan.MakeAsync(moment.Head, moment.First, options.Jobs, ledger.Divided, ct);
        await CopyLedger.DivideAsync(first, rows.Divided, ct);
        var objects = await LargeObjectPart.AllAsync(moment.Head, moment.First, ct);
        watch.Planned(rows.SourceBytes + objects.Sum(part => part.SourceBytes));
        await new CopyCrew(moment, sessions, order, rows, objects, ledger.Done, options, watch, clock).RunAsync(ct);
        await moment.FinishAsync(ct);
        await CopyLedger.RemoveAsync(first, ct);
        return new(rows.Tables, watch.Rows, objects.Sum(part => part.Oids.Length), rows.SourceBytes, clock.GetElapsedTime(started));
    }

    /// <summary>Nothing of somebody's may be mixed with what comes, but what an earlier attempt has brought.</summary>
    /// <returns>What the target would refuse, where that is left out; and that attempt's ledger.</returns>
    private async Task<(CleaningRules? Cleaning, CopyLedger? Before)> LookAsync(CancellationToken ct)
    {
        await using var from = await PostgresSession.OpenAsync(call.Source, ct);
        await using var into = await PostgresSession.OpenAsync(target, ct);
        if (await ServerCatalog.IsSameDatabaseAsync(from, into, ct))
            throw new FaultException(CopyFaults.SameDatabase($"{call.Source}"));
        var cleaning = options.MappedRoles is { } roles ? await CleaningRulesFinder.FindAsync(from, into, roles, ct) : null;
        if (await CopyLedger.FindAsync(into, ct) is { } before)
            return options.Resumes ? (cleaning, before) : throw new FaultException(CopyFaults.EarlierCopy($"{target}"));
        if (options.Resumes)
            throw new FaultException(CopyFaults.NothingToResume($"{target}"));
        if (await ServerCatalog.RelationsAsync(into, ct) is { Count: > 0 } there)
            throw new FaultException(CopyFaults.TargetNotEmpty($"{target}", Named.Some(there)));
        if (await ServerCatalog.LargeObjectsAsync(into, ct) is > 0 and var objects)
            throw new FaultException(CopyFaults.TargetNotEmpty($"{target}", Named.Count(objects, "large object")));
        return (cleaning, null);
    }

    /// <summary>Before anything is made: there is no copy whose omissions are nowhere told.</summary>
    private async Task TellLeftOutAsync(CleanedContents? cleaned, CopyWatch watch, CancellationToken ct)
    {
        if (cleaned is not { LeftOut.Count: > 0 })
            return;
        if (options.LeftOutFile is { } path)
            await LeftOutFile.WriteAsync(path, cleaned, ct);
        watch.LeftOut(cleaned.LeftOut, options.LeftOutFile is { } file ? $"The statements are in: {file}" : "To have the statements: --left-out FILE.");
    }

    /// <summary>What is there counts only if the source is what it was: a snapshot ends with its session, so it is asked whether anybody has written since.</summary>
    private CopyLedger GoOn(CopyLedger before, CopyLedger now) =>
        before.Contents != now.Contents ? throw new FaultException(CopyFaults.DefinitionsChanged($"{call.Source}"))
        : before.Moment != now.Moment && !options.IsFrozen ? throw new FaultException(CopyFaults.SourceChanged($"{call.Source}", Named.Count(before.Done.Select(one => one.DumpId).Intersect(before.Divided.Keys).Count(), "table")))
        : before;

    private Evidence Proof(CopyResult result) => new(
        $"{target} has {Named.Count(result.Tables, "table")} with {Named.Count(result.Rows, "row")}",
        "every part was counted in the transaction that brought it; whether both sides are equal, godwit verify proves");

    /// <summary>Of everything that is defined, in its order.</summary>
    private static string Digest(ArchiveHead head)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var entry in head.Entries)
        {
            hash.AppendData(entry.Tag.Bytes);
            hash.AppendData(entry.Description.Bytes);
            hash.AppendData(entry.Definition.GetValueOrDefault().Bytes);
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }
}

/// <summary>How a copy ended that had begun: one of the two. What failed has left the target as far as it came, with the ledger.</summary>
public sealed record CopyOutcome(CopyResult? Result, Fault? Fault);

/// <param name="Tables">Whose rows were copied.</param>
/// <param name="SourceBytes">Of these tables, at the source.</param>
public sealed record CopyResult(int Tables, long Rows, long LargeObjects, long SourceBytes, TimeSpan Took);
