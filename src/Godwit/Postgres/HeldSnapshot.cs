using Godwit.Faults;

namespace Godwit.Postgres;

/// <summary>What the sessions of a snapshot are for.</summary>
/// <param name="Settings">Statements that each session begins with, behind what makes it patient; <c>SET LOCAL</c>,
/// because behind a pooler the next statement outside of the transaction may go to another server process. Empty:
/// none.</param>
/// <param name="IsBulk">As <see cref="PostgresSession.OpenForBulkAsync"/> opens them: the settings have to say the
/// <c>client_encoding</c>.</param>
public sealed record SnapshotSessions(string Settings, bool IsBulk);

/// <summary>One moment of a database, and the way into it for sessions that only read. It lasts as long as the
/// transaction that exported it: that of our first session, or somebody else's. It locks nothing; the server only keeps
/// the row versions of then.</summary>
public sealed class HeldSnapshot : IAsyncDisposable
{
    private const string Begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

    /// <summary>Nothing of the database's or the role's own settings may end a session that reads or waits for hours.
    /// <see cref="PostgresSession"/> says the same for the session, but nothing behind a pooler, where a transaction
    /// can have it all the same. Not every server knows the last one.</summary>
    private const string Patient =
        "SELECT pg_catalog.set_config(name, '0', true) FROM pg_catalog.pg_settings "
        + "WHERE name IN ('statement_timeout', 'idle_in_transaction_session_timeout', 'transaction_timeout')";

    /// <summary>How long the sessions may take to close. A server that cannot be reached does not answer that they
    /// may.</summary>
    private static readonly TimeSpan CloseMax = TimeSpan.FromSeconds(10);

    private readonly SnapshotSessions _sessions;

    private readonly string? _id;

    private HeldSnapshot(
        PostgresSession first, SnapshotSessions sessions, string? id, bool isOwn, SnapshotSharing sharing,
        string encoding, TimeProvider clock) =>
        (First, _sessions, _id, IsOwn, Sharing, Encoding, Clock) =
            (first, sessions, id, isOwn, sharing, encoding, clock);

    public TimeProvider Clock { get; }

    /// <summary>For <c>SET TRANSACTION SNAPSHOT</c> and <c>pg_dump --snapshot</c>. Only where <see cref="Sharing"/>
    /// allows that.</summary>
    public string Id => _id ?? throw new InvalidOperationException("The snapshot was not exported.");

    /// <summary>Whether others may join. Decided once, when the snapshot is taken: a promotion changes nothing in a
    /// snapshot of recovery. Where they may not, <see cref="First"/> is the only session that sees the moment, and
    /// nothing is exported.</summary>
    public SnapshotSharing Sharing { get; }

    /// <summary>The first session exported it; else somebody else did, who may end it.</summary>
    public bool IsOwn { get; }

    /// <summary>In which the database keeps its texts.</summary>
    public string Encoding { get; }

    /// <summary>Sees the moment too. Where it is our own, it ends with this session's transaction.</summary>
    public PostgresSession First { get; }

    /// <summary>Only to be held: others join it by its name.</summary>
    /// <exception cref="FaultException">The database cannot be reached.</exception>
    public static Task<HeldSnapshot> TakeAsync(PostgresAddress address, TimeProvider clock, CancellationToken ct) =>
        TakeAsync(address, new("", IsBulk: false), held: null, clock, ct);

    /// <param name="held">Of a session that is still open, as <c>pg_export_snapshot()</c> names it; null: the database
    /// as it is now.</param>
    /// <exception cref="FaultException">The database cannot be reached; the snapshot is gone (<see cref="IsGone"/>); or
    /// it is one of a standby that returns wrong rows for it (<c>postgres.snapshot_unsafe</c>).</exception>
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
            // Behind a pooler the server that answers now may be another than the one that was asked before.
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

    /// <summary>One more session that sees the moment; whoever asked for it closes it. Several may be asked for at
    /// once.</summary>
    /// <exception cref="FaultException">The server has no connection left
    /// (<see cref="PostgresSession.TooManyConnections"/>), cannot be reached, or the snapshot is gone
    /// (<see cref="IsGone"/>).</exception>
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

    /// <summary>Whether a session could not join because whoever exported the snapshot has ended: the moment cannot be
    /// seen any more.</summary>
    public static bool IsGone(FaultException e) => e.Fault.Code == "postgres.snapshot_gone";

    /// <summary>Ends it, and with it sessions that joined it.</summary>
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
