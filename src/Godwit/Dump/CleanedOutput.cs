using System.IO.Pipelines;
using Godwit.Extract;
using Godwit.Extract.Cleaning;
using Godwit.Faults;
using Godwit.PgArchive;
using Godwit.Storage;

namespace Godwit.Dump;

/// <summary>Stock pg_dump's stream with a cleaned table of contents. Returns its end only if the archive is
/// whole.</summary>
internal sealed class CleanedOutput : ForwardOnlyStream
{
    // Bytes buffered ahead of the reader, enough that neither side waits at every block.
    private const int AheadBytesMax = 1 << 20;

    private readonly Stream _dump;
    private readonly ArchiveFilter _filter;
    private readonly string _program;
    private readonly Pipe _pipe = new(new PipeOptions(pauseWriterThreshold: AheadBytesMax,
        resumeWriterThreshold: AheadBytesMax / 2, useSynchronizationContext: false));
    private readonly CancellationTokenSource _stop;
    private readonly Stream _from;
    private readonly Task _copying;

    private CleanedOutput(
        Stream dump, ArchiveFilter filter, CleanedContents contents, string program, CancellationToken ct)
    {
        (_dump, _filter, Contents, _program) = (dump, filter, contents, program);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        _from = _pipe.Reader.AsStream();
        _copying = Task.Run(CopyAsync, CancellationToken.None);
    }

    public CleanedContents Contents { get; }

    /// <param name="dump">Disposed with the stream.</param>
    /// <param name="program">Named in the fault if the output cannot be parsed.</param>
    public static async Task<CleanedOutput> OpenAsync(
        Stream dump, CleaningRules? rules, string program, CancellationToken ct)
    {
        CleanedContents? contents = null;
        try
        {
            var filter = await ArchiveFilter.OpenAsync(dump,
                head => (contents = ArchiveCleaner.Clean(head, rules)).Head, ArchiveLimits.Default, ct);
            return new(dump, filter, contents!, program, ct);
        }
        catch (ArchiveException e)
        {
            await dump.DisposeAsync();
            throw new FaultException(ExtractFaults.ContentsNotUnderstood(program, e.Why), e);
        }
        catch
        {
            await dump.DisposeAsync();
            throw;
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await _from.ReadAsync(buffer, cancellationToken);
        // Rethrows the copy's failure.
        if (read == 0 && buffer.Length > 0)
            await _copying;
        return read;
    }

    public override async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _from.DisposeAsync();
        await _dump.DisposeAsync();
        await _copying.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
        await base.DisposeAsync();
    }

    private async Task CopyAsync()
    {
        try
        {
            await _filter.WriteAsync(_pipe.Writer.AsStream(leaveOpen: true), progress: null, _stop.Token);
        }
        catch (ArchiveException e)
        {
            throw new FaultException(ExtractFaults.ContentsNotUnderstood(_program, e.Why), e);
        }
        finally
        {
            // The reader sees the end here, and then awaits the copy.
            await _pipe.Writer.CompleteAsync();
        }
    }
}
