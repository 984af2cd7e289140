using System.Buffers;
using Godwit.Dump.Cleaning;
using Godwit.Faults;
using Godwit.PgArchive;
using Godwit.Postgres;
using Godwit.Storage;

namespace Godwit.Dump.Parallel;

#pragma warning disable CA2000 // Snapshot and workers live as long as the archive is read; its body disposes them.
/// <summary>The archive of pg_dump, made by several workers.</summary>
public sealed class GodwitEngine(PgDumpCall call, DumpOptions options) : IDumpEngine
{
    /// <summary>The fastest whose archives are not larger than pg_dump's own, which uses zlib at level 6: .NET compresses with zlib-ng, whose levels are
    /// others. In bench/dump level 4 is 0.4 % above, level 5 is 1 % below.</summary>
    private const int LevelDefault = 5;

    /// <summary>The head is in memory once more when it is written; this is that of a hundred thousand tables.</summary>
    private const int HeadBytesMax = 256 << 20;

    /// <summary>A pg_dump that still runs then is waiting for a reader, and will as long as there is none.</summary>
    private static readonly TimeSpan PgDumpEndMax = TimeSpan.FromMilliseconds(300);

    public string Name => $"Godwit, {options.Jobs} {(options.Jobs == 1 ? "job" : "jobs")}, with {call.Name}";

    public async Task<DumpedArchive> OpenAsync(IDumpWatch watch, bool headMayBeLate, CancellationToken ct)
    {
        var snapshot = await SharedSnapshot.TakeAsync(call.Source, options.Snapshot, ct);
        SchemaSource? schema = null;
        try
        {
            schema = await SchemaSource.ReadAsync(call, snapshot, options, ct);
            var level = options.CompressLevel ?? LevelDefault;
            var cleaned = options.Cleaning is { } rules ? ArchiveCleaner.Clean(schema.Head, rules) : null;
            var head = Telling(cleaned?.Head ?? schema.Head, level);
            var locks = await LockAsync(schema, head, snapshot, ct);
            var plan = await DumpPlan.MakeAsync(head, snapshot.First, ct);
            watch.Planned(plan.SourceBytes);
            var workers = await JoinAsync(snapshot, Math.Clamp(plan.Count, 1, options.Jobs), watch, ct);
            return Start(head, plan, new DumpCrew(snapshot, new ChunkWindow(plan.Chunks()), locks, ct), workers, level, headMayBeLate, watch) with
            {
                Cleaned = cleaned,
                SourceBytes = plan.SourceBytes,
            };
        }
        catch
        {
            if (schema is not null)
                await schema.DisposeAsync();
            await snapshot.DisposeAsync();
            throw;
        }
    }

    /// <summary>pg_dump holds its locks until ours are there; then it is stopped. Where the server has no room for both, it goes on holding
    /// its own: it waits for somebody to read its data.</summary>
    /// <returns>pg_dump, where it is needed on.</returns>
    private static async Task<SchemaSource?> LockAsync(SchemaSource schema, ArchiveHead head, SharedSnapshot snapshot, CancellationToken ct)
    {
        var oids = DumpPlan.Lockable(head);
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
            throw new FaultException(DumpFaults.LocksExhausted(oids.Length), e);
        }
        catch (FaultException e) when (PostgresSession.IsAnswer(e, PostgresSession.LockNotAvailable))
        {
            throw new FaultException(DumpFaults.TablesLocked(snapshot.First.Address), e);
        }
    }

    private static DumpedArchive Start(ArchiveHead head, DumpPlan plan, DumpCrew crew, int workers, int level, bool headMayBeLate, IDumpWatch watch)
    {
        var totals = new DumpTotals { Tables = plan.Tables, LargeObjects = plan.LargeObjects };
        var length = ArchiveWriter.HeadBytes(head);
        // A head that large is not held back; pg_restore finds its way without offsets too.
        var isLate = headMayBeLate && length <= HeadBytesMax;
        var body = new ArchiveBody(crew.Window, level > 0, length, isLate ? default : HeadToBytes(head), crew.FinishAsync, crew.DisposeAsync);
        crew.Start(workers, level, watch, totals);
        return new(body, isLate ? new LateHead((int)length, () => HeadToBytes(head.WithOffsets(body.Offsets))) : null, totals);
    }

    /// <summary>Opens what is missing to a session per worker; the one that holds the locks may be there beyond that.</summary>
    /// <returns>How many workers there can be.</returns>
    private static async Task<int> JoinAsync(SharedSnapshot snapshot, int wanted, IDumpWatch watch, CancellationToken ct)
    {
        var opened = Math.Min(wanted, snapshot.Sessions.Count + await snapshot.FreeAsync(ct));
        while (snapshot.Sessions.Count < opened)
        {
            if (!await snapshot.TryJoinAsync(ct))
                break;
        }

        var workers = Math.Min(wanted, snapshot.Sessions.Count);
        if (workers < wanted)
            watch.FewerJobs(wanted, workers);
        return workers;
    }

    /// <summary>A pg_dump that was built without zlib, or is called through a wrapper with options of its own, writes into the header what it
    /// would have done, which is not what we do.</summary>
    private static ArchiveHead Telling(ArchiveHead head, int level)
    {
        var compression = level > 0 ? ArchiveCompression.Gzip : ArchiveCompression.None;
        return head.Header.Compression == compression ? head
            : head with { Header = head.Header with { Compression = compression, CompressionLevel = level } };
    }

    private static ReadOnlyMemory<byte> HeadToBytes(ArchiveHead head)
    {
        var bytes = new ArrayBufferWriter<byte>((int)ArchiveWriter.HeadBytes(head));
        ArchiveWriter.WriteHead(head, bytes);
        return bytes.WrittenMemory;
    }
}
