using System.IO.Pipelines;
using Godwit.Extract;
using Godwit.Extract.Cleaning;
using Godwit.Faults;
using Godwit.PgArchive;
using Godwit.Storage;

namespace Godwit.Dump;

/// <summary>The stream of a stock pg_dump with another table of contents in front. It ends only if the archive is
/// whole.</summary>
internal sealed class CleanedOutput : ForwardOnlyStream
{
    /// <summary>Ahead of its reader; enough that neither waits for the other at every block.</summary>
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
    /// <param name="program">For the fault that nobody understands what it wrote.</param>
    /// <exception cref="FaultException">pg_dump failed, or what it wrote is not understood.</exception>
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
        // How the copying ended is thrown here, with what it was.
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
            // The reader meets the end here and looks how it was reached.
            await _pipe.Writer.CompleteAsync();
        }
    }
}
