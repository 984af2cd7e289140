using Godwit.Faults;

namespace Godwit.Migration.CleanUp;

/// <summary>Finds what was left, removes it, and checks that it is gone.</summary>
public sealed class CleanUpRun(IReadOnlyList<ILeftovers> places)
{
    public async Task<IReadOnlyList<Leftover>> FindAsync(CancellationToken ct)
    {
        var found = new List<Leftover>();
        foreach (var place in places)
            found.AddRange((await place.FindAsync(ct)).Select(one => one with { Place = place }));
        return found;
    }

    /// <param name="found">From <see cref="FindAsync"/>; items with a reason to keep them stay.</param>
    /// <returns>The result of each item that was to be removed.</returns>
    public async Task<IReadOnlyList<Removal>> RemoveAsync(IReadOnlyList<Leftover> found, CancellationToken ct)
    {
        var removals = new List<Removal>();
        foreach (var place in places)
        {
            var here = found.Where(one => one.Kept is null && one.Place == place).ToList();
            var problems = new Dictionary<Leftover, string>();
            var remarks = new Dictionary<Leftover, string>();
            foreach (var one in here)
            {
                try
                {
                    if (await place.RemoveAsync(one, ct) is { } remark)
                        remarks[one] = remark;
                }
                catch (FaultException e)
                {
                    problems[one] = $"{e.Fault.Why} [{e.Fault.Code}]";
                }
            }

            if (here.Count == 0)
                continue;
            var still = await place.FindAsync(ct);
            removals.AddRange(here.Select(one => new Removal(one, still.Any(one.IsSameAs)
                ? problems.GetValueOrDefault(
                    one, one.Kind == LeftoverKind.Change ? "it is still so" : "it was deleted, and is still there")
                : null)
            {
                Remark = remarks.GetValueOrDefault(one),
            }));
            // A deletion can reveal what was not listed before, such as an old version.
            removals.AddRange(still.Where(one => one.Kept is null && !found.Any(one.IsSameAs))
                .Select(one => new Removal(one, "it came to light when the rest was deleted")));
        }

        return removals;
    }
}

/// <param name="Problem">Why it is still there, as a clause; null: a look showed that it is gone.</param>
public sealed record Removal(Leftover Leftover, string? Problem)
{
    /// <summary>What the place keeps of it for a time but no longer lists: sentences; null: nothing.</summary>
    public string? Remark { get; init; }
}
