using Godwit.Faults;
using Godwit.Pipeline;
using Godwit.Postgres;

namespace Godwit.Copy;

/// <summary>Where a run copies to.</summary>
/// <param name="Name">For people.</param>
/// <param name="FindAddressAsync">Null: it is not there any more.</param>
/// <param name="HoldAsync">Nobody else works on it from here on; a fault where somebody does.</param>
/// <param name="EmptyAsync">Removes everything that is in it. Its owner has given it up, or the run itself has made
/// it.</param>
public sealed record CopyTarget(
    string Name, Func<CancellationToken, Task<PostgresAddress?>> FindAddressAsync,
    Func<CancellationToken, Task> HoldAsync, Func<CancellationToken, Task> EmptyAsync)
{
    /// <summary>What its owner can do where somebody else has filled it: a sentence without its full
    /// stop.</summary>
    public required string HowToGiveUp { get; init; }

    /// <summary>Whatever is in it may be lost: its owner has said so.</summary>
    public required bool IsGivenUp { get; init; }

    /// <summary>Asked right before anything of it is deleted or written, with whether all of it is known to be the
    /// run's own; a fault where that may not be.</summary>
    public required Func<bool, CancellationToken, Task> BeginAsync { get; init; }

    /// <summary>Told when all of the copy is there.</summary>
    public required Func<CancellationToken, Task> FilledAsync { get; init; }

    /// <summary>Told when the run is undone. Returns what became of the target, if there is something to say; a fault
    /// where what it held is lost.</summary>
    public required Func<CancellationToken, Task<string?>> EndAsync { get; init; }
}

