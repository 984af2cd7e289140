using Godwit.Extract;
using Godwit.Extract.Cleaning;
using Godwit.Faults;
using Godwit.PgArchive;
using Godwit.Postgres;

namespace Godwit.Dump;

/// <summary>Stock <c>pg_dump -Fc</c>, for comparison and for standbys that cannot share a snapshot.</summary>
public sealed class PgDumpEngine(PgDumpCall call, DumpOptions options) : IDumpEngine
{
    private const string TablePrefix = "dumping contents of table \"";

    // The head is buffered until it is clear whether it stays unchanged. A larger head passes unread.
    private static readonly ArchiveLimits Limits = ArchiveLimits.Default with { HeadBytesMax = 1L << 30 };

    public string Name => call.Name;

    public IReadOnlyList<Finding> Notes { get; init; } = [];

    public async Task<DumpedArchive> OpenAsync(IDumpWatch watch, bool headMayBeLate, CancellationToken ct)
    {
        var looking = new LockWatch(PostgresAddress.ApplicationName, watch.Waits, call.Clock).Start(call.Source);
        try
        {
            return await OpenAsync(await TablesAsync(ct), watch, looking, ct);
        }
        catch
        {
            await looking.DisposeAsync();
            throw;
        }
    }

    /// <param name="looking">Disposed with the archive.</param>
    private async Task<DumpedArchive> OpenAsync(
        IReadOnlyList<TableFacts> read, IDumpWatch watch, IAsyncDisposable looking, CancellationToken ct)
    {
        var sourceBytes = read.Sum(table => table.Bytes);
        var tables = new TablesInTurn(read, watch);
        var process = call.Start(
            ["--verbose", .. options.Snapshot is { } snapshot ? [$"--snapshot={snapshot}"] : Array.Empty<string>(),
                .. options.Compression.PgDumpOption is { } compress ? [compress] : Array.Empty<string>()],
            options);
        process.OnErrorLine = line =>
        {
            var start = line.IndexOf(TablePrefix, StringComparison.Ordinal);
            if (start >= 0 && line.EndsWith('"'))
                tables.Started(line[(start + TablePrefix.Length)..^1]);
        };
#pragma warning disable CA2000 // The archive disposes its body.
        var dump = new PgDumpOutput(process, call.Source, options, looking);
        var (body, cleaned) = options.Cleaning is { } rules
            ? await CleanedAsync(dump, rules, ct) : await MendedAsync(dump, ct);
        return new(body, Head: null, new DumpTotals()) { Cleaned = cleaned, SourceBytes = sourceBytes };
#pragma warning restore CA2000
    }

    private async Task<(Stream Body, CleanedContents? Cleaned)> CleanedAsync(
        Stream dump, CleaningRules? rules, CancellationToken ct)
    {
        var cleaned = await CleanedOutput.OpenAsync(dump, rules, call.Name, ct);
        return (cleaned, cleaned.Contents);
    }

    // If nothing is left out, every byte is pg_dump's own, even if only pg_dump can parse it.
    private async Task<(Stream Body, CleanedContents? Cleaned)> MendedAsync(Stream dump, CancellationToken ct)
    {
        var replayed = new ReplayedStream(dump);
        var isOtherwise = false;
        try
        {
            var head = await ArchiveReader.ReadHeadAsync(replayed, Limits, ct);
            isOtherwise = !ReferenceEquals(ArchiveCleaner.Clean(head, rules: null).Head, head);
        }
        catch (ArchiveException)
        {
            // pg_restore will judge this archive.
        }
        catch
        {
            await replayed.DisposeAsync();
            throw;
        }

        replayed.Rewind();
        return isOtherwise ? await CleanedAsync(replayed, rules: null, ct) : (replayed, null);
    }

    private async Task<IReadOnlyList<TableFacts>> TablesAsync(CancellationToken ct)
    {
        await using var session = await PostgresSession.OpenAsync(call.Source, ct);
        try
        {
            return await ServerCatalog.TablesAsync(session, ct);
        }
        catch (FaultException e) when (PostgresSession.IsAnswer(e, PostgresSession.LockNotAvailable))
        {
            throw new FaultException(ExtractFaults.TablesLocked(call.Source), e);
        }
    }
}

/// <summary>Counts a table as read when pg_dump names the next one.</summary>
internal sealed class TablesInTurn
{
    // By unquoted name: "a.b".c and a."b.c" are the same there.
    private readonly Dictionary<string, long> _sizes;
    private readonly IDumpWatch _watch;
    private long _current;

    public TablesInTurn(IReadOnlyList<TableFacts> tables, IDumpWatch watch)
    {
        _sizes = tables.GroupBy(table => table.Plain, StringComparer.Ordinal)
            .ToDictionary(same => same.Key, same => same.Sum(table => table.Bytes), StringComparer.Ordinal);
        _watch = watch;
        watch.Planned(tables.Sum(table => table.Bytes));
    }

    public void Started(string plain)
    {
        _watch.Advanced(_current, rows: 0, archiveBytes: 0);
        _current = _sizes.GetValueOrDefault(plain);
    }
}
