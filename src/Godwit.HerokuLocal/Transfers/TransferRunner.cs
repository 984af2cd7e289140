// Transfers: backups, restores and copies, done by the real pg_dump and pg_restore.
//
// Their states are Heroku's: pending, running, finished. A restore that skipped errors succeeds with warnings; one that
// could not continue fails, and its log says why. Transfers of a server that died are marked as failed at the next
// start.
using System.Collections.Concurrent;
using Godwit.Faults;
using Godwit.HerokuLocal.Databases;
using Godwit.HerokuLocal.Platform;
using Godwit.HerokuLocal.State;
using Godwit.HerokuLocal.Trouble;
using Npgsql;

namespace Godwit.HerokuLocal.Transfers;

internal sealed class TransferRunner(
    LocalStore store, DatabaseServer databases, LocalFiles files, TransferPrograms programs, ArchiveDownload download,
    TransferLog log, BackupLinks links, FaultSimulator trouble, Background background, TimeProvider clock)
{
    // For comparing a running restore's size with the plan's storage.
    private static readonly TimeSpan MeasureEvery = TimeSpan.FromSeconds(1);

    // A terminated session ends within milliseconds, unless its disk is stuck.
    private static readonly TimeSpan EndSessionsMax = TimeSpan.FromSeconds(10);

    // Stop unfinished transfers, by transfer id.
    private readonly ConcurrentDictionary<Guid, Action> _stops = new();

    // One transfer at a time per database; the others stay pending.
    private readonly ConcurrentDictionary<Guid, SemaphoreSlim> _turns = new();

    public void Begin(TransferState transfer, AddonState addon)
    {
#pragma warning disable CA2000 // Has no timer and no handle, and a late cancel must find it alive.
        var stop = new CancellationTokenSource();
#pragma warning restore CA2000
        _stops[transfer.Id] = stop.Cancel;
        background.Run(async end =>
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(end, stop.Token);
            await RunInTurnAsync(transfer, addon, stop.Token, either.Token);
            _stops.TryRemove(transfer.Id, out _);
        });
    }

    /// <summary>Kills the transfer's programs. Does nothing after its end.</summary>
    public void Cancel(TransferState transfer)
    {
        if (!_stops.TryRemove(transfer.Id, out var stop))
            return;
        store.Change(_ => transfer.CanceledAt = transfer.UpdatedAt = clock.GetUtcNow());
        stop();
    }

    public void FailInterrupted()
    {
        foreach (var left in Directory.EnumerateFiles(files.Transfers))
            File.Delete(left);
        foreach (var transfer in store.Read(s =>
            s.Apps.SelectMany(a => a.Transfers).Where(t => t.FinishedAt is null).ToList()))
            Finish(transfer, succeeded: false, "The transfer was interrupted: heroku-local ended while it ran");
    }

    private string FileOf(TransferState transfer) => Path.Combine(files.Transfers, $"{transfer.Id}.archive");

    private async Task RunInTurnAsync(
        TransferState transfer, AddonState addon, CancellationToken canceled, CancellationToken ct)
    {
        var turn = _turns.GetOrAdd(addon.Id, _ => new(1, 1));
        var hasTurn = false;
        try
        {
            await turn.WaitAsync(ct);
            hasTurn = true;
            if (trouble.Take(Kind(transfer), "slow") is { } slow)
                await Task.Delay(slow.Delay, clock, ct);
            store.Change(_ => transfer.StartedAt = transfer.UpdatedAt = clock.GetUtcNow());
            log.Write(transfer.Id, $"Starting {Kind(transfer)}");
            await RunOrEndSessionsAsync(transfer, addon, ct);
            var more = trouble.Take(Kind(transfer), "warnings")?.Number ?? 0;
            for (var i = 1; i <= more; i++)
                log.Write(transfer.Id,
                    $"pg_restore: error: could not execute query: ERROR:  ordered warning {i} (--fault)", "warn");
            transfer.Warnings += more;
            Finish(transfer, succeeded: true,
                transfer.Warnings == 0 ? "Done" : $"Finished with {transfer.Warnings} warnings");
        }
        catch (OperationCanceledException) when (canceled.IsCancellationRequested)
        {
            Finish(transfer, succeeded: false, "Transfer canceled");
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The server ends; the next one marks the transfer as failed.
        }
        catch (Exception e) when (e is TransferException or NpgsqlException or FaultException or IOException)
        {
            Finish(transfer, succeeded: false, Redactor.Clean(e is PostgresException p ? p.MessageText : e.Message));
        }
        catch (Exception e)
        {
            // Otherwise the transfer would never finish, and clients would poll it for ever.
            Finish(transfer, succeeded: false,
                $"heroku-local failed with {e.GetType().Name}: {Redactor.Clean(e.Message)}");
        }
        finally
        {
            if (hasTurn)
                turn.Release();
            File.Delete(FileOf(transfer));
        }
    }

    // PostgreSQL continues a statement after its client was killed, and a long one would block the next transfer.
    private async Task RunOrEndSessionsAsync(TransferState transfer, AddonState addon, CancellationToken ct)
    {
        try
        {
            await RunAsync(transfer, addon, ct);
        }
        catch
        {
            try
            {
                using var limit = new CancellationTokenSource(EndSessionsMax, clock);
                // The driver may wait for an answer without observing the token.
                await EndSessionsAsync(addon, limit.Token).WaitAsync(EndSessionsMax, clock, CancellationToken.None);
            }
            catch (Exception e) when (e is NpgsqlException or OperationCanceledException or TimeoutException)
            {
                // The cluster is stopping or unreachable; the first exception is reported.
            }

            throw;
        }
    }

    private async Task EndSessionsAsync(AddonState addon, CancellationToken ct)
    {
        while (await databases.CutAsync(addon, TransferPrograms.ApplicationName, ct) > 0)
            await Task.Delay(TimeSpan.FromMilliseconds(50), clock, ct);
    }

    private async Task RunAsync(TransferState transfer, AddonState addon, CancellationToken ct)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var disaster = DisasterAsync(transfer, addon, either.Token);
        var work = WorkAsync(transfer, addon, either.Token);
        var first = await Task.WhenAny(work, disaster);
        // Must be asked before the cancellation: work that it ends at once would look like work that ended by itself,
        // and the failure would not be reported.
        var fails = first == disaster && !work.IsCompleted;
        var stopping = either.CancelAsync();
        if (fails)
        {
            // The program must end before the transfer counts as finished. If it does not end in time, its sessions are
            // terminated.
            await Task.WhenAny(Task.WhenAll(stopping, work), Task.Delay(EndSessionsMax, clock, CancellationToken.None));
            await disaster;
        }

        await stopping;
        await work;
    }

    private async Task WorkAsync(TransferState transfer, AddonState addon, CancellationToken ct)
    {
        switch (transfer.ToType)
        {
            case TransferState.Store:
                await DumpAsync(transfer, databases.Url(addon, addon.Owner), ct);
                var database = await databases.LookAsync(addon, ct);
                store.Change(_ => transfer.SourceBytes = database.Bytes);
                File.Move(FileOf(transfer), links.FileOf(transfer.Id), overwrite: true);
                break;
            case var _ when transfer.FromType == TransferState.PgDump:
                await DumpAsync(transfer, transfer.FromUrl!, ct);
                await RestoreAsync(transfer, addon, FileOf(transfer), ct);
                break;
            default:
                var bytesMax = StorageOf(addon);
                var own = links.Own(transfer.FromUrl!);
                var archive = own ?? FileOf(transfer);
                var bytes = own is null ? await download.FetchAsync(transfer.FromUrl!, archive, bytesMax,
                    ct) : new FileInfo(archive).Length;
                store.Change(_ => transfer.SourceBytes = bytes);
                log.Write(transfer.Id, $"Downloaded {Data.DataShapes.Size(bytes)}");
                await RestoreAsync(transfer, addon, archive, ct);
                break;
        }
    }

    private async Task DumpAsync(TransferState transfer, string url, CancellationToken ct)
    {
        await programs.DumpAsync(url, FileOf(transfer), line => log.Write(transfer.Id, line),
            bytes => Progress(transfer, bytes), ct);
        var bytes = new FileInfo(FileOf(transfer)).Length;
        Progress(transfer, bytes);
        store.Change(_ => transfer.SourceBytes = bytes);
    }

    private async Task RestoreAsync(TransferState transfer, AddonState addon, string archive, CancellationToken ct)
    {
        await databases.EmptyAsync(addon, transfer.Extensions, ct);
        log.Write(transfer.Id, "Emptied the database");
        var warnings = await programs.RestoreAsync(databases.Url(addon, addon.Owner), archive,
            line => log.Write(transfer.Id, line), bytes => Progress(transfer, bytes), ct);
        Progress(transfer, new FileInfo(archive).Length);
        transfer.Warnings += warnings;
    }

    // Throws when a simulated failure is due or the database outgrows its plan.
    private async Task DisasterAsync(TransferState transfer, AddonState addon, CancellationToken ct)
    {
        var fails = trouble.Take(Kind(transfer), "fails-after");
        var cut = trouble.Take(Kind(transfer), "cut-after");
        var first = clock.GetUtcNow();
        for (var measured = first; ; await Task.Delay(TimeSpan.FromMilliseconds(50), clock, ct))
        {
            var now = clock.GetUtcNow();
            if (fails is not null && now - first >= fails.Delay)
                throw new TransferException($"{Kind(transfer)} failed as ordered (--fault)");
            if (cut is not null && now - first >= cut.Delay)
                await databases.CutAsync(addon, TransferPrograms.ApplicationName, ct);
            if (transfer.ToType == TransferState.Store || now - measured < MeasureEvery)
                continue;
            measured = now;
            if (await databases.BytesAsync(addon, ct) > StorageOf(addon))
                throw new TransferException(
                    $"The database has outgrown the {Data.DataShapes.Size(StorageOf(addon))} of its plan");
        }
    }

    private long StorageOf(AddonState addon) =>
        trouble.Peek("storage", "limit")?.Bytes ?? Plan.Of(addon.Plan).StorageBytes;

    // In memory only, and never back: the state file is written with the next other change.
    private void Progress(TransferState transfer, long bytes) =>
        store.Read(_ => transfer.ProcessedBytes = Math.Max(transfer.ProcessedBytes, bytes));

    private void Finish(TransferState transfer, bool succeeded, string message)
    {
        log.Write(transfer.Id, message, succeeded && transfer.Warnings == 0 ? "info" : succeeded ? "warn" : "error");
        store.Change(_ =>
        {
            transfer.Succeeded = succeeded;
            transfer.FinishedAt = transfer.UpdatedAt = clock.GetUtcNow();
        });
    }

    // As in a simulated fault.
    private static string Kind(TransferState transfer) =>
        transfer.ToType == TransferState.Store ? "capture" : transfer.FromType == TransferState.PgDump
            ? "copy" : "restore";
}