/// <summary>Fills the target with what the source held when it was frozen. What is brought counts for that freeze
/// alone: after a thaw the source may have changed. Within one freeze it goes on where it died.</summary>
/// <param name="epochKey">Under which the freeze is remembered that holds now.</param>
/// <param name="listPath">Where what was left out is listed.</param>
internal sealed class CopyStep(
    CopyTarget target, IFilling filling, IRunMemory memory, RunKey<string> epochKey, string listPath,
    TimeProvider clock)
    : IUndoableStep
{
    /// <summary>In which freeze this run has begun to write into the target; something of it may be there.</summary>
    private static readonly RunKey<string> BegunKey = RunKey.Text("copy.begun");

    private static readonly RunKey<string> DoneKey = RunKey.Text("copy.done");

    /// <summary>So often in a row without a row that arrived; with the pauses between them, two minutes: a server that
    /// restarts is back by then. Where the source is not frozen, what had arrived may be of no use: so often in
    /// all.</summary>
    private const int AttemptsMax = 8;

    private static readonly TimeSpan PauseMin = TimeSpan.FromSeconds(1), PauseMax = TimeSpan.FromSeconds(30);

    private static readonly RunKey<string> MarkKey = RunKey.Text("copy.mark");

    /// <summary>The number of the newest relation that a whole copy has made: what is newer, somebody else
    /// has.</summary>
    private static readonly RunKey<long?> NewestKey = RunKey.Number("copy.newest");
    private static readonly RunKey<string> ClaimKey = RunKey.Text("copy.claim");

    /// <summary>Which tables are there, and in which files: others than those that were copied are not the copy,
    /// whatever they are called. Each is another after it was emptied or made anew; so is a materialized view whenever
    /// it is refreshed, which is no reason to copy anything again.</summary>
    private const string Mark = """
        SELECT pg_catalog.md5(coalesce(pg_catalog.string_agg(pg_catalog.concat_ws(':', c.oid, c.relfilenode), ','
            ORDER BY c.oid), ''))
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p') AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
            AND n.nspname <> 'godwit_copy'
        """;

    private const string Newest = "SELECT coalesce(pg_catalog.max(oid::bigint), 0) FROM pg_catalog.pg_class";

    /// <summary>In this process, in an empty target.</summary>
    private bool _hasBegun;

    public string Name => filling.StepName;

    public StepTraits Traits => StepTraits.Downtime;

    public string Intent => $"{filling.Intent} into {target.Name}: tables, rows, then indexes and constraints";

    public string UndoIntent => $"The copy is stopped; one that is unfinished is removed from {target.Name} again, "
        + "a whole one stays and is used by nobody";

    /// <summary>Whether something may be at the target that is no whole copy; the target itself tells.</summary>
    /// <param name="remembered">What the run remembers.</param>
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

    /// <summary>A connection that breaks ends no copy of hours: what is done stays, and the rest is copied over new
    /// ones.</summary>
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
        try
        {
            return memory.Recall(BegunKey) is null ? null : await RemoveAsync(ct);
        }
        catch (FaultException e)
        {
            // Nobody uses it, and source and apps are put back all the same.
            return $"the unfinished copy in {target.Name} is still there, and used by nobody ({e.Fault.Why}); "
                + "godwit cleanup with the run's id removes it";
        }
    }

    /// <summary>What is at the target of a copy that did not come to its end: a clause. Only looks.</summary>
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
        var isProvenOwn = isFilled && await RequireOwnAsync(address, begun is not null, ct);
        await target.BeginAsync(isProvenOwn, ct);
        if (isFilled || begun is not null)
        {
            watch.Begun(target.Name, "emptying it");
            await target.EmptyAsync(ct);
        }

        memory.Remember(BegunKey, memory.Recall(epochKey));
        _hasBegun = true;
        return await FillAsync(address, resumes: false, watch, progress, ct);
    }

    /// <summary>A whole copy stays, to be looked at; what has a ledger is none, and nobody's but ours.</summary>
    private async Task<string?> RemoveAsync(CancellationToken ct)
    {
        var said = default(string);
        if (await target.FindAddressAsync(ct) is { } address)
        {
            await target.HoldAsync(ct);
            await LeftSessions.EndAsync(address, clock, ct);
            var hasLedger = await HasLedgerAsync(address, ct);
            if (hasLedger && await OthersRowsAsync(address, ct) is { Count: > 0 } others)
                return $"the unfinished copy in {target.Name} stays: others have written into {Named.Some(others)}";
            if (hasLedger)
                await target.EmptyAsync(ct);
            said = hasLedger ? $"the unfinished copy is removed, and {target.Name} empty"
                : $"what was copied into {target.Name} is used by nobody";
        }

        memory.Remember(BegunKey, null);
        return said;
    }

    private static TimeSpan PauseBehind(int attempt)
    {
        var upper = Math.Min(PauseMax.TotalSeconds, PauseMin.TotalSeconds * Math.Pow(2, attempt));
#pragma warning disable CA5394 // Jitter spreads callers in time; nobody gains from guessing it.
        return TimeSpan.FromSeconds(upper * (0.5 + (Random.Shared.NextDouble() / 2)));
#pragma warning restore CA5394
    }

    /// <summary>A moment of the source that ended while it went on working does not come back.</summary>
    private static bool IsWorthAnother(Fault fault) =>
        fault.Kind == FaultKind.Transient && fault.Code != "postgres.snapshot_gone";

    private bool HasGotOn(CopyWatch watch) => filling.IsFixed && watch.Rows > 0;

    /// <summary>Whoever froze the source knows that all parts are of one moment. Where nobody did, the copy itself
    /// looks whether anything was written since.</summary>
    /// <returns>Null: it must begin anew.</returns>
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

    /// <summary>Of a whole copy, before its ledger goes: without one or the other nobody could tell that it is
    /// ours.</summary>
    private async Task RememberAsync(PostgresSession session, CancellationToken ct)
    {
        memory.Remember(MarkKey, await session.ScalarAsync<string>(Mark, ct));
        memory.Remember(NewestKey, await session.ScalarAsync<long>(Newest, ct));
    }

    /// <summary>What this run has copied, whole or in part, it may remove; and what its owner has given up.</summary>
    /// <returns>Every row of it was compared with the ledger.</returns>
    /// <exception cref="FaultException"><c>copy.target_filled</c>.</exception>
    private async Task<bool> RequireOwnAsync(PostgresAddress address, bool hasBegun, CancellationToken ct)
    {
        var hasLedger = hasBegun && await HasLedgerAsync(address, ct);
        var written = hasLedger ? await OthersRowsAsync(address, ct) : [];
        if (target.IsGivenUp || (hasLedger && written.Count == 0))
            return hasLedger && written.Count == 0;
        if (hasLedger)
            throw new FaultException(CopyFaults.TargetFilled(target.Name, target.HowToGiveUp,
                "rows in " + Named.Some(written)));
        await using var session = await PostgresSession.OpenAsync(address, ct);
        var newest = memory.Recall(NewestKey);
        var others = await ServerCatalog.RelationsAsync(session, newest ?? 0, ct);
        if (others.Count > 0 || newest is null)
            throw new FaultException(CopyFaults.TargetFilled(target.Name, target.HowToGiveUp,
                others.Count > 0 ? Named.Some(others) : "large objects"));
        return false;
    }

    /// <summary>Only a run that was killed has to look: while this one lives, nobody else works on the
    /// target.</summary>
    private async Task<IReadOnlyList<string>> OthersRowsAsync(PostgresAddress address, CancellationToken ct)
    {
        if (_hasBegun)
            return [];
        await using var session = await PostgresSession.OpenAsync(address, ct);
        return await CopyLedger.OthersRowsAsync(session, ct);
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
