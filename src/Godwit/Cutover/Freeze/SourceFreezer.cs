using Godwit.Faults;
using Godwit.Pipeline;
using Godwit.Postgres;

namespace Godwit.Cutover.Freeze;

/// <summary>Makes the source's sessions read-only, proves it, and restores the former settings exactly. ALTER DATABASE
/// … SET default_transaction_read_only affects only new sessions, so old ones are ended. A session can turn this
/// default off, so writes are watched too.</summary>
/// <param name="revokes">Also revokes CONNECT from all others.</param>
/// <param name="accepted">Fault codes.</param>
public sealed class SourceFreezer(
    PostgresAddress source, bool revokes, IReadOnlyList<string> accepted, IRunMemory memory, TimeProvider clock)
{
    private const string Setting = "default_transaction_read_only";
    private const string Unset = "unset";
    internal static RunKey<string> BeforeKey { get; } = RunKey.Text("freeze.source.before");
    private static readonly RunKey<string> RightsKey = RunKey.Text("freeze.source.rights");
    private static readonly RunKey<string> SinceKey = RunKey.Text("freeze.source.since");
    private static readonly RunKey<bool?> DoneKey = RunKey.Mark("freeze.source.done");
    private static readonly RunKey<string> MarkKey = RunKey.Text("freeze.source.mark");

    // A session that connected before the freeze may become visible after it. The second look finds it; the third finds
    // none.
    private const int LooksMax = 3;

    private readonly string _database = ServerCatalog.Quote(source.Database);

    public bool Revokes => revokes;

    /// <summary>Still frozen and not written since: a dump made in this freeze is complete.</summary>
    public async Task<bool> IsFrozenAsync(CancellationToken ct)
    {
        if (memory.Recall(DoneKey) is null)
            return false;
        await using var session = await PostgresSession.OpenAsync(source, ct);
        return await FindThawAsync(session, ct) is null;
    }

    /// <summary>Called right before the cut-over.</summary>
    /// <returns>The proof: a clause.</returns>
    /// <exception cref="FaultException"><c>cutover.thawed</c>, <c>cutover.written_since</c>.</exception>
    public async Task<string> RequireStillFrozenAsync(CancellationToken ct)
    {
        if (memory.Recall(DoneKey) is null)
            throw new FaultException(FreezeFaults.Thawed(source, "this run has not frozen it, or has put it back"));
        await using var session = await PostgresSession.OpenAsync(source, ct);
        if (await FindThawAsync(session, ct) is { } fault)
            throw new FaultException(fault);
        var mark = WriteMark.Read(memory.Recall(MarkKey)!);
        return (await new WriteWatch(session, clock).CompareAsync(mark, ct)).Evidence;
    }

    /// <summary>Looks for what would still write or could not be restored. Changes nothing.</summary>
    /// <returns>Accepted obstacles.</returns>
    public async Task<IReadOnlyList<Fault>> RequireFreezableAsync(CancellationToken ct)
    {
        await using var session = await PostgresSession.OpenAsync(source, ct);
        var accepted = new List<Fault>();
        await RequireNoPreparedAsync(session, accepted, ct);
        var subscriptions = await ReadOnlyGaps.SubscriptionsAsync(session, ct);
        if (subscriptions.Count > 0)
        {
            Accept(FreezeFaults.Subscriptions(
                source, FreezeObstacles.Some([.. subscriptions]),
                string.Join('\n', subscriptions.Select(name => $"ALTER SUBSCRIPTION {name} DISABLE;"))), accepted);
        }

        // With CONNECT revoked, only roles that can still connect count.
        if (revokes)
            await new ConnectRights(session).RehearseAsync(() => RequireNotOverriddenAsync(session, accepted, ct), ct);
        else
            await RequireNotOverriddenAsync(session, accepted, ct);
        return accepted;
    }

    public async Task<SourceFrozen> FreezeAsync(CancellationToken ct)
    {
        await using var session = await PostgresSession.OpenAsync(source, ct);
        var rights = new ConnectRights(session);
        // After a crash the setting may already be ours: the former one is remembered only once.
        var isFirst = memory.Recall(BeforeKey) is null;
        if (revokes && (isFirst || memory.Recall(RightsKey) is null))
            memory.Remember(RightsKey, await rights.NowAsync(ct));
        if (isFirst)
            memory.Remember(BeforeKey, await SetNowAsync(session, ct) ?? Unset);

        // Before the change: sessions of a pool that reconnects at once are read-only, and a thaw must end them.
        if (memory.Recall(SinceKey) is null)
            memory.Remember(SinceKey, await NowAsync(session, ct));
        await WriteTransaction.RunAsync(session, async () =>
        {
            await AlterAsync(session, "on", ct);
            if (memory.Recall(RightsKey) is not null)
                await rights.TakeAsync(ct);
        }, ct);
        var frozen = await EndAndProveAsync(session, ct);
        memory.Remember(MarkKey, frozen.Watched.Last.Write());
        // The source counts as frozen only from here: a crash before this line freezes again.
        memory.Remember(DoneKey, true);
        return frozen;
    }

    /// <summary>What <see cref="ThawAsync"/> would restore now: clauses.</summary>
    public async Task<IReadOnlyList<string>> FindLeftAsync(CancellationToken ct)
    {
        if (memory.Recall(BeforeKey) is not { } before)
            return [];
        await using var session = await PostgresSession.OpenAsync(source, ct);
        var left = new List<string>();
        if ((await SetNowAsync(session, ct) ?? Unset) != before)
            left.Add("the source is read-only");
        if (memory.Recall(RightsKey) is { } rights && await new ConnectRights(session).NowAsync(ct) != rights)
            left.Add("the right to connect to the source is taken from others");
        return left;
    }

    /// <returns>What was restored; null: nothing.</returns>
    public async Task<string?> ThawAsync(CancellationToken ct)
    {
        if (memory.Recall(BeforeKey) is not { } before)
            return null;
        await using var session = await PostgresSession.OpenAsync(source, ct);
        var said = await PutBackAsync(session, before == Unset ? null : before, ct);
        // Sessions opened during the freeze keep its default: an app's pool would stay read-only.
        said += await EndReadOnlySessionsAsync(session, ct);
        memory.Remember(DoneKey, null);
        memory.Remember(MarkKey, null);
        memory.Remember(SinceKey, null);
        memory.Remember(RightsKey, null);
        memory.Remember(BeforeKey, null);
        return said;
    }

    private async Task<SourceFrozen> EndAndProveAsync(PostgresSession session, CancellationToken ct)
    {
        var sessions = new SourceSessions(session, clock);
        var watch = new WriteWatch(session, clock);
        var accepted = new List<Fault>();
        var since = await NowAsync(session, ct);
        var ended = await sessions.AllAsync(ct);
        await sessions.EndAsync(ended, ct);
        var watched = await watch.WatchAsync(ct);
        for (var look = 1; look < LooksMax && await sessions.BeforeAsync(since, ct) is { Count: > 0 } late; look++)
        {
            await sessions.EndAsync(late, ct);
            ended = [.. ended, .. late];
            watched = await watch.WatchAsync(ct);
        }

        if (watched.Writers is { } writers)
            Accept(FreezeFaults.StillWritten(source, writers, watched.Movement), accepted);
        await RequireNoPreparedAsync(session, accepted, ct);
        await RequireNotOverriddenAsync(session, accepted, ct);
        await WriteProbe.RequireRefusedAsync(source, ct);
        return new(ended, revokes ? await FreezeObstacles.NotLockedOutAsync(session, ct) : [], watched, accepted);
    }

    private async Task<Fault?> FindThawAsync(PostgresSession session, CancellationToken ct)
    {
        if (await SetNowAsync(session, ct) != "on")
            return FreezeFaults.Thawed(source, $"{Setting} of the database is not on");
        if (memory.Recall(RightsKey) is not null && !await new ConnectRights(session).AreTakenAsync(ct))
            return FreezeFaults.Thawed(source, "somebody else may connect to it again");
        if (await FreezeObstacles.PreparedAsync(session, ct) is { Count: > 0 } prepared
            && !IsAccepted(FreezeFaults.Prepared))
            return Named(prepared);
        if (memory.Recall(MarkKey) is not { } mark)
            return FreezeFaults.Thawed(source,
                "it was frozen by an older Godwit, which did not remember how far it was written");
        var watched = await new WriteWatch(session, clock).CompareAsync(WriteMark.Read(mark), ct);
        return watched.Writers is { } writers && !IsAccepted(FreezeFaults.Written)
            ? FreezeFaults.WrittenSince(source, writers, watched.Movement) : null;
    }

    private async Task RequireNoPreparedAsync(PostgresSession session, List<Fault> accepted, CancellationToken ct)
    {
        var prepared = await FreezeObstacles.PreparedAsync(session, ct);
        if (prepared.Count > 0)
            Accept(Named(prepared), accepted);
    }

    private Fault Named(IReadOnlyList<(string Gid, string Named)> prepared) => FreezeFaults.PreparedTransactions(source,
        FreezeObstacles.Some([.. prepared.Select(one => one.Named)]),
        string.Join('\n', prepared.Select(one =>
            $"ROLLBACK PREPARED {Literal(one.Gid)}; -- or, to keep its rows: COMMIT PREPARED {Literal(one.Gid)};")));

    private async Task RequireNotOverriddenAsync(PostgresSession session, List<Fault> accepted, CancellationToken ct)
    {
        var roles = await ReadOnlyGaps.OverridingAsync(session, ct);
        if (roles.Count == 0)
            return;
        Accept(FreezeFaults.FreezeOverridden(source, FreezeObstacles.Some([.. roles.Select(role => role.Name)]),
            string.Join('\n', roles.Select(role => role.Close(source.Database))),
            string.Join(' ', roles.Select(role => role.Reopen(source.Database)))), accepted);
    }

    // Throws unless the fault is accepted.
    private void Accept(Fault fault, List<Fault> accepted)
    {
        if (!IsAccepted(fault.Code))
            throw new FaultException(fault);
        accepted.Add(fault);
    }

    // Also accepted if the matching code of assess is.
    private bool IsAccepted(string code) => accepted.Contains(code) || code switch
    {
        FreezeFaults.Prepared => accepted.Contains("assess.prepared_transactions"),
        FreezeFaults.Subscribed => accepted.Contains("assess.subscriptions_write"),
        FreezeFaults.Overridden => accepted.Contains("assess.freeze_overridden"),
        _ => false,
    };

    // Restores the setting and the rights. If the rights cannot be restored, only the setting.
    private async Task<string> PutBackAsync(PostgresSession session, string? before, CancellationToken ct)
    {
        var writable = before is null
            || before != "on" ? "the source is writable as before" : "the source is read-only as it was before";
        if (memory.Recall(RightsKey) is not { } remembered)
        {
            await WriteTransaction.RunAsync(session, () => AlterAsync(session, before, ct), ct);
            return writable;
        }

        var rights = new ConnectRights(session);
        var (known, gone) = await rights.KnownAsync(remembered, ct);
        try
        {
            await WriteTransaction.RunAsync(session, async () =>
            {
                await AlterAsync(session, before, ct);
                await rights.PutBackAsync(known, ct);
            }, ct);
        }
        catch (FaultException e) when (e.Fault.Code.StartsWith("cutover.grant", StringComparison.Ordinal)
            || e.Fault.Code == "cutover.cannot_freeze")
        {
            await WriteTransaction.RunAsync(session, () => AlterAsync(session, before, ct), ct);
            throw new FaultException(FreezeFaults.GrantsNotPutBack(
                source, writable, e.Fault.Why, await rights.StatementsAsync(known, ct)), e);
        }

        return $"{writable}, and whoever could connect to it can again"
            + (gone.Count > 0 ? $" (but roles of these grants do not exist any more: {string.Join(", ", gone)})" : "");
    }

    // The setting is restored by now. A session that we may not end (an administrator's) is reported and does not stop
    // the thaw.
    private async Task<string> EndReadOnlySessionsAsync(PostgresSession session, CancellationToken ct)
    {
        if (memory.Recall(SinceKey) is not { } since)
            return "";
        try
        {
            var sessions = new SourceSessions(session, clock);
            await sessions.EndAsync(await sessions.SinceAsync(since, ct), ct);
            return "";
        }
        catch (FaultException e) when (e.Fault.Code is "cutover.cannot_end_session" or "cutover.sessions_stay")
        {
            return $", but a session opened meanwhile stays read-only until it reconnects ({e.Fault.What}: "
                + $"{e.Fault.Why})";
        }
    }

    private static async Task<string> NowAsync(PostgresSession session, CancellationToken ct) =>
        await session.ScalarAsync<string>("SELECT pg_catalog.clock_timestamp()::text", ct) ?? "";

    private static async Task<string?> SetNowAsync(PostgresSession session, CancellationToken ct) =>
        (await ServerCatalog.DatabaseSettingsAsync(session, ct))
            .Where(one => one.Name == Setting).Select(one => one.Value).FirstOrDefault();

    private async Task AlterAsync(PostgresSession session, string? value, CancellationToken ct)
    {
        try
        {
            await session.ExecuteAsync(value is null ? $"ALTER DATABASE {_database} "
                + $"RESET {Setting}" : $"ALTER DATABASE {_database} SET {Setting} = {value}", ct);
        }
        catch (FaultException e) when (PostgresSession.IsRefused(e))
        {
            throw new FaultException(FreezeFaults.CannotFreeze(source, e.Fault.Why), e);
        }
    }

    private static string Literal(string text) => "'" + text.Replace("'", "''", StringComparison.Ordinal) + "'";
}
