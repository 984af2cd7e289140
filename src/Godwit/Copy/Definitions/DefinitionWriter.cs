using System.Security.Cryptography;
using Godwit.Faults;
using Godwit.PgArchive;
using Godwit.Postgres;

namespace Godwit.Copy.Definitions;

/// <summary>Runs definitions at the target, each in one transaction with its line in the ledger.</summary>
internal sealed class DefinitionWriter(PostgresSession target, FillOptions options, CopyWatch watch)
{
    /// <summary>Definitions sent at once, to save round trips to a distant target. All of a group are made, or
    /// none.</summary>
    private const int GroupMax = 100;

    /// <summary>Two works may lock the same tables in another order; the one that PostgreSQL cancels is tried
    /// again.</summary>
    private const int AttemptsMax = 4;

    /// <summary>Each attempt waits a minute, the <c>lock_timeout</c>: an autovacuum that must not be disturbed, or a
    /// session of the user, may hold a table that long.</summary>
    private const int LockAttemptsMax = 5;

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
    /// <exception cref="FaultException">As for one.</exception>
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
                $"one of {Named.Some([.. works.Select(work => work.Title)])}", DataErrors.Why(e)), e);
        }
        catch (FaultException e) when (PostgresSession.StateOf(e) is not null && e.Fault.Kind != FaultKind.Transient)
        {
            // None was made. One by one shows which was refused.
            foreach (var work in works)
                await MakeAsync(work, ct);
        }
    }

    /// <exception cref="FaultException"><c>copy.definition_refused</c>, <c>copy.orphans</c> or
    /// <c>copy.target_lost</c>.</exception>
    public async Task MakeAsync(Work work, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await ExecuteAsync([work], ct);
                return;
            }
            catch (FaultException e) when (PostgresSession.IsAnswer(e, DeadlockDetected) && attempt < AttemptsMax)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(RandomNumberGenerator.GetInt32(50, 200) * attempt),
                    TimeProvider.System, ct);
            }
            catch (FaultException e) when (PostgresSession.IsAnswer(e, PostgresSession.LockNotAvailable))
            {
                if (attempt >= LockAttemptsMax)
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
                    "Delete or repair them, then: ALTER TABLE … VALIDATE CONSTRAINT …", "warning");
                await target.ExecuteAsync(CopyLedger.Line(work), ct);
                return;
            }
            catch (FaultException e) when (work.Id.Part == WorkId.Statistics && e.Fault.Kind != FaultKind.Transient)
            {
                // ANALYZE of a parent of foreign tables asks their server, which may refuse. Autovacuum makes the
                // statistics later.
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
    }

    /// <summary>Statements that are sent together are one transaction.</summary>
    private Task ExecuteAsync(IReadOnlyCollection<Work> works, CancellationToken ct) =>
        target.ExecuteAsync(
            string.Join('\n', works.Select(work => $"{work.Sql.TrimEnd(';', '\n')};\n{CopyLedger.Line(work)}")), ct);
}
