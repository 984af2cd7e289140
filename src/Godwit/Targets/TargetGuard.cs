using Godwit.Faults;
using Godwit.Heroku;
using Godwit.Pipeline;
using Godwit.Postgres;

namespace Godwit.Targets;

/// <param name="Confirm">The app whose database may be emptied, if nobody uses it.</param>
/// <param name="EmptyLive">Add-on and fingerprint of contents that may be deleted although they are in use.</param>
public sealed record EmptyingConsent(string? Confirm, string? EmptyLive);

/// <summary>Keeps other runs from a target, and decides whether its contents may be deleted: before anything is
/// changed, and again right before the deletion. Remembers what was deleted, so that a failed run does not claim to
/// have restored it.</summary>
/// <remarks>Nobody can say who uses a database that is no app's: only this run's own contents are deleted
/// there.</remarks>
/// <param name="historyOf">By the add-on's name.</param>
/// <param name="held">In the target's database.</param>
/// <param name="stopsApp">The run stops the target's app.</param>
public sealed class TargetGuard(
    ITarget target, RunLock held, EmptyingConsent consent, Func<string, AddOnHistory> historyOf, IRunMemory memory,
    string runId, bool stopsApp)
{
    /// <summary>What the run may fill: the add-on's id, or the database.</summary>
    public static RunKey<string> ClaimKey { get; } = RunKey.Text("target.claimed");

    /// <summary>Fingerprint of what this run left in the target when it was undone. Later runs read it in the
    /// journal.</summary>
    public static RunKey<string> LeftKey { get; } = RunKey.Text("target.left");

    // Fingerprint of what this run deleted, or was about to.
    private static readonly RunKey<string> EmptiedKey = RunKey.Text("target.emptied");

    // Fingerprint of this run's contents once they were complete.
    private static readonly RunKey<string> FilledKey = RunKey.Text("target.filled");

    // The live data that was deleted: a clause.
    private static readonly RunKey<string> LostKey = RunKey.Text("target.lost");

    // Apps whose DATABASE_URL it was, separated by spaces.
    private static readonly RunKey<IReadOnlyList<string>> LostAppsKey = RunKey.Names("target.lost_apps");

    private const string Unknown = "unknown";

    // Prefix of a fingerprint taken when others may have written: those contents are no run's.
    private const string Unsure = "?";

    // For a lock, and for reading the contents.
    private const string Limits = "SET lock_timeout = '10s'; SET statement_timeout = '10min'";

    // The deletion began in this process.
    private bool _hasBegun;

    private string App => target.Heroku!.App;

    /// <summary>Apps that stay stopped after an undo, because their database was emptied.</summary>
    public IReadOnlyList<string> StoppedApps => !stopsApp || memory.Recall(LostKey) is null ? []
        : memory.Recall(LostAppsKey) ?? [];

    /// <param name="address">The target's. The lock's session may be lost.</param>
    /// <exception cref="FaultException"><c>load.target_locked</c>: another run works on it.</exception>
    public async Task HoldAsync(PostgresAddress address, CancellationToken ct)
    {
        if (await held.TakeAsync(address, ct) is { } who)
            throw new FaultException(TargetFaults.TargetLocked(address, who));
    }

    /// <returns>What may be deleted.</returns>
    /// <exception cref="FaultException"><c>load.not_empty</c> or <c>load.live</c>.</exception>
    public async Task<DatabaseState> RequireAsync(CancellationToken ct)
    {
        var found = await LookAsync(ct);
        return WhyNot(found, MayBeOwn) is { } fault ? throw new FaultException(fault) : found.State;
    }

    public async Task<bool> MayEmptyAsync(CancellationToken ct) => WhyNot(await LookAsync(ct), MayBeOwn) is null;

    /// <summary>Right before the deletion: the application may have written since the last look.</summary>
    /// <param name="isProvenOwn">All contents were compared with what the run brought.</param>
    /// <exception cref="FaultException"><c>load.not_empty</c> or <c>load.live</c>: nothing was deleted.</exception>
    public async Task BeginAsync(bool isProvenOwn, CancellationToken ct)
    {
        var found = await LookAsync(ct);
        var isOwn = MayBeOwn(found) && (isProvenOwn || IsSurelyOwn(found));
        if (WhyNot(found, _ => isOwn) is { } fault)
            throw new FaultException(fault);
        _hasBegun = true;
        memory.Remember(FilledKey, null);
        if (isOwn && memory.Recall(LeftKey) is null)
            return;
        if (found.Use is { IsLive: true } use && !isOwn)
        {
            memory.Remember(LostAppsKey, [.. use.Apps.Select(app => app.Name)]);
            memory.Remember(LostKey, found.State.InWords);
        }

        memory.Remember(EmptiedKey, found.State.Fingerprint);
        memory.Remember(LeftKey, null);
    }

    /// <summary>All contents are there: later changes are others'.</summary>
    public async Task FilledAsync(CancellationToken ct)
    {
        // Statistics arrive late: after a large copy they would change without any write.
        if (await TryReadAsync(ct) is { IsExact: true } now)
            memory.Remember(FilledKey, now.Fingerprint);
    }

    /// <summary>When the run is undone. Remembers the contents, so that a resume can tell them from others'
    /// writes.</summary>
    /// <returns>What became of the target; null: nothing to say.</returns>
    /// <exception cref="FaultException"><c>load.emptied</c>: live data was deleted and is not restored.</exception>
    public async Task<string?> EndAsync(CancellationToken ct)
    {
        var (before, lost) = (memory.Recall(EmptiedKey), memory.Recall(LostKey));
        if (before is null)
            return await EndWithoutTraceAsync(lost, ct);
        var now = await TryReadAsync(ct);
        var left = memory.Recall(LeftKey);
        if (left is null)
        {
            // Another process brought all of it: later changes are others'.
            left = (_hasBegun ? null : memory.Recall(FilledKey)) ?? Fingerprint(now);
            memory.Remember(LeftKey, left);
        }

        if (lost is null)
            return null;
        if (now?.Fingerprint == before)
        {
            Forget();
            return null;
        }

        if (now is { IsEmpty: false } && left != Unknown && left.TrimStart(Unsure[0]) != now.Fingerprint)
        {
            memory.Remember(LostKey, null);
            return $"{target.Title} holds what others have written since this run emptied it ({now.InWords}), "
                + "and keeps it";
        }

        var isStopped = StoppedApps.Contains(App);
        throw new FaultException(await EmptiedAsync(lost, now, isStopped, ct));
    }

    // While this run lives and its app is stopped, nobody else writes.
    private string Fingerprint(DatabaseState? now) => now is null ? Unknown
        : now.IsEmpty || (_hasBegun && stopsApp) ? now.Fingerprint : Unsure + now.Fingerprint;

    /// <summary>After a cut-over the applications write to the target: its contents are no longer a run's.</summary>
    public static void HandOver(IRunMemory memory)
    {
        memory.Remember(ClaimKey, null);
        HandOverContents(memory);
    }

    private static void HandOverContents(IRunMemory memory)
    {
        memory.Remember(EmptiedKey, null);
        memory.Remember(FilledKey, null);
        memory.Remember(LeftKey, null);
    }

    // Undone before anything was deleted, or after a cut-over. The latter is reported once: the app uses the new
    // contents and is started again.
    private async Task<string?> EndWithoutTraceAsync(string? lost, CancellationToken ct)
    {
        Forget();
        if (lost is null || memory.Recall(ClaimKey) is not null)
            return null;
        throw new FaultException(await EmptiedAsync(lost, await TryReadAsync(ct), isStopped: false, ct));
    }

    private void Forget()
    {
        HandOverContents(memory);
        memory.Remember(LostKey, null);
        memory.Remember(LostAppsKey, null);
    }

    private Fault? WhyNot(Found found, Func<Found, bool> isOwn)
    {
        if (found.State.IsEmpty || isOwn(found))
            return null;
        if (found.Use is not { } use)
            return TargetFaults.HoldsData(target.Title, found.State.Contents);
        var (addOn, contents) = (use.AddOn.Name, found.State.Contents);
        if (consent.Confirm != App)
            return TargetFaults.NotEmpty(App, addOn, use.InWords, contents, use.MoreOptions(App));
        var isOld = consent.EmptyLive is not null;
        return use.IsLive && consent.EmptyLive != use.EmptyLiveValue
            ? TargetFaults.Live(App, addOn, use.InWords, contents, isOld, use.EmptyLiveValue, use.HowToStop) : null;
    }

    // What this run brought, in part or whole, and nobody changed since. In an app's database that nobody uses, changes
    // are allowed.
    private bool MayBeOwn(Found found) => memory.Recall(ClaimKey) is not null
        && memory.Recall(EmptiedKey) is not null
        && (memory.Recall(LeftKey) is not { } left || left == found.State.Fingerprint
            || found.Use is { IsLive: false });

    // A killed run could not see what it left. Since then somebody may have started the app, whose rows in its
    // DATABASE_URL look like the run's own.
    private bool IsSurelyOwn(Found found) => _hasBegun || found.Use is not { IsLive: true }
        || (memory.Recall(LeftKey) ?? memory.Recall(FilledKey)) == found.State.Fingerprint;

    private async Task<Found> LookAsync(CancellationToken ct)
    {
        var state = await ReadAsync(ct);
        return new(state, state.IsEmpty || target.Heroku is null ? null : await UseAsync(state.Fingerprint, ct));
    }

    private async Task<DatabaseUse> UseAsync(string fingerprint, CancellationToken ct)
    {
        var heroku = target.Heroku!;
        var addOn = await heroku.RequireAddOnAsync(ct);
        return await DatabaseUse.FindAsync(heroku.Client, addOn, historyOf(addOn.Name), fingerprint, ct);
    }

    private async Task<DatabaseState> ReadAsync(CancellationToken ct)
    {
        await using var session = await PostgresSession.OpenAsync(await target.AddressAsync(ct), ct);
        await session.ExecuteAsync(Limits, ct);
        return await DatabaseState.ReadAsync(session, ct);
    }

    // Null: the target does not answer. Source and apps are restored anyway.
    private async Task<DatabaseState?> TryReadAsync(CancellationToken ct)
    {
        try
        {
            return await ReadAsync(ct);
        }
        catch (FaultException)
        {
            return null;
        }
    }

    // An app that the run did not stop works on an emptied database.
    private async Task<Fault> EmptiedAsync(string lost, DatabaseState? now, bool isStopped, CancellationToken ct)
    {
        var (name, stop) = ($"the database of {App}", "");
        try
        {
            var use = await UseAsync(now?.Fingerprint ?? Unknown, ct);
            (name, stop) = (use.AddOn.Name, isStopped || stopsApp ? "" : string.Join("; ", use.StopCommands));
        }
        catch (FaultException)
        {
            // Heroku does not answer: the app's name is used for the database.
        }

        return TargetFaults.Emptied(App, name, lost, now?.InWords, isStopped, stop, runId);
    }

    /// <param name="Use">Null: the database is empty, or no app's.</param>
    private sealed record Found(DatabaseState State, DatabaseUse? Use);
}
