// Extract: reads one moment of a source with several workers.
//
// pg_dump knows every version's catalogs, and writes its table of contents before any data. Extract takes the table of
// contents from a pg_dump that shares its snapshot, then stops that pg_dump. `Cleaning/` removes from it what the
// target would refuse. Extract does not know where the rows go or how they are written there.
using Godwit.Extract.Cleaning;
using Godwit.Faults;
using Godwit.PgArchive;
using Godwit.Postgres;

namespace Godwit.Extract;

#pragma warning disable CA2000 // Snapshot and pg_dump become parts of the moment, which disposes them.
/// <summary>One moment of a source: its definitions, its tables, locked against changes, and sessions that share its
/// snapshot.</summary>
internal sealed class SourceMoment : IAsyncDisposable
{
    // A pg_dump that still runs after this time waits for a reader, and keeps waiting.
    private static readonly TimeSpan PgDumpEndMax = TimeSpan.FromMilliseconds(300);

    private readonly SharedSnapshot _snapshot;

    // The pg_dump that holds the locks, if no session of ours does.
    private readonly SchemaSource? _locks;

    private SourceMoment(SharedSnapshot snapshot, SchemaSource? locks, CleanedContents cleaned) =>
        (_snapshot, _locks, Cleaned) = (snapshot, locks, cleaned);

    /// <summary>The table of contents, cleaned if requested.</summary>
    public ArchiveHead Head => Cleaned.Head;

    public CleanedContents Cleaned { get; }

    /// <summary>The database's own; all texts of <see cref="Head"/> and of the sessions are in it.</summary>
    public string Encoding => _snapshot.Encoding;

    /// <summary>One for each worker.</summary>
    public IReadOnlyList<PostgresSession> Sessions => _snapshot.Sessions;

    public PostgresSession First => _snapshot.First;

    /// <summary>The session that has locked the tables, and can read one that others wait for. Null: pg_dump holds the
    /// locks.</summary>
    public PostgresSession? Holder => _snapshot.Holder;

    /// <param name="compressLevel">The level that the header states; null: pg_dump's default.</param>
    /// <param name="waits">Receives pg_dump's long lock waits.</param>
    public static async Task<SourceMoment> OpenAsync(
        PgDumpCall call, ExtractOptions options, int? compressLevel, Action<LockWait> waits, CancellationToken ct)
    {
        var snapshot = await SharedSnapshot.TakeAsync(call, options.Snapshot, ct);
        SchemaSource? schema = null;
        try
        {
            schema = await SchemaSource.ReadAsync(call, snapshot, options, compressLevel, waits, ct);
            // Without a known target the archive keeps pg_dump's order.
            var cleaned = ArchiveCleaner.Clean(
                options.Cleaning is null ? schema.Head : ExtensionRowsFirst.Of(schema.Head), options.Cleaning);
            return new(snapshot, await LockAsync(schema, cleaned.Head, snapshot, ct), cleaned);
        }
        catch
        {
            if (schema is not null)
                await schema.DisposeAsync();
            await snapshot.DisposeAsync();
            throw;
        }
    }

    /// <summary>Opens sessions until there is one per worker, beside the one that holds the locks.</summary>
    /// <returns>At least one; fewer than wanted if the source has no free connections.</returns>
    public async Task<int> JoinAsync(int wanted, CancellationToken ct)
    {
        var opened = Math.Min(wanted, Sessions.Count + await _snapshot.FreeAsync(ct));
        while (Sessions.Count < opened)
        {
            if (!await _snapshot.TryJoinAsync(ct))
                break;
        }

        return Math.Min(wanted, Sessions.Count);
    }

    /// <summary>After the last row: checks that the locks were held to the end. Without them a table could have been
    /// emptied unnoticed.</summary>
    /// <exception cref="FaultException"><c>extract.locks_lost</c>.</exception>
    public async Task FinishAsync(CancellationToken ct)
    {
        try
        {
            foreach (var session in Sessions.Append(Holder).OfType<PostgresSession>())
                await session.ExecuteAsync("COMMIT", ct);
            // A pg_dump without a reader does not notice that its session was ended, so the server is asked: after
            // COMMIT, because a transaction sees an old list of sessions.
            if (_locks is not null && !await First.ScalarAsync<bool>(
                "SELECT EXISTS (SELECT FROM pg_catalog.pg_stat_activity WHERE application_name = $1)", ct,
                _locks.ApplicationName))
                throw new FaultException(ExtractFaults.LocksLost());
        }
        catch (FaultException e) when (e.InnerException is not null && !PostgresSession.IsRecoveryConflict(e))
        {
            throw new FaultException(ExtractFaults.LocksLost(), e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_locks is not null)
                await _locks.DisposeAsync();
        }
        finally
        {
            await _snapshot.DisposeAsync();
        }
    }

    /// <summary>Stops pg_dump when our own locks are held. If the server has no room for both, pg_dump keeps its locks
    /// while it waits for a reader.</summary>
    /// <returns>The pg_dump, if it holds the locks.</returns>
    private static async Task<SchemaSource?> LockAsync(
        SchemaSource schema, ArchiveHead head, SharedSnapshot snapshot, CancellationToken ct)
    {
        // All tables with a definition or data.
        uint[] oids = [.. head.Entries.Where(entry => entry.Is("TABLE"u8) || entry.Is("TABLE DATA"u8))
            .Select(entry => entry.Oid).Distinct()];
        if (!await snapshot.TryLockAsync(oids, isLastChance: false, ct))
        {
            // A pg_dump whose data fits into the pipe does not wait, and when it has ended there is room.
            if (!await schema.EndsWithinAsync(PgDumpEndMax, ct))
                return schema;
            await LockAloneAsync(snapshot, oids, ct);
        }

        await schema.DisposeAsync();
        return null;
    }

    private static async Task LockAloneAsync(SharedSnapshot snapshot, uint[] oids, CancellationToken ct)
    {
        try
        {
            await snapshot.TryLockAsync(oids, isLastChance: true, ct);
        }
        catch (FaultException e) when (PostgresSession.IsAnswer(e, PostgresSession.OutOfMemory))
        {
            throw new FaultException(ExtractFaults.LocksExhausted(oids.Length), e);
        }
        catch (FaultException e) when (PostgresSession.IsAnswer(e, PostgresSession.LockNotAvailable))
        {
            throw new FaultException(ExtractFaults.TablesLocked(snapshot.First.Address), e);
        }
    }
}
