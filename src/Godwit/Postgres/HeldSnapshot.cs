using Godwit.Faults;

namespace Godwit.Postgres;

/// <param name="Settings">Each session runs them first, after the time-outs are turned off. Must be <c>SET LOCAL</c>:
/// behind a pooler, a statement outside of the transaction may reach another server process. Empty: none.</param>
/// <param name="IsBulk">Opened by <see cref="PostgresSession.OpenForBulkAsync"/>; then the settings must set
/// <c>client_encoding</c>.</param>
public sealed record SnapshotSessions(string Settings, bool IsBulk);

/// <summary>A snapshot of a database that several read-only sessions can share, until the transaction ends that
/// exported it, ours or another program's. It locks nothing; the server only keeps old row versions.</summary>
public sealed class HeldSnapshot : IAsyncDisposable
{
    private const string Begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

    // Time-outs of the database or role must not end a session that reads or waits for hours. PostgresSession sets them
    // per session; behind a pooler only a transaction can. Not every server knows transaction_timeout.
    private const string Patient =
        "SELECT pg_catalog.set_config(name, '0', true) FROM (VALUES ('statement_timeout'), "
        + "('idle_in_transaction_session_timeout'), ('transaction_timeout')) one (name) "
        + "WHERE pg_catalog.current_setting(name, true) IS NOT NULL";

    // For closing the sessions: an unreachable server does not answer.
    private static readonly TimeSpan CloseMax = TimeSpan.FromSeconds(10);

    private readonly SnapshotSessions _sessions;

    private readonly string? _id;

    private HeldSnapshot(
        PostgresSession first, SnapshotSessions sessions, string? id, bool isOwn, SnapshotSharing sharing,
        string encoding, TimeProvider clock) =>
        (First, _sessions, _id, IsOwn, Sharing, Encoding, Clock) =
            (first, sessions, id, isOwn, sharing, encoding, clock);

    public TimeProvider Clock { get; }

    /// <summary>For <c>SET TRANSACTION SNAPSHOT</c> and <c>pg_dump --snapshot</c>, if <see cref="Sharing"/> allows
    /// it.</summary>
    public string Id => _id ?? throw new InvalidOperationException("The snapshot was not exported.");

    /// <summary>Whether other sessions may join. If not, nothing is exported and only <see cref="First"/> sees the
    /// snapshot. Decided when the snapshot is taken: a promotion does not change a snapshot taken in
    /// recovery.</summary>
    public SnapshotSharing Sharing { get; }

    /// <summary>The first session exported it. False: another program did and may end it.</summary>
    public bool IsOwn { get; }

    /// <summary>The database's encoding.</summary>
    public string Encoding { get; }

    /// <summary>Sees the snapshot too. If it exported the snapshot, that ends with its transaction.</summary>
    public PostgresSession First { get; }

    /// <summary>Only holds the snapshot; others join by its id.</summary>
    public static Task<HeldSnapshot> TakeAsync(PostgresAddress address, TimeProvider clock, CancellationToken ct) =>
        TakeAsync(address, new("", IsBulk: false), held: null, clock, ct);

    /// <param name="held">Id from <c>pg_export_snapshot()</c> of a session that is still open; null: take a new
    /// snapshot.</param>
    /// <exception cref="FaultException">The snapshot is gone (<see cref="IsGone"/>), or belongs to a standby that
    /// returns wrong rows for it (<c>postgres.snapshot_unsafe</c>).</exception>
    public static async Task<HeldSnapshot> TakeAsync(
        PostgresAddress address, SnapshotSessions sessions, string? held, TimeProvider clock, CancellationToken ct)
    {
#pragma warning disable CA2000 // The snapshot it becomes part of disposes it.
        var first = await OpenAsync(address, sessions, ct);
#pragma warning restore CA2000
        try
        {
            var sharing = await SnapshotSharing.FindAsync(first, ct);
            if (held is not null)
                sharing.RequireShared(address, held);
            await BeginAsync(first, sessions, held, ct);
            var encoding = await first.ScalarAsync<string>("SHOW server_encoding", ct);
            // Behind a pooler, another server may answer now.
            if (!sharing.IsInRecovery && await ServerCatalog.IsStandbyAsync(first, ct))
                sharing = SnapshotSharing.Of(isInRecovery: true, first.ServerVersion);
            var id = held ?? (sharing.MayShare
                ? await first.ScalarAsync<string>("SELECT pg_catalog.pg_export_snapshot()", ct) : null);
            return new(first, sessions, id, held is null, sharing, encoding!, clock);
        }
        catch
        {
            await first.DisposeAsync();
            throw;
        }
    }

    /// <summary>Opens one more session that sees the snapshot; the caller closes it. Calls may be concurrent.</summary>
    /// <exception cref="FaultException">The server has no connection left
    /// (<see cref="PostgresSession.TooManyConnections"/>), or the snapshot is gone (<see cref="IsGone"/>).</exception>
    public async Task<PostgresSession> JoinAsync(CancellationToken ct)
    {
        var id = Id;
        var session = await OpenAsync(First.Address, _sessions, ct);
        try
        {
            await BeginAsync(session, _sessions, id, ct);
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    /// <summary>The session that exported the snapshot has ended, so nobody can join any more.</summary>
    public static bool IsGone(FaultException e) => e.Fault.Code == "postgres.snapshot_gone";

    /// <summary>Also ends the sessions that joined.</summary>
    internal async ValueTask CloseAsync(IEnumerable<PostgresSession> joined) => await Task.WhenAny(
        Task.WhenAll(joined.Append(First).Select(session => session.DisposeAsync().AsTask())),
        Task.Delay(CloseMax, Clock)).ConfigureAwait(false);

    public ValueTask DisposeAsync() => CloseAsync([]);

#pragma warning disable CA2000 // Whoever asked for the session closes it.
    private static Task<PostgresSession> OpenAsync(
        PostgresAddress address, SnapshotSessions sessions, CancellationToken ct) =>
        sessions.IsBulk ? PostgresSession.OpenForBulkAsync(address, ct) : PostgresSession.OpenAsync(address, ct);
#pragma warning restore CA2000

    private static async Task BeginAsync(
        PostgresSession session, SnapshotSessions sessions, string? join, CancellationToken ct)
    {
        await session.ExecuteAsync(Begin, ct);
        if (join is not null)
            await JoinAsync(session, join, ct);
        await session.ExecuteAsync(sessions.Settings.Length > 0 ? $"{Patient}; {sessions.Settings}" : Patient, ct);
    }

    private static async Task JoinAsync(PostgresSession session, string id, CancellationToken ct)
    {
        try
        {
            await session.ExecuteAsync($"SET TRANSACTION SNAPSHOT '{id.Replace("'", "''", StringComparison.Ordinal)}'",
                ct);
        }
        catch (FaultException e) when (PostgresSession.StateOf(e) is not null && e.Fault.Kind != FaultKind.Transient)
        {
            throw new FaultException(PostgresFaults.SnapshotGone(session.Address, id, e.Fault.Why), e.InnerException);
        }
    }
}
