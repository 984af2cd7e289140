using System.Globalization;
using Godwit.Faults;
using Godwit.PgArchive;
using Godwit.Postgres;

namespace Godwit.Extract;

/// <summary>A pg_dump that runs for its header and table of contents. Disposing stops it and releases its
/// locks.</summary>
internal sealed class SchemaSource : IAsyncDisposable
{
    // A failed pg_dump ends at once; a working one waits for a reader of its output.
    private static readonly TimeSpan FailedMax = TimeSpan.FromSeconds(5);

    private readonly IRunningProcess _process;

    private SchemaSource(IRunningProcess process, ArchiveHead head, string applicationName) =>
        (_process, Head, ApplicationName) = (process, head, applicationName);

    public ArchiveHead Head { get; }

    /// <summary>Finds this pg_dump's session in the server's list; while it lives, its locks are held.</summary>
    public string ApplicationName { get; }

    /// <summary>If the rest of its output is more than a pipe holds, it waits for a reader.</summary>
    public async Task<bool> EndsWithinAsync(TimeSpan limit, CancellationToken ct) =>
        await _process.WaitAsync(limit, ct) is not null;

    /// <param name="compressLevel">The level that the header states; null: pg_dump's default.</param>
    /// <param name="waits">pg_dump locks every table before it writes its first byte, and does not report
    /// waits.</param>
    public static async Task<SchemaSource> ReadAsync(
        PgDumpCall call, SharedSnapshot snapshot, ExtractOptions options, int? compressLevel, Action<LockWait> waits,
        CancellationToken ct)
    {
        var applicationName = $"godwit pg_dump {snapshot.Id}";
        var process = call.Start(
        [
            $"--snapshot={snapshot.Id}", $"--encoding={snapshot.Encoding}",
            // pg_dump states in the header how it would have compressed the data.
            .. compressLevel is { } level
                ? [$"--compress={level.ToString(CultureInfo.InvariantCulture)}"] : Array.Empty<string>(),
        ], options, applicationName);
        await using var looking = new LockWatch(applicationName, waits, call.Clock).Start(call.Source);
        try
        {
            return new(process, await ArchiveReader.ReadHeadAsync(process.Output, ArchiveLimits.Default, ct),
                applicationName);
        }
        catch (ArchiveException e)
        {
            // An archive that ends before its data is of a pg_dump that failed, and said why.
            var code = await process.WaitAsync(FailedMax, ct);
            await process.DisposeAsync();
            throw new FaultException(code is { } failed and not 0
                ? PgDumpFailure.Of(call.Source, failed, PgDumpCall.Said(process), options)
                : ExtractFaults.ContentsNotUnderstood(call.Name, e.Why), e);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
