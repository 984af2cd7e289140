using System.Collections.Concurrent;
using Godwit.Copy.Definitions;
using Godwit.Copy.Rows;
using Godwit.Extract.Cleaning;
using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Copy;

/// <summary>All workers of one copy: carriers bring rows, makers build what comes after the rows. Each has a connection
/// to the target.</summary>
internal sealed class CopyCrew
{
    // Connections left for administrators of the target, and for the run of this copy.
    private const int ConnectionsSpared = 2;

    // Works on small tables are sent together: there may be ten thousands, and each round trip to a distant target
    // takes time.
    private const int SmallTogether = 20;

    private readonly IRowSource _source;
    private readonly TargetSessions _sessions;
    private readonly FillOptions _options;
    private readonly CopyWatch _watch;
    private readonly WorkGraph _graph;
    private readonly IReadOnlyList<CopyPart> _left;
    private readonly ConcurrentDictionary<int, int> _partsLeft;
    private readonly Dictionary<int, TaskCompletionSource> _arrivals;

    // Titles of entries large enough to be reported.
    private readonly ConcurrentDictionary<int, string> _told = new();
    private readonly RateGate _rate;
    private readonly BinaryRefusals _refusals;

    /// <param name="parts">In the order in which they should be brought.</param>
    public CopyCrew(
        IRowSource source, TargetSessions sessions, RestoreOrder order, IReadOnlyList<CopyPart> parts,
        IReadOnlySet<WorkId> done, FillOptions options, CopyWatch watch, TimeProvider clock)
    {
        (_rate, _refusals) = (new(options.RateMax, clock), new(watch));
        (_source, _sessions, _options, _watch) = (source, sessions, options, watch);
        _left = [.. parts.Where(part => !done.Contains(part.Id))];
        _partsLeft = new(_left.CountBy(part => part.Entry.DumpId));
        _arrivals = _partsLeft.Keys.ToDictionary(entry => entry,
            _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        var works = new WorkList(order, BytesOfTables(order, parts)).All(entry => _partsLeft.ContainsKey(entry.DumpId),
            order.CopiedParts == CopiedParts.Definitions ? [] : Statistics(order));
        _graph = new WorkGraph([.. works.Where(work => work.Sql.Length == 0 || !done.Contains(work.Id))]);
        watch.Copied(parts.Sum(part => part.SourceBytes) - _left.Sum(part => part.SourceBytes), 0);
    }

    /// <param name="rowsAreThere">Called when the last row and large object has arrived, while makers go on.</param>
    /// <exception cref="FaultException">The first failure; it stops the other workers.</exception>
    public async Task RunAsync(Func<CancellationToken, Task> rowsAreThere, CancellationToken ct)
    {
        await using var looking = await _sessions.OpenAsync(ct);
        var (carriers, makers) = await ShareAsync(looking, Math.Clamp(_left.Count, 1, _options.Jobs),
            _options.Makers, ct);
        var readers = await _source.OpenAsync(_left, carriers, ct);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var stalls = Task.Run(() => new LockWatch(PostgresAddress.ApplicationName, _watch.TargetWaits, _watch.Clock)
            .RunAsync(_ => Task.FromResult(looking), stop.Token), CancellationToken.None);
        var failed = new ConcurrentQueue<Exception>();
        await Task.WhenAll(
        [
            CarryAllAsync(),
            .. Enumerable.Range(0, makers).Select(_ => Task.Run(() => GuardAsync(MakeAsync), CancellationToken.None)),
        ]);
        await stop.CancelAsync();
        // This task only watches: its failure is no failure of the copy.
        await stalls.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ct.ThrowIfCancellationRequested();
        if (failed.TryDequeue(out var first))
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(first);

        async Task CarryAllAsync()
        {
            await Task.WhenAll(readers.Select(reader =>
                Task.Run(() => GuardAsync(token => CarryAsync(reader, token)), CancellationToken.None)));
            // Even if a maker has failed meanwhile: the rows are at the target.
            if (_partsLeft.Values.All(left => left == 0))
                await GuardAsync(_ => rowsAreThere(ct));
        }

        async Task GuardAsync(Func<CancellationToken, Task> work)
        {
            try
            {
                await work(stop.Token);
            }
            catch (Exception e)
            {
                // Later exceptions only show that the workers were stopped.
                failed.Enqueue(e);
                await stop.CancelAsync();
            }
        }
    }

    // Small plans allow twenty connections. If too few are free, carriers and makers share them in proportion, and each
    // kind gets at least one.
    private async Task<(int Carriers, int Makers)> ShareAsync(
        PostgresSession target, int carriers, int makers, CancellationToken ct)
    {
        var free = await ServerCatalog.FreeConnectionsAsync(target, ct) - ConnectionsSpared;
        if (carriers + makers <= free)
            return (carriers, makers);
        var fewer = (int)Math.Clamp(free * carriers / (carriers + makers), 1, carriers);
        var others = (int)Math.Clamp(free - fewer, 1, makers);
        if (fewer < carriers || others < makers)
            _watch.FewerAtTarget(carriers + makers, fewer, others);
        return (fewer, others);
    }

    private async Task CarryAsync(IRowReader source, CancellationToken ct)
    {
        PartProgress? again = null;
        do
        {
            await using var target = await _sessions.OpenAsync(ct);
            again = await CarryAsync(source, target, again, ct);
        }
        while (again is not null);
    }

    /// <param name="again">The part to copy first; null: the next one.</param>
    /// <returns>A part to copy again, first, over another session; null: nothing is left.</returns>
    private async Task<PartProgress?> CarryAsync(
        IRowReader source, PostgresSession target, PartProgress? again, CancellationToken ct)
    {
        var (rows, objects) = (new RowPump(source, target, _rate, _refusals),
            new LargeObjectPump(source, target, _rate, _watch));
        while ((again?.Part ?? await source.NextAsync(ct)) is { } part)
        {
            if (part.SourceBytes >= Work.SmallBytesMax && _told.TryAdd(part.Entry.DumpId, part.Title))
                _watch.Begun(part.Title, "being copied");
            if (part is RowPart some)
            {
                // The parts it needs were given out earlier, so no cycle of waits can arise.
                foreach (var need in some.Needs)
                    await (_arrivals.GetValueOrDefault(need)?.Task ?? Task.CompletedTask).WaitAsync(ct);
                again = await rows.CopyAsync(again ?? new(some, _watch), ct);
                if (again is not null)
                    return again;
            }
            else
            {
                await rows.EndAsync(ct);
                await objects.CopyAsync((LargeObjectPart)part, ct);
            }

            Arrived(part.Entry.DumpId);
        }

        return null;
    }

    private async Task MakeAsync(CancellationToken ct)
    {
        await using var target = await _sessions.OpenAsync(ct);
        var writer = new DefinitionWriter(target, _options, _watch);
        while (await _graph.TakeAsync(ct) is { } work)
        {
            IReadOnlyList<Work> works = work.IsSmall ? [work, .. _graph.TakeSmall(SmallTogether - 1)] : [work];
            if (!work.IsSmall)
                _watch.Begun(work.Title, "being made");
            await writer.MakeAsync(works, ct);
            foreach (var made in works)
                _graph.Done(made);
        }
    }

    private void Arrived(int entry)
    {
        if (_partsLeft.AddOrUpdate(entry, 0, (_, left) => left - 1) != 0)
            return;
        if (_told.TryGetValue(entry, out var title))
            _watch.Begun(title, "copied");
        _graph.Done(entry);
        _arrivals[entry].SetResult();
    }

    private static Dictionary<int, long> BytesOfTables(RestoreOrder order, IReadOnlyList<CopyPart> parts) => parts
        .OfType<RowPart>()
        .SelectMany(part => order.TablesOf(part.Entry).Select(table => (table, part.SourceBytes)))
        .GroupBy(one => one.table, one => one.SourceBytes).ToDictionary(same => same.Key, same => same.Sum());

    // A partitioned table's statement includes its partitions.
    private static Dictionary<int, string> Statistics(RestoreOrder order)
    {
        var parts = order.First.Where(entry => entry.Is("TABLE ATTACH"u8))
            .Select(entry => (entry.Namespace, entry.Tag)).ToHashSet();
        return order.First.Where(entry => entry.Is("TABLE"u8) && !parts.Contains((entry.Namespace, entry.Tag)))
            .ToDictionary(entry => entry.DumpId, entry => $"ANALYZE {ArchiveSql.Qualified(entry)}");
    }
}
