namespace Godwit.Copy.Definitions;

/// <summary>Gives out works when all they need is done, and no other work uses a table they need alone.</summary>
internal sealed class WorkGraph
{
    private readonly Lock _gate = new();
    private readonly Dictionary<WorkId, int> _missing = [];
    private readonly Dictionary<WorkId, List<Work>> _waiting = [];
    private readonly int[] _leftOfPass = new int[Enum.GetValues<RestorePass>().Length];
    private readonly SortedSet<Work> _possible = new(Comparer<Work>.Create(InOrder));
    private readonly Dictionary<WorkId, RestorePass> _passes;
    private readonly Dictionary<int, int> _shared = [];
    private readonly HashSet<int> _claimed = [];
    private readonly HashSet<WorkId> _left;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="works">A work without SQL is never given out; a caller reports it done.</param>
    public WorkGraph(IReadOnlyCollection<Work> works)
    {
        _left = [.. works.Select(work => work.Id)];
        _passes = works.ToDictionary(work => work.Id, work => work.Pass);
        foreach (var work in works)
        {
            _leftOfPass[(int)work.Pass]++;
            var needs = work.Needs.Where(_left.Contains).Distinct().ToList();
            _missing[work.Id] = needs.Count;
            foreach (var need in needs)
                Waiting(need).Add(work);
            if (needs.Count == 0)
                Possible(work);
        }
    }

    /// <summary>Null: all are done.</summary>
    public async Task<Work?> TakeAsync(CancellationToken ct)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (_left.Count == 0)
                    return null;
                if (TryTake() is { } work)
                    return work;
                changed = _changed.Task;
            }

            await changed.WaitAsync(ct);
        }
    }

    /// <summary>More small works that are possible now.</summary>
    public IReadOnlyList<Work> TakeSmall(int max)
    {
        lock (_gate)
        {
            var taken = new List<Work>();
            foreach (var work in _possible.Where(work => work.IsSmall).ToList())
            {
                if (taken.Count == max)
                    break;
                if (!IsFree(work))
                    continue;
                Begin(work);
                taken.Add(work);
            }

            return taken;
        }
    }

    public void Done(Work work)
    {
        lock (_gate)
        {
            foreach (var table in work.Shares.Where(table => --_shared[table] == 0))
                _shared.Remove(table);
            _claimed.ExceptWith(work.Claims);
            Finish(work.Id);
        }
    }

    /// <summary>For work of others: all rows of a table are there.</summary>
    public void Done(WorkId id)
    {
        lock (_gate)
            Finish(id);
    }

    private Work? TryTake()
    {
        var pass = Array.FindIndex(_leftOfPass, left => left > 0);
        var best = _possible.FirstOrDefault(IsFree);
        if (best is null || (int)best.Pass != pass)
            return null;
        Begin(best);
        return best;
    }

    private void Begin(Work work)
    {
        _possible.Remove(work);
        foreach (var table in work.Shares)
            _shared[table] = _shared.GetValueOrDefault(table) + 1;
        _claimed.UnionWith(work.Claims);
    }

    private bool IsFree(Work work) => !work.Shares.Any(_claimed.Contains)
        && !work.Claims.Any(table => _claimed.Contains(table) || _shared.ContainsKey(table));

    private void Finish(WorkId id)
    {
        if (!_left.Remove(id))
            return;
        _leftOfPass[(int)_passes[id]]--;
        if (_waiting.Remove(id, out var waiting))
        {
            foreach (var work in waiting.Where(work => --_missing[work.Id] == 0))
                Possible(work);
        }

        var changed = _changed;
        _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        changed.SetResult();
    }

    private void Possible(Work work)
    {
        if (work.Sql.Length > 0)
            _possible.Add(work);
    }

    // By pass, then the largest first, then in the archive's order.
    private static int InOrder(Work one, Work other) =>
        (one.Pass, -one.Bytes, one.Id.DumpId, one.Id.Part)
            .CompareTo((other.Pass, -other.Bytes, other.Id.DumpId, other.Id.Part));

    private List<Work> Waiting(WorkId need) => _waiting.TryGetValue(need, out var list) ? list : _waiting[need] = [];
}
