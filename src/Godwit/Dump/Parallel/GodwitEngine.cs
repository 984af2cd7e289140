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
    // The fastest level whose archives are not larger than pg_dump's at zlib's level 6: .NET uses zlib-ng, whose levels
    // differ. In bench/dump level 4 is 0.4 % above, level 5 is 1 % below.
    private const int LevelDefault = 5;

    // A copy of the head is in memory when it is written; this limit allows a hundred thousand tables.
    private const int HeadBytesMax = 256 << 20;

    public string Name => $"Godwit, {options.Jobs} {(options.Jobs == 1 ? "job" : "jobs")}, with {call.Name}";

    public IReadOnlyList<Finding> Notes { get; init; } = [];

    public async Task<DumpedArchive> OpenAsync(IDumpWatch watch, bool headMayBeLate, CancellationToken ct)
    {
        var level = options.CompressLevel ?? LevelDefault;
        var moment = await SourceMoment.OpenAsync(call, options, options.CompressLevel, watch.Waits, ct);
        try
        {
            var head = Telling(moment.Head, level);
            var plan = await DumpPlan.MakeAsync(head, moment.First, ct);
            watch.Planned(plan.SourceBytes);
            var wanted = Math.Clamp(plan.Count, 1, options.Jobs);
            var workers = await moment.JoinAsync(wanted, ct);
            if (workers < wanted)
                watch.FewerJobs(wanted, workers);
            return Start(head, plan, new DumpCrew(moment, new ChunkWindow(plan.Chunks()), call.Clock, ct), workers,
                level, headMayBeLate, watch) with
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
        ArchiveHead head, DumpPlan plan, DumpCrew crew, int workers, int level, bool headMayBeLate, IDumpWatch watch)
    {
        var totals = new DumpTotals { Tables = plan.Tables, LargeObjects = plan.LargeObjects };
        var length = ArchiveWriter.HeadBytes(head);
        // A larger head is written first, without offsets; pg_restore can do without them.
        var isLate = headMayBeLate && length <= HeadBytesMax;
        var body = new ArchiveBody(crew.Window, level > 0, length, isLate ? default : HeadToBytes(head),
            crew.FinishAsync, crew.DisposeAsync);
        crew.Start(workers, level, watch, totals);
        return new(body,
            isLate ? new LateHead((int)length, () => HeadToBytes(head.WithOffsets(body.Offsets))) : null, totals);
    }

    // Corrects the header's compression. A pg_dump built without zlib, or a wrapper with its own options, states
    // another one than ours.
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
