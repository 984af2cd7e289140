using System.Buffers;
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

    public string Name => $"Godwit, {options.Jobs} jobs, with {call.Name}";

    public async Task<DumpedArchive> OpenAsync(IDumpWatch watch, bool headMayBeLate, CancellationToken ct)
    {
        var snapshot = await SharedSnapshot.TakeAsync(call.Source, ct);
        try
        {
            var (head, plan) = await PlanAsync(snapshot, ct);
            watch.Planned(plan.SourceBytes);
            await JoinAsync(snapshot, Math.Min(options.Jobs, plan.Count), watch, ct);
            var level = options.CompressLevel ?? LevelDefault;
            var totals = new DumpTotals { Tables = plan.Tables, LargeObjects = plan.LargeObjects };
            var length = ArchiveWriter.HeadBytes(head);
            if (headMayBeLate && length > int.MaxValue)
                throw new FaultException(DumpFaults.ContentsNotUnderstood(call.Name, $"a table of contents of {length} bytes"));
            var crew = new DumpCrew(snapshot, new ChunkWindow(plan.Chunks()), ct);
            var before = headMayBeLate ? default : HeadToBytes(head);
            var body = new ArchiveBody(crew.Window, level > 0, length, before, crew.DisposeAsync);
            crew.Start(level, watch, totals);
            return new(body, headMayBeLate ? new LateHead((int)length, () => HeadToBytes(head.WithOffsets(body.Offsets))) : null, totals);
        }
        catch
        {
            await snapshot.DisposeAsync();
            throw;
        }
    }

    private async Task<(ArchiveHead Head, DumpPlan Plan)> PlanAsync(SharedSnapshot snapshot, CancellationToken ct)
    {
        // pg_dump holds its locks until ours are there.
        await using var schema = await SchemaSource.ReadAsync(call, snapshot, options, ct);
        try
        {
            return (schema.Head, await DumpPlan.MakeAsync(schema.Head, snapshot.First, ct));
        }
        catch (FaultException e) when (PostgresSession.IsAnswer(e, PostgresSession.LockNotAvailable))
        {
            throw new FaultException(DumpFaults.TablesLocked(call.Source), e);
        }
    }

    private static async Task JoinAsync(SharedSnapshot snapshot, int jobs, IDumpWatch watch, CancellationToken ct)
    {
        var joining = Math.Min(jobs - 1, await snapshot.FreeAsync(ct));
        while (snapshot.Sessions.Count <= joining && await snapshot.TryJoinAsync(ct))
        {
        }

        if (snapshot.Sessions.Count < jobs)
            watch.FewerJobs(jobs, snapshot.Sessions.Count);
    }

    private static ReadOnlyMemory<byte> HeadToBytes(ArchiveHead head)
    {
        var bytes = new ArrayBufferWriter<byte>((int)ArchiveWriter.HeadBytes(head));
        ArchiveWriter.WriteHead(head, bytes);
        return bytes.WrittenMemory;
    }
}
