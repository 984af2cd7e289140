using System.IO.Pipelines;
using Godwit.Dump;
using Godwit.PgArchive;
using Godwit.Storage;

namespace Godwit.App.Cli.Commands;

/// <summary>Brings a filtered archive to where it shall lie: the filter writes, the place reads, and a pipe is between
/// them.</summary>
internal sealed class ArchiveFilterRun(ArchiveFilter filter, DumpTarget target)
{
    /// <summary>What the filter may be ahead of the place it writes to. One part of an upload is larger; this only
    /// evens out the two.</summary>
    private const int AheadBytesMax = 8 << 20;

    /// <exception cref="ArchiveException">The source is damaged. What is left then,
    /// <see cref="DumpTarget.CleanUpAsync"/> says.</exception>
    public async Task<StoredObject> RunAsync(IProgress<ArchiveProgress>? progress, CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: AheadBytesMax,
            resumeWriterThreshold: AheadBytesMax / 2, useSynchronizationContext: false));
        var isLate = target.HeadMayBeLate && filter.HeadBytes <= Array.MaxLength;
        var filtering = FilterAsync(pipe.Writer, isLate, progress, stop.Token);
        try
        {
            var head = isLate ? new LateHead((int)filter.HeadBytes, Head) : null;
            return await target.WriteAsync(new ObjectUpload(pipe.Reader.AsStream(leaveOpen: true)) { Head = head }, ct);
        }
        finally
        {
            // After a success there is nothing left to stop; after a failure the filter must not wait for a reader
            // that is gone.
            await stop.CancelAsync();
            await pipe.Reader.CompleteAsync();
            await filtering;
        }
    }

    /// <summary>Never throws: what goes wrong is thrown to whoever reads the pipe.</summary>
    private async Task FilterAsync(
        PipeWriter writer, bool isLate, IProgress<ArchiveProgress>? progress, CancellationToken ct)
    {
        // The place is being prepared meanwhile, and the source may be at hand at once.
        await Task.Yield();
        try
        {
            var output = writer.AsStream(leaveOpen: true);
            await (isLate ? filter.WriteDataAsync(output, progress, ct) : filter.WriteAsync(output, progress, ct));
            await writer.CompleteAsync();
        }
        catch (Exception e)
        {
            await writer.CompleteAsync(e);
        }
    }

    private ReadOnlyMemory<byte> Head()
    {
        var head = new System.Buffers.ArrayBufferWriter<byte>((int)filter.HeadBytes);
        ArchiveWriter.WriteHead(filter.After, head);
        return head.WrittenMemory;
    }
}
