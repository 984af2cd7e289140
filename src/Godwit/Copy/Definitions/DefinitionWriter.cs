using Godwit.Faults;
using Godwit.PgArchive;
using Godwit.Postgres;

namespace Godwit.Copy.Definitions;

/// <summary>Makes definitions at the target, each in one transaction with its ledger line.</summary>
internal sealed class DefinitionWriter(PostgresSession target, FillOptions options, CopyWatch watch)
{
    // Sent at once, to save round trips to a distant target. All of a group are made, or none.
    private const int GroupMax = 100;

    private const string DeadlockDetected = "40P01";
    private const string ForeignKeyViolation = "23503";

    /// <summary>Makes everything before the rows, in order.</summary>
    /// <exception cref="FaultException"><c>copy.definition_refused</c>: the first that the target refuses; earlier ones
    /// are made.</exception>
    public async Task MakeAsync(IReadOnlyList<TocEntry> entries, CancellationToken ct)
    {
        foreach (var group in entries.Select(entry =>
            new Work(entry.DumpId, WorkList.Title(entry), WorkList.SqlOf(entry), []) { Key = EntryKey.Of(entry) })
            .Where(work => work.Sql.Length > 0).Chunk(GroupMax))
            await MakeAsync(group, ct);
    }

    /// <summary>Makes all of them in one transaction, in order.</summary>
    public async Task MakeAsync(IReadOnlyList<Work> works, CancellationToken ct)
    {
        if (works is [var only])
        {
            await MakeAsync(only, ct);
            return;
        }

        try
        {
            await ExecuteAsync(works, ct);
        }
        catch (FaultException e)
            when (PostgresSession.StateOf(e) is not null && !target.IsOpen && e.Fault.Kind != FaultKind.Transient)
        {
            // The driver closes a session at an internal error, a code that some extensions use for their own errors.
            throw new FaultException(CopyFaults.DefinitionRefused(
                $"one of {Phrase.List([.. works.Select(work => work.Title)])}", DataErrors.Why(e)), e);
        }
        catch (FaultException e) when (PostgresSession.StateOf(e) is not null && e.Fault.Kind != FaultKind.Transient)
        {
            // None was made: one by one shows which was refused.
            foreach (var work in works)
                await MakeAsync(work, ct);
        }
    }

    /// <exception cref="FaultException"><c>copy.definition_refused</c>, <c>copy.orphans</c> or
    /// <c>copy.target_lost</c>.</exception>
    public async Task MakeAsync(Work work, CancellationToken ct)
    {
        try
        {
            // Two of them may want the same tables in another order. An autovacuum that must not be disturbed, or
            // somebody who looks at the target, may hold a table for some minutes, of which lock_timeout is one.
            await Retry.Soon.RunAsync(token => ExecuteAsync([work], token), e => e is FaultException fault
                && (PostgresSession.IsAnswer(fault, DeadlockDetected) || IsLocked(fault)), watch.Clock, ct);
        }
        catch (FaultException e) when (IsLocked(e))
        {
            throw new FaultException(CopyFaults.TargetLocked(work.Title, e.Fault.Why), e);
        }
        catch (FaultException e) when (work.IsForeignKeyCheck && PostgresSession.IsAnswer(e, ForeignKeyViolation))
        {
            if (work.Id.Part != WorkId.Behind)
                throw new FaultException(CopyFaults.PartitionedOrphans(work.Title, e.Fault.Why), e);
            if (!options.KeepsOrphans)
                throw new FaultException(CopyFaults.Orphans(work.Title, e.Fault.Why), e);
            watch.Note("copy.orphans_kept", $"{work.Title} is NOT VALID at the target",
                $"rows have no counterpart, where they come from either: {e.Fault.Why}",
                "Delete or repair them, then: ALTER TABLE … VALIDATE CONSTRAINT …", Severity.Warning);
            await target.ExecuteAsync(CopyLedger.Line(work), ct);
            return;
        }
        catch (FaultException e) when (work.Id.Part == WorkId.Statistics && e.Fault.Kind != FaultKind.Transient)
        {
            // A parent of foreign tables asks their server, which may not know us. No data is missing: autovacuum comes
            // by.
            watch.Note("copy.no_statistics", $"There are no {work.Title} yet", e.Fault.Why,
                $"When the cause is removed: {work.Sql};");
            await target.ExecuteAsync(CopyLedger.Line(work), ct);
            return;
        }
        catch (FaultException e)
        {
            throw new FaultException(e.Fault.Kind == FaultKind.Transient ? CopyFaults.TargetLost(work.Title,
                e.Fault.Why) : CopyFaults.DefinitionRefused(work.Title, DataErrors.Why(e)), e);
        }
    }

    private static bool IsLocked(FaultException e) => PostgresSession.IsAnswer(e, PostgresSession.LockNotAvailable);

    // In one transaction: statements that are sent together are.
    private Task ExecuteAsync(IReadOnlyCollection<Work> works, CancellationToken ct) =>
        target.ExecuteAsync(
            string.Join('\n', works.Select(work => $"{work.Sql.TrimEnd(';', '\n')};\n{CopyLedger.Line(work)}")), ct);
}
