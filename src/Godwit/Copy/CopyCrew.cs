using System.Collections.Concurrent;
using Godwit.Copy.Definitions;
using Godwit.Copy.Rows;
using Godwit.Extract.Cleaning;
using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Copy;

/// <summary>Everyone at work on one copy: those who carry rows, each with a connection to the target, and those who
/// make what stands behind the rows.</summary>
internal sealed class CopyCrew
{
    /// <summary>Left at the target to whoever looks after it meanwhile, also to the run of this copy.</summary>
    private const int ConnectionsSpared = 2;

    /// <summary>What is made of small tables is sent at once: a target far away would be waited for each time, and
    /// there may be ten thousands.</summary>
    private const int SmallTogether = 20;

    private readonly IRowSource _source;
    private readonly TargetSessions _sessions;
    private readonly FillOptions _options;
    private readonly CopyWatch _watch;
    private readonly WorkGraph _graph;
    private readonly IReadOnlyList<CopyPart> _left;
    private readonly ConcurrentDictionary<int, int> _partsLeft;
    private readonly Dictionary<int, TaskCompletionSource> _arrivals;

    // Entries large enough to be told of, with their titles.
    private readonly ConcurrentDictionary<int, string> _told = new();
    private readonly RateGate _rate;
    private readonly BinaryRefusals _refusals;

    /// <param name="parts">All there are, in the order in which they are best brought.</param>
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
            order.Halves == Halves.Definitions ? [] : Statistics(order));
        _graph = new WorkGraph([.. works.Where(work => work.Sql.Length == 0 || !done.Contains(work.Id))]);
        watch.Copied(parts.Sum(part => part.SourceBytes) - _left.Sum(part => part.SourceBytes), 0);
    }

    /// <param name="rowsAreThere">Told when the last row and the last large object has arrived, while others go on with
    /// what is made of them.</param>
    /// <exception cref="FaultException">What went wrong first; the others are stopped.</exception>
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
        // It only looks: what stops it is no failure of the copy.
        await stalls.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ct.ThrowIfCancellationRequested();
        if (failed.TryDequeue(out var first))
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(first);

        async Task CarryAllAsync()
        {
            await Task.WhenAll(readers.Select(reader =>
                Task.Run(() => GuardAsync(token => CarryAsync(reader, token)), CancellationToken.None)));
            // Also when something that is made of them has failed meanwhile: what is there, is there.
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
                // Behind the first, others only break off because they are stopped.
                failed.Enqueue(e);
                await stop.CancelAsync();
            }
        }
    }

    /// <summary>Small plans have room for twenty connections: what there is, both kinds share as they would have shared
    /// more, and each has one.</summary>
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

    /// <param name="again">To be copied first; null: whatever is next.</param>
    /// <returns>Null: nothing is left. Else a part that is to be copied again over another session, and others behind
    /// it.</returns>
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
                // What it needs was given out before, and waits for nobody in a circle.
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

    /// <summary>Of all tables; partitions have theirs with the table they are parts of.</summary>
    private static Dictionary<int, string> Statistics(RestoreOrder order)
    {
        var parts = order.First.Where(entry => entry.Is("TABLE ATTACH"u8))
            .Select(entry => (entry.Namespace, entry.Tag)).ToHashSet();
        return order.First.Where(entry => entry.Is("TABLE"u8) && !parts.Contains((entry.Namespace, entry.Tag)))
            .ToDictionary(entry => entry.DumpId, entry => $"ANALYZE {ArchiveSql.Qualified(entry)}");
    }
}
