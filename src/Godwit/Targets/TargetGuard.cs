using Godwit.Faults;
using Godwit.Heroku;
using Godwit.Pipeline;
using Godwit.Postgres;

namespace Godwit.Targets;

/// <summary>What its owner has said about emptying a target.</summary>
/// <param name="Confirm">The app whose database may be emptied, if nobody uses it.</param>
/// <param name="EmptyLive">Add-on and fingerprint of the contents that may be deleted although somebody uses
/// them.</param>
public sealed record EmptyingConsent(string? Confirm, string? EmptyLive);

/// <summary>Keeps other runs from a target, and decides whether its contents may be deleted: once before anything is
/// changed, and once right before they are deleted. Remembers what was deleted, so that a failed run does not claim to
/// have put it back.</summary>
/// <remarks>Of a database that is no app's nobody can say who uses it: only what this run has brought is ever
/// deleted there.</remarks>
/// <param name="historyOf">By the add-on's name.</param>
/// <param name="held">In the target's database.</param>
/// <param name="stopsApp">The run stops the target's app.</param>
public sealed class TargetGuard(
    ITarget target, RunLock held, EmptyingConsent consent, Func<string, AddOnHistory> historyOf, IRunMemory memory,
    string runId, bool stopsApp)
{
    /// <summary>What the run has found and may fill: the add-on's id, or the database.</summary>
    public static RunKey<string> ClaimKey { get; } = RunKey.Text("target.claimed");

    /// <summary>Fingerprint of what this run left in the target when it was undone. Later runs read it in the
    /// journal.</summary>
    public static RunKey<string> LeftKey { get; } = RunKey.Text("target.left");

    /// <summary>Fingerprint of the contents before this run deleted them, or was about to.</summary>
    private static readonly RunKey<string> EmptiedKey = RunKey.Text("target.emptied");

    /// <summary>Fingerprint of what this run has brought, once all of it was there.</summary>
    private static readonly RunKey<string> FilledKey = RunKey.Text("target.filled");

    /// <summary>What live data this run deleted: a clause.</summary>
    private static readonly RunKey<string> LostKey = RunKey.Text("target.lost");

    /// <summary>Apps whose DATABASE_URL it was, with spaces between them.</summary>
    private static readonly RunKey<IReadOnlyList<string>> LostAppsKey = RunKey.Names("target.lost_apps");

    private const string Unknown = "unknown";

    /// <summary>Begins what was left where others may have written before anybody looked: nobody's own
    /// contents.</summary>
    private const string Unsure = "?";

    /// <summary>Reading the contents waits this long for somebody's lock, and takes no longer than that.</summary>
    private const string Limits = "SET lock_timeout = '10s'; SET statement_timeout = '10min'";

    /// <summary>In this process.</summary>
    private bool _hasBegun;

    /// <summary>Asked where live data of an app is concerned.</summary>
    private string App => target.Heroku!.App;

    /// <summary>Apps that stay out of service when the run is undone, because their database was emptied.</summary>
    public IReadOnlyList<string> StoppedApps => !stopsApp || memory.Recall(LostKey) is null ? []
        : memory.Recall(LostAppsKey) ?? [];

    /// <param name="address">Of the target, which may have lost the session of the lock since.</param>
    /// <exception cref="FaultException"><c>load.target_locked</c>: another run works on it.</exception>
    public async Task HoldAsync(PostgresAddress address, CancellationToken ct)
    {
        if (await held.TakeAsync(address, ct) is { } who)
            throw new FaultException(TargetFaults.TargetLocked(address, who));
    }

    /// <returns>What the target holds, which may be deleted.</returns>
    /// <exception cref="FaultException"><c>load.not_empty</c> or <c>load.live</c>.</exception>
    public async Task<DatabaseState> RequireAsync(CancellationToken ct)
    {
        var found = await LookAsync(ct);
        return WhyNot(found, MayBeOwn) is { } fault ? throw new FaultException(fault) : found.State;
    }

    public async Task<bool> MayEmptyAsync(CancellationToken ct) => WhyNot(await LookAsync(ct), MayBeOwn) is null;

    /// <summary>Right before the contents are deleted: the application may have written since they were looked
    /// at.</summary>
    /// <param name="isProvenOwn">All of the contents was compared with what the run has brought.</param>
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

    /// <summary>All of the contents is there: who changes them from here on is somebody else.</summary>
    public async Task FilledAsync(CancellationToken ct)
    {
        // Statistics arrive late: behind a large copy they would change without anybody's writing.
        if (await TryReadAsync(ct) is { IsExact: true } now)
            memory.Remember(FilledKey, now.Fingerprint);
    }

    /// <summary>When the run is undone. Remembers what is in the target, so that a resume can tell it from what others
    /// write.</summary>
    /// <returns>What became of the target, if there is something to say.</returns>
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
            // What has changed since another process brought all of it is somebody else's.
            left = (_hasBegun ? null : memory.Recall(FilledKey)) ?? Told(now);
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

    /// <summary>While this run lives and its app is stopped, nobody else has written.</summary>
    private string Told(DatabaseState? now) => now is null ? Unknown
        : now.IsEmpty || (_hasBegun && stopsApp) ? now.Fingerprint : Unsure + now.Fingerprint;

    /// <summary>Behind a cut-over the applications write into the target: from here on its contents are no run's
    /// own.</summary>
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

    /// <summary>Undone before anything was deleted; or behind a cut-over, which is told once: the app works on the new
    /// contents and is started again.</summary>
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
        return use.IsLive && consent.EmptyLive != use.Word
            ? TargetFaults.Live(App, addOn, use.InWords, contents, isOld, use.Word, use.HowToStop) : null;
    }

    /// <summary>What this run has brought itself, in part or whole, and nobody has changed since. In an app's database
    /// that nobody uses, it may be changed.</summary>
    private bool MayBeOwn(Found found) => memory.Recall(ClaimKey) is not null
        && memory.Recall(EmptiedKey) is not null
        && (memory.Recall(LeftKey) is not { } left || left == found.State.Fingerprint
            || found.Use is { IsLive: false });

    /// <summary>A run that was killed could not look what it left. Since then somebody may have started the app, and in
    /// its DATABASE_URL the app's rows look like the run's own.</summary>
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

    /// <summary>Null: the target does not answer. Source and apps are put back all the same.</summary>
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

    /// <summary>Where the run did not stop the app, it goes on with an emptied database.</summary>
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
            // Heroku does not answer: the database is called by its app.
        }

        return TargetFaults.Emptied(App, name, lost, now?.InWords, isStopped, stop, runId);
    }

    /// <param name="Use">Null: the database is empty, so it does not matter; or it is no app's.</param>
    private sealed record Found(DatabaseState State, DatabaseUse? Use);
}
