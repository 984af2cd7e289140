using Godwit.Faults;
using Godwit.Pipeline;
using Godwit.Postgres;

namespace Godwit.Copy;

/// <summary>The target of a run's copy.</summary>
/// <param name="Name">For messages.</param>
/// <param name="FindAddressAsync">Null: the target no longer exists.</param>
/// <param name="HoldAsync">Locks the target for this run; a fault if another command works on it.</param>
/// <param name="EmptyAsync">Removes everything in it. Its owner allowed that, or the run itself made it.</param>
public sealed record CopyTarget(
    string Name, Func<CancellationToken, Task<PostgresAddress?>> FindAddressAsync,
    Func<CancellationToken, Task> HoldAsync, Func<CancellationToken, Task> EmptyAsync)
{
    /// <summary>What the owner can do if others have filled the target: a sentence without its full stop.</summary>
    public required string HowToGiveUp { get; init; }

    /// <summary>The owner allowed the loss of all contents.</summary>
    public required bool IsGivenUp { get; init; }

    /// <summary>Called right before anything is deleted or written; a fault if that is not allowed.</summary>
    public required Func<CancellationToken, Task> BeginAsync { get; init; }

    /// <summary>Called when the copy is complete.</summary>
    public required Func<CancellationToken, Task> FilledAsync { get; init; }

    /// <summary>Called when the run is undone. Returns the target's state for the user, or null; a fault if its former
    /// contents are lost.</summary>
    public required Func<CancellationToken, Task<string?>> EndAsync { get; init; }
}

