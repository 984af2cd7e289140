// Dump.Parallel: makes pg_dump's archive with several workers. Bytes may lie in other places, but pg_restore restores
// the same. It does not know where the archive goes.
using System.Buffers;
using Godwit.Extract;
using Godwit.Faults;
using Godwit.PgArchive;
using Godwit.Storage;

namespace Godwit.Dump.Parallel;

#pragma warning disable CA2000 // Moment and workers live while the archive is read: its body disposes them.
public sealed class GodwitEngine(PgDumpCall call, DumpOptions options) : IDumpEngine
{
    // A copy of the head is in memory when it is written; this limit allows a hundred thousand tables.
    private const int HeadBytesMax = 256 << 20;

    public string Name => $"Godwit, {options.Jobs} {(options.Jobs == 1 ? "job" : "jobs")}, with {call.Name}";

    public IReadOnlyList<Finding> Notes { get; init; } = [];

    public async Task<DumpedArchive> OpenAsync(IDumpWatch watch, bool headMayBeLate, CancellationToken ct)
    {
        var compression = options.Compression.Data;
        // The head alone is asked for; it says gzip, and the level that an older format states.
        var level = compression.Algorithm == ArchiveCompression.Gzip ? options.Compression.Level : null;
        var moment = await SourceMoment.OpenAsync(call, options, level, watch.Waits, ct);
        try
        {
            var head = Telling(moment.Head, compression);
            var plan = await DumpPlan.MakeAsync(head, moment.First, ct);
            watch.Planned(plan.SourceBytes);
            var wanted = Math.Clamp(plan.Count, 1, options.Jobs);
            var workers = await moment.JoinAsync(wanted, ct);
            if (workers < wanted)
                watch.FewerJobs(wanted, workers);
            return Start(head, plan, new DumpCrew(moment, new ChunkWindow(plan.Chunks()), call.Clock, ct), workers,
                compression, headMayBeLate, watch) with
            {
                Cleaned = moment.Cleaned,
                SourceBytes = plan.SourceBytes,
            };
        }
        catch
        {
            await moment.DisposeAsync();
            throw;
        }
    }

    private static DumpedArchive Start(
        ArchiveHead head, DumpPlan plan, DumpCrew crew, int workers, DataCompression compression, bool headMayBeLate,
        IDumpWatch watch)
    {
        var totals = new DumpTotals { Tables = plan.Tables, LargeObjects = plan.LargeObjects };
        var length = ArchiveWriter.HeadBytes(head);
        // A larger head is written first, without offsets; pg_restore can do without them.
        var isLate = headMayBeLate && length <= HeadBytesMax;
        var body = new ArchiveBody(crew.Window, compression, length, isLate ? default : HeadToBytes(head),
            crew.FinishAsync, crew.DisposeAsync);
        crew.Start(workers, compression, watch, totals);
        return new(body,
            isLate ? new LateHead((int)length, () => HeadToBytes(head.WithOffsets(body.Offsets))) : null, totals);
    }

    // Corrects the header's compression: pg_dump was asked for no data, and a wrapper may have options of its own.
    private static ArchiveHead Telling(ArchiveHead head, DataCompression compression)
    {
        var header = head.Header;
        if (header.Compression == compression.Algorithm)
            return head;
        return head with
        {
            Header = header with
            {
                Compression = compression.Algorithm,
                CompressionLevel = compression.Algorithm == ArchiveCompression.None ? 0 : compression.Level,
                // An older format states a level and means gzip.
                Version = compression.Algorithm > ArchiveCompression.Gzip && header.Version < ArchiveVersion.PgDump16
                    ? ArchiveVersion.PgDump16 : header.Version,
            },
        };
    }

    private static ReadOnlyMemory<byte> HeadToBytes(ArchiveHead head)
    {
        var bytes = new ArrayBufferWriter<byte>((int)ArchiveWriter.HeadBytes(head));
        ArchiveWriter.WriteHead(head, bytes);
        return bytes.WrittenMemory;
    }
}
