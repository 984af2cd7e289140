using Godwit.Pipeline;
using Godwit.Postgres;

namespace Godwit.Dump;

/// <summary>Bytes of the archive so far, and how many it will be: told from which tables are finished, since tables go out one after
/// another and their sizes at the source are known.</summary>
internal sealed class DumpProgress(string step, IReadOnlyList<TableFacts> tables, IProgress<StepEvent> progress, TimeProvider clock) : IProgress<long>
{
    /// <summary>Before this share of the data is out, an estimate would be a guess.</summary>
    private const double EstimateFrom = 0.1;

    // "a.b".c and a."b.c" look alike unquoted.
    private readonly Dictionary<string, long> _sizes = tables.GroupBy(table => table.Plain, StringComparer.Ordinal)
        .ToDictionary(same => same.Key, same => same.Sum(table => table.Bytes), StringComparer.Ordinal);
    private readonly long _total = tables.Sum(table => table.Bytes);
    private readonly Lock _gate = new();
    private long _finished;
    private long _current;
    private long _sent;

    public void TableStarted(string plain)
    {
        lock (_gate)
        {
            _finished += _current;
            _current = _sizes.GetValueOrDefault(plain);
        }
    }

    public void Report(long value)
    {
        long sent;
        long? total;
        lock (_gate)
        {
            // Parts go up side by side and may report out of order.
            sent = _sent = Math.Max(_sent, value);
            var share = _total == 0 ? 0 : (double)_finished / _total;
            total = share < EstimateFrom ? null : (long)Math.Max(_sent, _sent / share);
        }

        progress.Report(new BytesMoved(step, clock.GetUtcNow(), sent, total));
    }
}
