// Extract: one moment of a source, read by several workers at once.
//
// pg_dump knows every version's catalogs, and writes its table of contents before any data: that is taken from it, in a
// snapshot of ours,
// and pg_dump is stopped. What is read, where to, and how it is written there, others know: the Dump room makes an
// archive of it.
// `Cleaning/` takes what the target would refuse out of the table of contents.
using Godwit.Extract.Cleaning;
using Godwit.Faults;
using Godwit.PgArchive;
using Godwit.Postgres;

namespace Godwit.Extract;

#pragma warning disable CA2000 // Snapshot and pg_dump become parts of the moment, which disposes them.
/// <summary>One moment of a source: its definitions, its tables, which nobody can change meanwhile, and sessions that
/// all see it.</summary>
internal sealed class SourceMoment : IAsyncDisposable
{
    /// <summary>A pg_dump that still runs then is waiting for a reader, and will as long as there is none.</summary>
    private static readonly TimeSpan PgDumpEndMax = TimeSpan.FromMilliseconds(300);

    private readonly SharedSnapshot _snapshot;

    // A pg_dump that holds the locks, where no session of ours does.
    private readonly SchemaSource? _locks;

    private SourceMoment(SharedSnapshot snapshot, SchemaSource? locks, CleanedContents cleaned) =>
        (_snapshot, _locks, Cleaned) = (snapshot, locks, cleaned);

    /// <summary>The table of contents, cleaned where that was asked for.</summary>
    public ArchiveHead Head => Cleaned.Head;

    /// <summary>The same, and what it is without.</summary>
    public CleanedContents Cleaned { get; }

    /// <summary>As the server names it, for whoever else is to see the same.</summary>
    /// <summary>The database's own; all texts of <see cref="Head"/> and of the sessions are in it.</summary>
    public string Encoding => _snapshot.Encoding;

    /// <summary>Each for one worker.</summary>
    public IReadOnlyList<PostgresSession> Sessions => _snapshot.Sessions;

    public PostgresSession First => _snapshot.First;

    /// <summary>The session that has locked the tables, and can read one that others wait for; null where pg_dump holds
    /// the locks.</summary>
    public PostgresSession? Holder => _snapshot.Holder;

    /// <param name="compressLevel">What the head is to say of the data; null: what pg_dump finds best.</param>
    /// <param name="waits">Told for whom the definitions wait, where it takes long.</param>
    /// <exception cref="FaultException">The source cannot be reached, read, locked or understood.</exception>
    public static async Task<SourceMoment> OpenAsync(
        PgDumpCall call, ExtractOptions options, int? compressLevel, Action<LockWait> waits, CancellationToken ct)
    {
        var snapshot = await SharedSnapshot.TakeAsync(call, options.Snapshot, ct);
        SchemaSource? schema = null;
        try
        {
            schema = await SchemaSource.ReadAsync(call, snapshot, options, compressLevel, waits, ct);
            // An archive for nobody in particular is stock's, in stock's order.
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

    /// <summary>Opens what is missing to a session per worker; the one that holds the locks may be there beyond
    /// that.</summary>
    /// <returns>How many workers there can be: at least one, and fewer than wanted where the source has no connections
    /// to spare.</returns>
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

    /// <summary>After the last row: whoever held locks has held them to the end. Without them a table could have been
    /// emptied unnoticed.</summary>
    /// <exception cref="FaultException"><c>extract.locks_lost</c>.</exception>
    public async Task FinishAsync(CancellationToken ct)
    {
        try
        {
            foreach (var session in Sessions.Append(Holder).OfType<PostgresSession>())
                await session.ExecuteAsync("COMMIT", ct);
            // A pg_dump that nobody reads does not notice that its session was ended, so the server is asked: behind
            // the transaction, which has seen the list of sessions as it was.
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

    /// <summary>pg_dump holds its locks until ours are there; then it is stopped. Where the server has no room for
    /// both, it goes on holding its own: it waits for somebody to read its data.</summary>
    /// <returns>pg_dump, where it is needed on.</returns>
    private static async Task<SchemaSource?> LockAsync(
        SchemaSource schema, ArchiveHead head, SharedSnapshot snapshot, CancellationToken ct)
    {
        // All that is defined or has its data read.
        uint[] oids = [.. head.Entries.Where(entry => entry.Is("TABLE"u8) || entry.Is("TABLE DATA"u8))
            .Select(entry => entry.Oid).Distinct()];
        if (!await snapshot.TryLockAsync(oids, isLastChance: false, ct))
        {
            // One whose data fits into the pipe does not wait, and when it has ended there is room.
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
