using System.Globalization;
using Godwit.Extract;
using Godwit.Postgres;

namespace Godwit.Dump;

/// <summary>Stock <c>pg_dump -Fc</c>, for whoever wants to compare.</summary>
public sealed class PgDumpEngine(PgDumpCall call, DumpOptions options) : IDumpEngine
{
    private const string TablePrefix = "dumping contents of table \"";

    public string Name => call.Name;

    public async Task<DumpedArchive> OpenAsync(IDumpWatch watch, bool headMayBeLate, CancellationToken ct)
    {
        var read = await TablesAsync(ct);
        var sourceBytes = read.Sum(table => table.Bytes);
        var tables = new TablesInTurn(read, watch);
        var process = call.Start(
            ["--verbose", .. options.Snapshot is { } snapshot ? [$"--snapshot={snapshot}"] : Array.Empty<string>(), .. options.CompressLevel is { } level ? [$"--compress={level.ToString(CultureInfo.InvariantCulture)}"] : Array.Empty<string>()],
            options);
        process.OnErrorLine = line =>
        {
            var start = line.IndexOf(TablePrefix, StringComparison.Ordinal);
            if (start >= 0 && line.EndsWith('"'))
                tables.Started(line[(start + TablePrefix.Length)..^1]);
        };
#pragma warning disable CA2000 // The archive disposes its body.
        var dump = new DumpOutput(process, call.Source, options);
        if (options.Cleaning is not { } rules)
            return new(dump, Head: null, new DumpTotals()) { SourceBytes = sourceBytes };
        var cleaned = await CleanedOutput.OpenAsync(dump, rules, call.Name, ct);
        return new(cleaned, Head: null, new DumpTotals()) { Cleaned = cleaned.Contents, SourceBytes = sourceBytes };
#pragma warning restore CA2000
    }

    private async Task<IReadOnlyList<TableFacts>> TablesAsync(CancellationToken ct)
    {
        await using var session = await PostgresSession.OpenAsync(call.Source, ct);
        return await ServerCatalog.TablesAsync(session, ct);
    }
}

/// <summary>pg_dump names each table when its data begins: what went before is finished then.</summary>
internal sealed class TablesInTurn
{
    // "a.b".c and a."b.c" look alike unquoted.
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
