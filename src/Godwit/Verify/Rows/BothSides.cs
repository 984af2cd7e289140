using Godwit.Postgres;
using Godwit.Verify.Repair;

namespace Godwit.Verify.Rows;

/// <summary>What every table's comparison works with.</summary>
internal sealed class BothSides(
    Side source, Side target, VerifyOptions options, IRowDifferenceSink? sink, TimeProvider clock) : IDisposable
{
    private readonly RateGate _source = new(options.RateMax, clock);
    private readonly RateGate _target = new(options.RateMax, clock);

    public VerifyOptions Options => options;

    /// <summary>Bytes up to which a table is read in one go: in ranges of places the same takes a sixth more time, and
    /// is read past the small ring of buffers that a whole scan keeps to. What is larger than one worker's share has to
    /// be read by several, and so has everything whose rate is bounded.</summary>
    public long WholeMax { get; set; }

    public TimeProvider Clock => clock;

    /// <summary>Wants to hear of every row that differs; null: nobody does.</summary>
    public IRowDifferenceSink? Sink => sink;

    /// <summary>Looking for rows takes memory; one table at a time has enough.</summary>
    public SemaphoreSlim Narrowing { get; } = new(1);

    public CommonGround Common { get; } = new(source.Encoding == target.Encoding,
        source.HashesRecords && target.HashesRecords);

    public Side Of(bool isSource) => isSource ? source : target;

    /// <summary>Calls for all parts, as many at once as the side has sessions, and no faster than it may
    /// read.</summary>
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
