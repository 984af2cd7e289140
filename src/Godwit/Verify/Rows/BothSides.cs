using Godwit.Postgres;
using Godwit.Verify.Repair;

namespace Godwit.Verify.Rows;

/// <summary>Shared by the comparisons of all tables.</summary>
internal sealed class BothSides(
    Side source, Side target, VerifyOptions options, IRowDifferenceSink? sink, TimeProvider clock) : IDisposable
{
    private readonly RateGate _source = new(options.RateMax, clock);
    private readonly RateGate _target = new(options.RateMax, clock);

    public VerifyOptions Options => options;

    /// <summary>Tables up to this size in bytes are read in one scan. TID ranges take a sixth more time and bypass the
    /// small buffer ring of a whole scan. Several workers read a table larger than one worker's share, and every table
    /// if the rate is limited.</summary>
    public long WholeMax { get; set; }

    public TimeProvider Clock => clock;

    /// <summary>Receives every row that differs; null: none.</summary>
    public IRowDifferenceSink? Sink => sink;

    /// <summary>Finding single rows takes much memory: one table at a time.</summary>
    public SemaphoreSlim Narrowing { get; } = new(1);

    public CommonGround Common { get; } = new(source.Encoding == target.Encoding,
        source.HashesRecords && target.HashesRecords);

    public Side Of(bool isSource) => isSource ? source : target;

    /// <summary>Limited by the side's sessions and its rate.</summary>
    public Task ForEachAsync(
        bool isSource, IReadOnlyList<RowRange> ranges, Func<PostgresSession, int, CancellationToken, Task> ask,
        CancellationToken ct)
    {
        var side = Of(isSource);
        var limits = new ParallelOptions { MaxDegreeOfParallelism = side.SessionsMax, CancellationToken = ct };
        return Parallel.ForEachAsync(Enumerable.Range(0, ranges.Count), limits, async (i, token) =>
        {
            await (isSource ? _source : _target).WaitAsync(ranges[i].Bytes, token);
            await side.AskAsync(async session =>
            {
                await ask(session, i, token);
                return true;
            }, token);
        });
    }

    public void Dispose() => Narrowing.Dispose();
}
