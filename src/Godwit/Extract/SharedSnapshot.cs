using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Extract;

#pragma warning disable CA2000 // A session that is opened here belongs to the snapshot, which disposes all of them.
/// <summary>Sessions at the source that all see it at the same moment.</summary>
internal sealed class SharedSnapshot : IAsyncDisposable
{
    /// <summary>As pg_dump sets them, so that the same rows give the same bytes; and nothing that would change the
    /// order of rows or cost time per range (a compiled plan, parallel workers of the server's own). No text is
    /// converted on its way, so none can fail to be; and where the server knows how, no view gets into the place of a
    /// table while we read. Names that the source quotes for us are used at the target too, which may reserve other
    /// words: all of them are quoted.</summary>
    /// <remarks>setup_connection in PostgreSQL's <c>pg_dump.c</c>.</remarks>
    private const string AsPgDump = """
        SET LOCAL search_path = ''; SET LOCAL DateStyle = ISO; SET LOCAL IntervalStyle = postgres;
        SET LOCAL extra_float_digits = 3;
        SET LOCAL synchronize_seqscans = off; SET LOCAL row_security = off; SET LOCAL jit = off;
        SET LOCAL max_parallel_workers_per_gather = 0;
        SET LOCAL enable_tidscan = on; SET LOCAL quote_all_identifiers = on;
        SELECT pg_catalog.set_config('client_encoding', pg_catalog.current_setting('server_encoding'), true);
        SELECT pg_catalog.set_config(name, 'view, foreign-table', true) FROM pg_catalog.pg_settings
        WHERE name = 'restrict_nonsystem_relation_kind'
        """;

    /// <summary>How long somebody's exclusive lock is waited for where there is another way.</summary>
    private const string LockWaitShort = "SET LOCAL lock_timeout = '2s'";

    /// <summary>Left to the application and to whoever looks after the server while we dump.</summary>
    private const int ConnectionsSpared = 2;

    private readonly HeldSnapshot _moment;
    private readonly List<PostgresSession> _sessions;

    private SharedSnapshot(HeldSnapshot moment) => (_moment, _sessions) = (moment, [moment.First]);

    /// <summary>As long as the first session lives.</summary>
    public string Id => _moment.Id;

    public string Encoding => _moment.Encoding;

    public IReadOnlyList<PostgresSession> Sessions => _sessions;

    /// <summary>The one that exported the snapshot.</summary>
    public PostgresSession First => _moment.First;

    /// <param name="held">Somebody else's snapshot, to be joined; null: one of our own.</param>
    /// <exception cref="FaultException">Among others <c>extract.snapshot_not_shared</c>: whoever calls has asked the
    /// source before, and was told that its sessions may share a snapshot.</exception>
    public static async Task<SharedSnapshot> TakeAsync(PgDumpCall call, string? held, CancellationToken ct)
    {
        var moment = await HeldSnapshot.TakeAsync(call.Source, new(AsPgDump, IsBulk: true), held, call.Clock, ct);
        if (moment.Sharing.WhyNot is not { } why)
            return new(moment);
        await moment.DisposeAsync();
        throw new FaultException(ExtractFaults.SnapshotNotShared(call.Source, why));
    }

    /// <summary>How many sessions may join beside the first, so that the server keeps some for others.</summary>
    public async Task<int> FreeAsync(CancellationToken ct) =>
        (int)Math.Clamp(await ServerCatalog.FreeConnectionsAsync(First, ct) - ConnectionsSpared, 0, int.MaxValue);

    /// <summary>The one that holds the locks on the tables, and does nothing else unless a table can be read by nobody
    /// else; null where pg_dump holds them.</summary>
    public PostgresSession? Holder { get; private set; }

    /// <summary>Locks tables in a session of its own. False: the server has no room for so many locks or no connection
    /// for one more session, or somebody waits for one of the tables, whom pg_dump's lock keeps waiting.</summary>
    /// <param name="isLastChance">Then pg_dump has ended, and what is in the way is thrown.</param>
    public async Task<bool> TryLockAsync(uint[] oids, bool isLastChance, CancellationToken ct)
    {
        // Not in a session that reads: the driver closes one whose server ran out of memory, and the snapshot would be
        // gone with the first.
        PostgresSession? holder = null;
        try
        {
            holder = await _moment.JoinAsync(ct);
            if (!isLastChance)
                await holder.ExecuteAsync(LockWaitShort, ct);
            await TableLocks.TakeAsync(holder, oids, ct);
            // Who cannot get at a table leaves it to the one that has locked it.
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

    /// <summary>One more session in the snapshot. False: the server has no connection left for it.</summary>
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
