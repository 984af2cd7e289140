using Godwit.Faults;
using Godwit.Pipeline;
using Godwit.Postgres;
using Godwit.Targets;

namespace Godwit.Copy;

/// <summary>Fills the target with the source's contents at the freeze. What is copied is valid for that freeze alone:
/// after a thaw the source may have changed. Within one freeze the step resumes where it died.</summary>
/// <param name="mayEmptyTarget">The owner allows the loss of the target's contents.</param>
/// <param name="epochKey">Key of the present freeze.</param>
/// <param name="listPath">The list of what was left out.</param>
internal sealed class CopyStep(
    ITarget target, TargetGuard guard, bool mayEmptyTarget, IFilling filling, IRunMemory memory,
    RunKey<string> epochKey, string listPath, TimeProvider clock) : IUndoableStep
{
    // The freeze in which this run began to write into the target.
    private static readonly RunKey<string> BegunKey = RunKey.Text("copy.begun");

    private static readonly RunKey<string> DoneKey = RunKey.Text("copy.done");

    // Attempts in a row in which no row arrived. With the pauses they take two minutes: a server that restarts is back
    // by then. If the source is not frozen, arrived rows may be of no use: then all attempts count.
    private static readonly Retry Again = new(8, TimeSpan.FromSeconds(2), TimeSpan.FromMinutes(1));

    private static readonly RunKey<string> MarkKey = RunKey.Text("copy.mark");

    // OID of a whole copy's newest relation: newer ones are not part of it.
    private static readonly RunKey<long?> NewestKey = RunKey.Number("copy.newest");
    private static readonly RunKey<string> ClaimKey = RunKey.Text("copy.claim");

    // A digest of the tables and their files. Tables with other files are not the copy, whatever their names: TRUNCATE
    // and re-creation change the file. REFRESH changes a materialized view's file, so views do not count.
    private const string Mark = """
        SELECT pg_catalog.md5(coalesce(pg_catalog.string_agg(pg_catalog.concat_ws(':', c.oid, c.relfilenode), ','
            ORDER BY c.oid), ''))
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p') AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
            AND n.nspname <> 'godwit_copy'
        """;

    private const string Newest = "SELECT coalesce(pg_catalog.max(oid::bigint), 0) FROM pg_catalog.pg_class";

    // In this process, in an empty target.
    private bool _hasBegun;

    public string Name => filling.StepName;

    public StepTraits Traits => StepTraits.Downtime;

    public string Intent => $"{filling.Intent} into {target.Title}: tables, rows, then indexes and constraints";

    public string UndoIntent => $"The copy is stopped; one that is unfinished is removed from {target.Title} again, "
        + "a whole one stays and is used by nobody";

    /// <summary>True if the target may hold an incomplete copy; the target itself shows whether it does.</summary>
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
        var watch = new CopyWatch(Name, progress, clock);
        return await (Again with
        {
            HasGotOn = () => filling.IsFixed && watch.Rows > 0,
            Failed = e => watch.Note("copy.goes_on", "The copy broke off, and goes on where it was",
                e is FaultException { Fault: var fault } ? $"{fault.What}: {fault.Why}" : e.Message, ""),
        }).RunAsync(token =>
        {
            watch = new CopyWatch(Name, progress, clock);
            return TryAsync(watch, progress, token);
        }, IsTransient, clock, ct);
    }

    public async Task<string?> UndoAsync(CancellationToken ct)
    {
        var removed = await TryRemoveAsync(ct);
        var state = await guard.EndAsync(ct);
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
            // Nobody uses it, and source and apps are restored all the same.
            return $"the unfinished copy in {target.Title} is still there, and used by nobody ({e.Fault.Why}); "
                + "godwit cleanup with the run's id removes it";
        }
    }

    /// <summary>An incomplete copy at the target.</summary>
    public async Task<IReadOnlyList<string>> FindLeftAsync(CancellationToken ct) =>
        memory.Recall(BegunKey) is not null && await target.FindAddressAsync(ct) is { } address
        && await HasLedgerAsync(address, ct)
            ? [$"{target.Title} holds an unfinished copy, with its ledger, the schema {CopyLedger.Schema}"] : [];

    private async Task<Evidence> TryAsync(CopyWatch watch, IProgress<StepEvent> progress, CancellationToken ct)
    {
        var address = await target.FindAddressAsync(ct)
            ?? throw new FaultException(CopyFaults.TargetGone(target.Title));
        await guard.HoldAsync(address, ct);
        memory.Remember(DoneKey, null);
        var begun = memory.Recall(BegunKey);
        if (begun is not null)
            await LeftSessions.EndAsync(address, clock, ct);
        if (begun is not null && begun == memory.Recall(epochKey) && await HasLedgerAsync(address, ct)
            && await TryResumeAsync(address, watch, progress, ct) is { } gone)
            return gone;
        var isFilled = await IsFilledAsync(address, ct);
        var isProvenOwn = isFilled && await RequireOwnAsync(address, begun is not null, ct);
        await guard.BeginAsync(isProvenOwn, ct);
        if (isFilled || begun is not null)
        {
            watch.Begun(target.Title, "emptying it");
            await EmptyAsync(ct);
        }

        memory.Remember(BegunKey, memory.Recall(epochKey));
        _hasBegun = true;
        return await FillAsync(address, resumes: false, watch, progress, ct);
    }

    // A whole copy stays for inspection. A database with a ledger is an incomplete copy, and ours.
    private async Task<string?> RemoveAsync(CancellationToken ct)
    {
        var said = default(string);
        if (await target.FindAddressAsync(ct) is { } address)
        {
            await guard.HoldAsync(address, ct);
            await LeftSessions.EndAsync(address, clock, ct);
            var hasLedger = await HasLedgerAsync(address, ct);
            if (hasLedger && await OthersRowsAsync(address, ct) is { Count: > 0 } others)
                return $"the unfinished copy in {target.Title} stays: others have written into {Phrase.List(others)}";
            if (hasLedger)
                await EmptyAsync(ct);
            said = hasLedger ? $"the unfinished copy is removed, and {target.Title} empty"
                : $"what was copied into {target.Title} is used by nobody";
        }

        memory.Remember(BegunKey, null);
        return said;
    }

    // Emptying a database at Heroku ends all its sessions, also that of the lock.
    private async Task EmptyAsync(CancellationToken ct)
    {
        await target.EmptyAsync(ct);
        await guard.HoldAsync(await target.AddressAsync(ct), ct);
    }

    // For a target that somebody else has filled.
    private string HowToGiveUp => target.Heroku is null ? "Take it elsewhere and empty the database"
        : $"If all of it may be lost: godwit resume --confirm {target.Name.Confirmation}. Otherwise take it elsewhere "
            + "and empty the database (heroku pg:reset)";

    // A snapshot that is gone does not come back.
    private static bool IsTransient(Exception e) =>
        e is FaultException { Fault: { Kind: FaultKind.Transient, Code: not "postgres.snapshot_gone" } };

    /// <summary>In a freeze all parts are of one moment. Otherwise the copy itself checks whether anything was written
    /// since.</summary>
    /// <returns>Null: the copy must begin anew.</returns>
    private async Task<Evidence?> TryResumeAsync(
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
        var claim = $"{target.Title} has {result.InWords(Name, resumes)}";
        memory.Remember(ClaimKey, claim);
        await guard.FilledAsync(ct);
        memory.Remember(DoneKey, memory.Recall(epochKey));
        return Proof(claim);
    }

    // Called for a whole copy before its ledger is removed: without mark or ledger nothing shows that it is ours.
    private async Task RememberAsync(PostgresSession session, CancellationToken ct)
    {
        memory.Remember(MarkKey, await session.ScalarAsync<string>(Mark, ct));
        memory.Remember(NewestKey, await session.ScalarAsync<long>(Newest, ct));
    }

    /// <summary>The run may remove what it copied itself, whole or in part, and what the owner allowed.</summary>
    /// <returns>True: every row was compared with the ledger.</returns>
    /// <exception cref="FaultException"><c>copy.target_filled</c>.</exception>
    private async Task<bool> RequireOwnAsync(PostgresAddress address, bool hasBegun, CancellationToken ct)
    {
        var hasLedger = hasBegun && await HasLedgerAsync(address, ct);
        var written = hasLedger ? await OthersRowsAsync(address, ct) : [];
        if (mayEmptyTarget || (hasLedger && written.Count == 0))
            return hasLedger && written.Count == 0;
        if (hasLedger)
            throw new FaultException(CopyFaults.TargetFilled(target.Title, HowToGiveUp,
                "rows in " + Phrase.List(written)));
        await using var session = await PostgresSession.OpenAsync(address, ct);
        var newest = memory.Recall(NewestKey);
        var others = await ServerCatalog.RelationsAsync(session, newest ?? 0, ct);
        if (others.Count > 0 || newest is null)
            throw new FaultException(CopyFaults.TargetFilled(target.Title, HowToGiveUp,
                others.Count > 0 ? Phrase.List(others) : "large objects"));
        return false;
    }

    // Only a run that was killed has to look: while this one lives, nobody else works on the target.
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
        + "and the ledger of the copy was closed"
        + (File.Exists(listPath) ? $"; the list of what was left out: {listPath}" : ""));
}
