using System.IO.Pipelines;
using Godwit.Dump;
using Godwit.PgArchive;
using Godwit.Storage;

namespace Godwit.App.Cli.Commands;

/// <summary>Writes a filtered archive. A pipe connects the filter, which writes, to the target, which reads.</summary>
internal sealed class ArchiveFilterRun(ArchiveFilter filter, DumpTarget target)
{
    // How far the filter may be ahead of the target. Less than one part of an upload: it only evens out their speeds.
    private const int AheadBytesMax = 8 << 20;

    /// <exception cref="ArchiveException">The source is damaged. <see cref="DumpTarget.CleanUpAsync"/> says what is
    /// left.</exception>
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
            // After a success, nothing is left to stop; after a failure, the filter must not wait for a reader that is
            // gone.
            await stop.CancelAsync();
            await pipe.Reader.CompleteAsync();
            await filtering;
        }
    }

    // Never throws: the pipe's reader gets the exception.
    private async Task FilterAsync(
        PipeWriter writer, bool isLate, IProgress<ArchiveProgress>? progress, CancellationToken ct)
    {
        // Lets the caller prepare the target: all reads may complete synchronously.
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
