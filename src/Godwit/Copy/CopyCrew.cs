using System.Collections.Concurrent;
using Godwit.Copy.Definitions;
using Godwit.Copy.Rows;
using Godwit.Extract;
using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Copy;

/// <summary>Everyone at work on one copy: those who carry rows, each with a connection to both sides, and those who make what stands behind the rows.</summary>
internal sealed class CopyCrew
{
    private readonly SourceMoment _moment;
    private readonly TargetSessions _sessions;
    private readonly CopyOptions _options;
    private readonly CopyWatch _watch;
    private readonly WorkGraph _graph;
    private readonly ConcurrentQueue<RowPart> _rows;
    private readonly ConcurrentQueue<LargeObjectPart> _objects;
    private readonly ConcurrentDictionary<int, int> _partsLeft;
    private readonly RateGate _rate;
    private readonly TimeProvider _clock;

    public CopyCrew(SourceMoment moment, TargetSessions sessions, RestoreOrder order, RowPlan rows, IReadOnlyList<LargeObjectPart> objects, IReadOnlySet<WorkId> done, CopyOptions options, CopyWatch watch, TimeProvider clock)
    {
        (_clock, _rate) = (clock, new(options.RateMax, clock));
        (_moment, _sessions, _options, _watch) = (moment, sessions, options, watch);
        _rows = new(rows.Parts.Where(part => !done.Contains(new(part.Entry.DumpId, part.Number))));
        _objects = new(objects.Where(part => !done.Contains(new(part.Entry.DumpId, part.Number))));
        _partsLeft = new(_rows.Select(part => part.Entry.DumpId).Concat(_objects.Select(part => part.Entry.DumpId)).CountBy(id => id));
        var works = new WorkList(order, BytesOfTables(order, rows)).All(entry => _partsLeft.ContainsKey(entry.DumpId), Statistics(order));
        _graph = new WorkGraph([.. works.Where(work => work.Sql.Length == 0 || !done.Contains(work.Id))]);
        watch.Copied(rows.SourceBytes + objects.Sum(part => part.SourceBytes) - _rows.Sum(part => part.SourceBytes) - _objects.Sum(part => part.SourceBytes), 0);
    }

    /// <exception cref="FaultException">What went wrong first; the others are stopped.</exception>
    public async Task RunAsync(CancellationToken ct)
    {
        var wanted = Math.Clamp(_rows.Count + _objects.Count, 1, _options.Jobs);
        var carriers = await _moment.JoinAsync(wanted, ct);
        if (carriers < wanted)
            _watch.FewerJobs(wanted, carriers);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        await using var looking = await _sessions.OpenAsync(ct);
        var stalls = Task.Run(() => new StallWatch(looking, _watch, _clock).RunAsync(stop.Token), CancellationToken.None);
        var failed = new ConcurrentQueue<Exception>();
        await Task.WhenAll(
        [
            .. _moment.Sessions.Take(carriers).Select(source => Task.Run(() => GuardAsync(token => CarryAsync(source, token)), CancellationToken.None)),
            .. Enumerable.Range(0, _options.IndexJobs ?? _options.Jobs).Select(_ => Task.Run(() => GuardAsync(MakeAsync), CancellationToken.None)),
        ]);
        await stop.CancelAsync();
        // It only looks: what stops it is no failure of the copy.
        await stalls.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ct.ThrowIfCancellationRequested();
        if (failed.TryDequeue(out var first))
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(first);

        async Task GuardAsync(Func<CancellationToken, Task> work)
        {
            try
            {
                await work(stop.Token);
            }
            catch (Exception e)
            {
                // Behind the first, others only break off because they are stopped.
                failed.Enqueue(e);
                await stop.CancelAsync();
            }
        }
    }

    private async Task CarryAsync(PostgresSession source, CancellationToken ct)
    {
        await using var target = await _sessions.OpenAsync(ct);
        var (rows, objects) = (new RowPump(source, target, _rate, _watch), new LargeObjectPump(source, target, _rate, _watch));
        while (_rows.TryDequeue(out var part))
        {
            await rows.CopyAsync(part, ct);
            Arrived(part.Entry.DumpId);
        }

        while (_objects.TryDequeue(out var part))
        {
            await objects.CopyAsync(part, ct);
            Arrived(part.Entry.DumpId);
        }
    }

    private async Task MakeAsync(CancellationToken ct)
    {
        await using var target = await _sessions.OpenAsync(ct);
        var writer = new DefinitionWriter(target, _options, _watch);
        while (await _graph.TakeAsync(ct) is { } work)
        {
            if (work.Bytes > 0)
                _watch.Begun(work.Title, "being made");
            await writer.MakeAsync(work, ct);
            _graph.Done(work);
        }
    }

    private void Arrived(int entry)
    {
        if (_partsLeft.AddOrUpdate(entry, 0, (_, left) => left - 1) == 0)
            _graph.Done(entry);
    }

    private static Dictionary<int, long> BytesOfTables(RestoreOrder order, RowPlan rows) => rows.Parts
        .SelectMany(part => order.TablesOf(part.Entry).Select(table => (table, part.SourceBytes)))
        .GroupBy(one => one.table, one => one.SourceBytes).ToDictionary(same => same.Key, same => same.Sum());

    /// <summary>Of all tables; partitions have theirs with the table they are parts of.</summary>
    private static Dictionary<int, string> Statistics(RestoreOrder order)
    {
        var parts = order.First.Where(entry => entry.Is("TABLE ATTACH"u8)).Select(entry => (entry.Namespace, entry.Tag)).ToHashSet();
        return order.First.Where(entry => entry.Is("TABLE"u8) && !parts.Contains((entry.Namespace, entry.Tag)))
            .ToDictionary(entry => entry.DumpId, entry => $"ANALYZE {Quoted(entry.Namespace.GetValueOrDefault())}.{Quoted(entry.Tag)}");
    }

    private static string Quoted(PgArchive.ArchiveText name) => ServerCatalog.Quote(Extract.Cleaning.SqlScanner.TextOf(name.Bytes));
}
