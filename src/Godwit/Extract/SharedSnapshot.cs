using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Extract;

#pragma warning disable CA2000 // A session that is opened here belongs to the snapshot, which disposes all of them.
/// <summary>Sessions at the source that share one snapshot.</summary>
internal sealed class SharedSnapshot : IAsyncDisposable
{
    // pg_dump's settings, so that the same rows give the same bytes (setup_connection in PostgreSQL's pg_dump.c).
    // Settings that change the order of rows or cost time per range are off (JIT, parallel workers). Text is not
    // converted, so conversion cannot fail. If the server supports restrict_nonsystem_relation_kind, no view can
    // replace a table while it is read. All names are quoted, because the target may reserve other words.
    private const string AsPgDump = """
        SET LOCAL search_path = ''; SET LOCAL DateStyle = ISO; SET LOCAL IntervalStyle = postgres;
        SET LOCAL extra_float_digits = 3;
        SET LOCAL synchronize_seqscans = off; SET LOCAL row_security = off; SET LOCAL jit = off;
        SET LOCAL max_parallel_workers_per_gather = 0;
        SET LOCAL enable_tidscan = on; SET LOCAL quote_all_identifiers = on;
        SELECT pg_catalog.set_config('client_encoding', pg_catalog.current_setting('server_encoding'), true);
        SELECT pg_catalog.set_config('restrict_nonsystem_relation_kind', 'view, foreign-table', true)
        WHERE pg_catalog.current_setting('restrict_nonsystem_relation_kind', true) IS NOT NULL
        """;

    // The wait for another session's exclusive lock, if there is another way to read the table.
    private const string LockWaitShort = "SET LOCAL lock_timeout = '2s'";

    // Left for the application and administrators.
    private const int ConnectionsSpared = 2;

    private readonly HeldSnapshot _moment;
    private readonly List<PostgresSession> _sessions;

    private SharedSnapshot(HeldSnapshot moment) => (_moment, _sessions) = (moment, [moment.First]);

    /// <summary>Valid while the first session lives.</summary>
    public string Id => _moment.Id;

    public string Encoding => _moment.Encoding;

    public IReadOnlyList<PostgresSession> Sessions => _sessions;

    /// <summary>The session that exported the snapshot.</summary>
    public PostgresSession First => _moment.First;

    /// <param name="held">Somebody else's snapshot; null: one of our own.</param>
    /// <exception cref="FaultException">Among others <c>extract.snapshot_not_shared</c>, although the source said
    /// before that its sessions may share a snapshot.</exception>
    public static async Task<SharedSnapshot> TakeAsync(PgDumpCall call, string? held, CancellationToken ct)
    {
        var moment = await HeldSnapshot.TakeAsync(call.Source, new(AsPgDump, IsBulk: true), held, call.Clock, ct);
        if (moment.Sharing.WhyNot is not { } why)
            return new(moment);
        await moment.DisposeAsync();
        throw new FaultException(ExtractFaults.SnapshotNotShared(call.Source, why));
    }

    /// <summary>How many sessions may join, so that the server keeps some connections for others.</summary>
    public async Task<int> FreeAsync(CancellationToken ct) =>
        (int)Math.Clamp(await ServerCatalog.FreeConnectionsAsync(First, ct) - ConnectionsSpared, 0, int.MaxValue);

    /// <summary>The session that holds the table locks. It reads only tables that other sessions cannot read. Null:
    /// pg_dump holds the locks.</summary>
    public PostgresSession? Holder { get; private set; }

    /// <summary>Locks tables in a separate session. False: the server has no room for the locks or no free connection,
    /// or another session waits for a table that pg_dump has locked.</summary>
    /// <param name="isLastChance">pg_dump has ended: a failure is thrown.</param>
    public async Task<bool> TryLockAsync(uint[] oids, bool isLastChance, CancellationToken ct)
    {
        // Not in a session that reads: the driver closes a session whose server ran out of memory, and with the first
        // session the snapshot would be lost.
        PostgresSession? holder = null;
        try
        {
            holder = await _moment.JoinAsync(ct);
            if (!isLastChance)
                await holder.ExecuteAsync(LockWaitShort, ct);
            await TableLocks.TakeAsync(holder, oids, ct);
            // From now on a session that cannot lock a table soon leaves it to the holder.
            await First.ExecuteAsync(LockWaitShort, ct);
            Holder = holder;
            return true;
        }
        catch (Exception e)
        {
            if (holder is not null)
                await holder.DisposeAsync();
            if (isLastChance || e is not FaultException fault || !IsFull(fault))
                throw;
            return false;
        }
    }

    /// <summary>False: the server has no free connection.</summary>
    public async Task<bool> TryJoinAsync(CancellationToken ct)
    {
        try
        {
            await JoinAsync(ct);
            return true;
        }
        catch (FaultException e) when (PostgresSession.IsAnswer(e, PostgresSession.TooManyConnections))
        {
            return false;
        }
    }

    public ValueTask DisposeAsync() => _moment.CloseAsync(_sessions.Skip(1).Append(Holder).OfType<PostgresSession>());

    private static bool IsFull(FaultException e) => PostgresSession.IsAnswer(e, PostgresSession.OutOfMemory)
        || PostgresSession.IsAnswer(e, PostgresSession.TooManyConnections)
        || PostgresSession.IsAnswer(e, PostgresSession.LockNotAvailable);

    private async Task JoinAsync(CancellationToken ct)
    {
        var session = await _moment.JoinAsync(ct);
        _sessions.Add(session);
        if (Holder is not null)
            await session.ExecuteAsync(LockWaitShort, ct);
    }
}
