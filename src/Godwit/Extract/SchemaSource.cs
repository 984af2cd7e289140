using System.Globalization;
using Godwit.Faults;
using Godwit.PgArchive;
using Godwit.Postgres;

namespace Godwit.Extract;

/// <summary>pg_dump, started for its header and table of contents. It still holds its locks until it is disposed, which
/// stops it.</summary>
internal sealed class SchemaSource : IAsyncDisposable
{
    /// <summary>One that failed ends at once. One that goes on writing something else waits for a reader.</summary>
    private static readonly TimeSpan FailedMax = TimeSpan.FromSeconds(5);

    private readonly IRunningProcess _process;

    private SchemaSource(IRunningProcess process, ArchiveHead head, string applicationName) =>
        (_process, Head, ApplicationName) = (process, head, applicationName);

    public ArchiveHead Head { get; }

    /// <summary>By which the server's list of sessions shows that this pg_dump's still lives, and with it its
    /// locks.</summary>
    public string ApplicationName { get; }

    /// <summary>Whether it ends by itself. It waits, as long as nobody reads on, when more than a pipe holds was left
    /// to write.</summary>
    public async Task<bool> EndsWithinAsync(TimeSpan limit, CancellationToken ct) =>
        await _process.WaitAsync(limit, ct) is not null;

    /// <param name="compressLevel">What the header is to say of the data; null: what pg_dump finds best.</param>
    /// <param name="waits">Told for whom it waits: it locks every table before it writes its first byte, and says
    /// nothing itself.</param>
    /// <exception cref="FaultException">pg_dump could not read the schema, or what it wrote is not
    /// understood.</exception>
    public static async Task<SchemaSource> ReadAsync(
        PgDumpCall call, SharedSnapshot snapshot, ExtractOptions options, int? compressLevel, Action<LockWait> waits,
        CancellationToken ct)
    {
        var applicationName = $"godwit pg_dump {snapshot.Id}";
        var process = call.Start(
        [
            $"--snapshot={snapshot.Id}", $"--encoding={snapshot.Encoding}",
            // The header tells readers how the data is compressed: pg_dump writes there what it would have done itself.
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
            // An archive that ends before its data is a pg_dump that failed, and it has said why.
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
