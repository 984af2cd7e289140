using System.Globalization;
using System.Text.RegularExpressions;
using Godwit.Faults;
using Godwit.Heroku;
using Godwit.Pipeline;
using Godwit.Targets;

namespace Godwit.Load;

/// <summary>Heroku's own restore from the link, watched to its end.</summary>
/// <param name="epochKey">Key of the freeze whose dump is restored.</param>
/// <param name="dumpBytes">Null: unknown.</param>
/// <param name="guard">Asked right before Heroku empties the target.</param>
public sealed partial class RestoreStep(
    HerokuTarget target, RestoreLink link, IRunMemory memory, RunKey<string> epochKey, Func<long?> dumpBytes,
    IReadOnlyList<string> accept, TargetGuard guard, TimeProvider clock)
    : IUndoableStep
{
    // A hundred gigabytes take hours; a restore that takes longer than this is stuck.
    private static readonly TimeSpan RestoreMax = TimeSpan.FromHours(24);

    // A cancelled restore ends with its next statement.
    private static readonly TimeSpan CancelMax = TimeSpan.FromMinutes(5);

    // A link can expire while Heroku queues the restore. Two expiries may be chance; a third is a fault.
    private const int AttemptsMax = 3;

    // Allows for other clocks, and for Heroku's times in whole seconds.
    private static readonly TimeSpan ClockSlack = TimeSpan.FromMinutes(1);

    private const int LogLinesMax = 8;
    private static readonly RunKey<string> TransferKey = RunKey.Text("restore.transfer");
    private static readonly RunKey<DateTimeOffset?> AskedKey = RunKey.Moment("restore.asked");
    private static readonly RunKey<string> OfKey = RunKey.Text("restore.of");

    public string Name => "restore";

    public StepTraits Traits => StepTraits.Downtime;

    public string Intent => $"Let Heroku restore the dump into {target.Name}, and read its log";

    public string UndoIntent =>
        "Cancel the restore if it still runs; the target keeps a partial copy, and what it held before is not restored";

    public async Task<Evidence?> FindEvidenceAsync(CancellationToken ct)
    {
        if (memory.Recall(TransferKey) is not { } uuid || memory.Recall(OfKey) is not { } of
            || of != memory.Recall(epochKey))
            return null;
        var addOn = await target.RequireAddOnAsync(ct);
        if (await target.Client.FindTransferAsync(addOn.App.Id, uuid, verbose: false, ct)
            is not { FinishedAt: not null })
            return null;
        var verdict = await new HerokuTransfers(target.Client)
            .WatchAsync(addOn.App.Id, uuid, CancelMax, progress: null, ct);
        return verdict.Succeeded && (Missing(verdict) == 0 || IsAccepted) ? Proof(verdict) : null;
    }

    public async Task<Evidence> RunAsync(IProgress<StepEvent> progress, CancellationToken ct)
    {
        var addOn = await target.RequireAddOnAsync(ct);
        for (var attempt = 1; ; attempt++)
        {
            var joined = await RunningOursAsync(addOn, ct);
            var uuid = joined ?? await StartAsync(addOn, ct);
            var verdict = await new HerokuTransfers(target.Client)
                .WatchAsync(addOn.App.Id, uuid, RestoreMax, new Bytes(Name, dumpBytes(), progress, clock), ct);
            if (verdict.Succeeded)
            {
                await guard.FilledAsync(ct);
                return Judge(verdict, progress);
            }

            // A joined restore has a dead process's link, and a folder's link dies with its process.
            var retries = joined is not null || link.IsExpired || verdict.Logs.Any(line => LinkRefused().IsMatch(line));
            if (attempt == AttemptsMax || !retries)
                throw new FaultException(LoadFaults.RestoreFailed(target.App, verdict.Transfer.Name,
                    Tail(verdict.Logs)));
            progress.Report(new StateChanged(Name, clock.GetUtcNow(), "link",
                joined is not null
                    ? "of before the interruption is dead: signed again"
                    : "expired or refused before the restore began: signed again"));
            memory.Remember(TransferKey, null);
            await link.SignAsync(ct);
        }
    }

    public async Task<string?> UndoAsync(CancellationToken ct)
    {
        var cancelled = await CancelAsync(ct);
        var target = await guard.EndAsync(ct);
        return cancelled is null || target is null ? cancelled ?? target : $"{cancelled}; {target}";
    }

    private async Task<string?> CancelAsync(CancellationToken ct)
    {
        if (memory.Recall(TransferKey) is null && memory.Recall(AskedKey) is null)
            return null;
        // The restore is gone with its database.
        if (await target.FindAddOnAsync(ct) is not { } addOn)
            return null;
        var uuid = memory.Recall(TransferKey) ?? (await RunningAsync(addOn, ct)).FirstOrDefault(IsAskedFor)?.Uuid;
        memory.Remember(OfKey, null);
        memory.Remember(AskedKey, null);
        if (uuid is null)
            return null;
        if (await target.Client.FindTransferAsync(addOn.App.Id, uuid, verbose: false, ct) is not { FinishedAt: null })
            return null;
        await target.Client.CancelTransferAsync(addOn.App.Id, uuid, ct);
        await new HerokuTransfers(target.Client).WatchAsync(addOn.App.Id, uuid, CancelMax, progress: null, ct);
        return $"the restore into {target.Name} was cancelled";
    }

    private bool IsAccepted => accept.Contains("load.restore_warnings");

    // A restore that this run requested and whose end it has not seen is joined, not started twice.
    private async Task<string?> RunningOursAsync(HerokuAddon addOn, CancellationToken ct)
    {
        var running = await RunningAsync(addOn, ct);
        if (memory.Recall(TransferKey) is { } known && memory.Recall(OfKey) == memory.Recall(epochKey)
            && running.Any(one => one.Uuid == known))
            return known;
        foreach (var other in running)
        {
            // If this run requested it, the process died before it read the answer, and the link died too.
            if (!IsAskedFor(other))
                throw new FaultException(LoadFaults.OtherRestore(target.App,
                    other.State + " since " + other.CreatedAt?.ToString("u", CultureInfo.InvariantCulture)));
            await target.Client.CancelTransferAsync(addOn.App.Id, other.Uuid, ct);
            await new HerokuTransfers(target.Client)
                .WatchAsync(addOn.App.Id, other.Uuid, CancelMax, progress: null, ct);
        }

        return null;
    }

    private async Task<IReadOnlyList<HerokuTransfer>> RunningAsync(HerokuAddon addOn, CancellationToken ct) =>
        [.. (await target.Client.ListTransfersAsync(addOn.App.Id, ct))
            .Where(one => one.FinishedAt is null && one.ToType == "pg_restore")];

    // Begun after this run requested a restore and read no answer. An older restore of somebody else must not be
    // cancelled.
    private bool IsAskedFor(HerokuTransfer transfer) =>
        transfer.IsRestore && memory.Recall(AskedKey) is { } asked
        && transfer.CreatedAt >= asked - ClockSlack;

    private async Task<string> StartAsync(HerokuAddon addOn, CancellationToken ct)
    {
        var signed = await link.CurrentAsync(ct);
        await guard.BeginAsync(isProvenOwn: false, ct);
        memory.Remember(AskedKey, clock.GetUtcNow());
        var transfer = await target.Client.RestoreAsync(addOn.Id, signed.Url, extensions: null, ct);
        memory.Remember(TransferKey, transfer.Uuid);
        memory.Remember(OfKey, memory.Recall(epochKey));
        memory.Remember(AskedKey, null);
        return transfer.Uuid;
    }

    private Evidence Judge(TransferVerdict verdict, IProgress<StepEvent> progress)
    {
        var comments = new RestoreLog(verdict.Logs).ExtensionComments;
        if (comments.Count > 0)
        {
            progress.Report(new Observed(Name, clock.GetUtcNow(), "load.extension_comments", Severity.Note,
                $"Heroku did not repeat the comments on {Phrase.Count(comments.Count, "extension")}",
                "only its administrator may, and they have had their own since they were created: "
                + $"{string.Join(", ", comments)}", ""));
        }

        if (Missing(verdict) == 0)
            return Proof(verdict);
        var fault = LoadFaults.RestoreWarned(target.App, verdict.Transfer.Name, Missing(verdict),
            Tail(verdict.Problems));
        if (!IsAccepted)
            throw new FaultException(fault);
        progress.Report(new Observed(Name, clock.GetUtcNow(),
            Finding.Warning(fault, "You accepted this with --accept.")));
        return Proof(verdict);
    }

    // Skipped statements that leave something missing.
    private static int Missing(TransferVerdict verdict) =>
        Math.Max(0, verdict.Warnings - new RestoreLog(verdict.Logs).ExtensionComments.Count);

    private Evidence Proof(TransferVerdict verdict) => new(
        $"Heroku restored the dump into {target.Name}",
        $"{verdict.Transfer.Name} finished and succeeded; {Phrase.Count(verdict.Warnings, "warning")}, "
        + $"{Missing(verdict)} of something missing; {Phrase.Count(verdict.Logs.Count, "log line")} read");

    private static string Tail(IReadOnlyList<string> lines) =>
        lines.Count == 0 ? "it left no log" : string.Join('\n', lines.TakeLast(LogLinesMax));

    // Signs of an expired link in a log, across stores: the status, or the service's own word.
    [GeneratedRegex(@"\b(403|Forbidden|AccessDenied|Request has expired|expired|SignatureDoesNotMatch)\b",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex LinkRefused();

    private sealed class Bytes(string step, long? total, IProgress<StepEvent> progress, TimeProvider clock)
        : IProgress<HerokuTransfer>
    {
        public void Report(HerokuTransfer value) =>
            progress.Report(new BytesMoved(step, clock.GetUtcNow(), value.ProcessedBytes ?? 0, total));
    }
}