/// <summary>Fills the target with the source's contents at the freeze. The copy is valid only for that freeze: after a
/// thaw the source may have changed. Within one freeze an interrupted copy resumes.</summary>
/// <param name="epochKey">The key under which the present freeze is remembered.</param>
/// <param name="listPath">The file that lists what was left out.</param>
internal sealed class CopyStep(
    CopyTarget target, IFilling filling, IRunMemory memory, RunKey<string> epochKey, string listPath,
    TimeProvider clock)
    : IUndoableStep
{
    /// <summary>The freeze in which this run began to write into the target, which may hold a part of the
    /// copy.</summary>
    private static readonly RunKey<string> BegunKey = RunKey.Text("copy.begun");

    private static readonly RunKey<string> DoneKey = RunKey.Text("copy.done");

    /// <summary>The most failed attempts in a row without a new row. With their pauses they take two minutes, enough
    /// for a server to restart. If the source is not frozen, new rows may be useless, so every attempt
    /// counts.</summary>
    private const int AttemptsMax = 8;

    private static readonly TimeSpan PauseMin = TimeSpan.FromSeconds(1), PauseMax = TimeSpan.FromSeconds(30);

    private static readonly RunKey<string> MarkKey = RunKey.Text("copy.mark");

    /// <summary>OID of the newest relation after a whole copy: newer ones are not part of it.</summary>
    private static readonly RunKey<long?> NewestKey = RunKey.Number("copy.newest");
    private static readonly RunKey<string> ClaimKey = RunKey.Text("copy.claim");

    /// <summary>A digest of the tables and their files. Tables with other files are not the copy, whatever their names:
    /// TRUNCATE and re-creation change the file. REFRESH changes a materialized view's file, so views do not
    /// count.</summary>
    private const string Mark = """
        SELECT pg_catalog.md5(coalesce(pg_catalog.string_agg(pg_catalog.concat_ws(':', c.oid, c.relfilenode), ','
            ORDER BY c.oid), ''))
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p') AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
            AND n.nspname <> 'godwit_copy'
        """;

    private const string Newest = "SELECT coalesce(pg_catalog.max(oid::bigint), 0) FROM pg_catalog.pg_class";

    public string Name => filling.StepName;

    public StepTraits Traits => StepTraits.Downtime;

    public string Intent => $"{filling.Intent} into {target.Name}: tables, rows, then indexes and constraints";

    public string UndoIntent => $"The copy is stopped; one that is unfinished is removed from {target.Name} again, "
        + "a whole one stays and is used by nobody";

    /// <summary>True if the target may hold an incomplete copy; the target itself shows whether it does.</summary>
    /// <param name="remembered">The run's memory.</param>
    public static bool MayBeLeft(IReadOnlyDictionary<string, string> remembered) =>
        remembered.ContainsKey(BegunKey.Name) && !remembered.ContainsKey(DoneKey.Name);

    public async Task<Evidence?> FindEvidenceAsync(CancellationToken ct)
    {
        if (memory.Recall(DoneKey) is not { } done || done != memory.Recall(epochKey)
            || memory.Recall(ClaimKey) is not { } claim
            || await target.FindAddressAsync(ct) is not { } address)
            return null;
        await using var session = await PostgresSession.OpenAsync(address, ct);
        return await CopyLedger.FindAsync(session, ct) is null
            && await session.ScalarAsync<string>(Mark, ct) == memory.Recall(MarkKey)
            ? Proof(claim) : null;
    }

    /// <summary>A lost connection does not end a copy of hours: finished work stays, and the rest is copied over new
    /// connections.</summary>
    public async Task<Evidence> RunAsync(IProgress<StepEvent> progress, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            var watch = new CopyWatch(Name, progress, clock);
            try
            {
                return await TryAsync(watch, progress, ct);
            }
            catch (FaultException e) when (IsWorthAnother(e.Fault) && (attempt < AttemptsMax || HasGotOn(watch))
                && !ct.IsCancellationRequested)
            {
                attempt = HasGotOn(watch) ? 1 : attempt;
                watch.Note("copy.goes_on", "The copy broke off, and goes on where it was",
                    $"{e.Fault.What}: {e.Fault.Why}", "");
                await Task.Delay(PauseBehind(attempt), clock, ct);
            }
        }
    }

    public async Task<string?> UndoAsync(CancellationToken ct)
    {
        var removed = await TryRemoveAsync(ct);
        var state = await target.EndAsync(ct);
        return removed is null || state is null ? removed ?? state : $"{removed}; {state}";
    }

    private async Task<string?> TryRemoveAsync(CancellationToken ct)
    {
        memory.Remember(DoneKey, null);
        if (memory.Recall(BegunKey) is null)
            return null;
        try
        {
            var said = await RemoveAsync(ct);
            memory.Remember(BegunKey, null);
            return said;
        }
        catch (FaultException e)
        {
            // Nobody uses the copy, and source and apps are restored all the same.
            return $"the unfinished copy in {target.Name} is still there, and used by nobody ({e.Fault.Why}); "
                + "godwit cleanup with the run's id removes it";
        }
    }

    /// <summary>An incomplete copy at the target, as a clause. Changes nothing.</summary>
    public async Task<IReadOnlyList<string>> FindLeftAsync(CancellationToken ct) =>
        memory.Recall(BegunKey) is not null && await target.FindAddressAsync(ct) is { } address
        && await HasLedgerAsync(address, ct)
            ? [$"{target.Name} holds an unfinished copy, with its ledger, the schema {CopyLedger.Schema}"] : [];

    private async Task<Evidence> TryAsync(CopyWatch watch, IProgress<StepEvent> progress, CancellationToken ct)
    {
        var address = await target.FindAddressAsync(ct) ?? throw new FaultException(CopyFaults.TargetGone(target.Name));
        await target.HoldAsync(ct);
        memory.Remember(DoneKey, null);
        var begun = memory.Recall(BegunKey);
        if (begun is not null)
            await LeftSessions.EndAsync(address, clock, ct);
        if (begun is not null && begun == memory.Recall(epochKey) && await HasLedgerAsync(address, ct)
            && await TryGoOnAsync(address, watch, progress, ct) is { } gone)
            return gone;
        var isFilled = await IsFilledAsync(address, ct);
        if (isFilled)
            await RequireOwnAsync(address, begun is not null, ct);
        await target.BeginAsync(ct);
        if (isFilled || begun is not null)
        {
            watch.Begun(target.Name, "emptying it");
            await target.EmptyAsync(ct);
        }

        memory.Remember(BegunKey, memory.Recall(epochKey));
        return await FillAsync(address, resumes: false, watch, progress, ct);
    }

    /// <summary>A whole copy stays for inspection. A database with a ledger is an incomplete copy, and ours.</summary>
    private async Task<string?> RemoveAsync(CancellationToken ct)
    {
        if (await target.FindAddressAsync(ct) is not { } address)
            return null;
        await target.HoldAsync(ct);
        await LeftSessions.EndAsync(address, clock, ct);
        if (!await HasLedgerAsync(address, ct))
            return $"what was copied into {target.Name} is used by nobody";
        await target.EmptyAsync(ct);
        return $"the unfinished copy is removed, and {target.Name} empty";
    }

    private static TimeSpan PauseBehind(int attempt)
    {
        var upper = Math.Min(PauseMax.TotalSeconds, PauseMin.TotalSeconds * Math.Pow(2, attempt));
#pragma warning disable CA5394 // Jitter spreads callers in time; nobody gains from guessing it.
        return TimeSpan.FromSeconds(upper * (0.5 + (Random.Shared.NextDouble() / 2)));
#pragma warning restore CA5394
    }

    /// <summary>False for a lost snapshot of a source that still runs: it never comes back.</summary>
    private static bool IsWorthAnother(Fault fault) =>
        fault.Kind == FaultKind.Transient && fault.Code != "postgres.snapshot_gone";

    private bool HasGotOn(CopyWatch watch) => filling.IsFixed && watch.Rows > 0;

    /// <summary>In a freeze all parts are of one moment. Without a freeze the copy itself checks whether anything was
    /// written since.</summary>
    /// <returns>Null: the copy must begin anew.</returns>
    private async Task<Evidence?> TryGoOnAsync(
        PostgresAddress address, CopyWatch watch, IProgress<StepEvent> progress, CancellationToken ct)
    {
        try
        {
            return await FillAsync(address, resumes: true, watch, progress, ct);
        }
        catch (FaultException e) when (e.Fault.Code is "copy.source_changed" or "copy.definitions_changed")
        {
            watch.Note("copy.anew", "The copy begins anew", e.Fault.Why, "");
            return null;
        }
    }

    private async Task<Evidence> FillAsync(
        PostgresAddress address, bool resumes, CopyWatch watch, IProgress<StepEvent> progress, CancellationToken ct)
    {
        var result = await filling.FillAsync(address, resumes, watch, progress, RememberAsync, ct);
        var claim = $"{target.Name} has {result.InWords(Name, resumes)}";
        memory.Remember(ClaimKey, claim);
        await target.FilledAsync(ct);
        memory.Remember(DoneKey, memory.Recall(epochKey));
        return Proof(claim);
    }

    /// <summary>Called for a whole copy before its ledger is removed: without mark or ledger the copy could not be
    /// recognized as ours.</summary>
    private async Task RememberAsync(PostgresSession session, CancellationToken ct)
    {
        memory.Remember(MarkKey, await session.ScalarAsync<string>(Mark, ct));
        memory.Remember(NewestKey, await session.ScalarAsync<long>(Newest, ct));
    }

    /// <summary>The run may remove what it copied itself, whole or in part, and what the owner allowed.</summary>
    /// <exception cref="FaultException"><c>copy.target_filled</c>.</exception>
    private async Task RequireOwnAsync(PostgresAddress address, bool hasBegun, CancellationToken ct)
    {
        if (target.IsGivenUp || (hasBegun && await HasLedgerAsync(address, ct)))
            return;
        await using var session = await PostgresSession.OpenAsync(address, ct);
        var newest = memory.Recall(NewestKey);
        var others = await ServerCatalog.RelationsAsync(session, newest ?? 0, ct);
        if (others.Count > 0 || newest is null)
            throw new FaultException(CopyFaults.TargetFilled(target.Name, target.HowToGiveUp,
                others.Count > 0 ? Named.Some(others) : "large objects"));
    }

    private static async Task<bool> HasLedgerAsync(PostgresAddress address, CancellationToken ct)
    {
        await using var session = await PostgresSession.OpenAsync(address, ct);
        return await CopyLedger.FindAsync(session, ct) is not null;
    }

    private static async Task<bool> IsFilledAsync(PostgresAddress address, CancellationToken ct)
    {
        await using var session = await PostgresSession.OpenAsync(address, ct);
        return (await ServerCatalog.RelationsAsync(session, ct)).Count > 0
            || await ServerCatalog.LargeObjectsAsync(session, ct) > 0;
    }

    private Evidence Proof(string claim) => new(claim,
        "every part was counted in the transaction that brought it, "
        + $"and the ledger of the copy was closed{(File.Exists(listPath) ? $"; what it is without: {listPath}" : "")}");
}
