using Godwit.Proof;

namespace Godwit.Verify.Rows;

/// <summary>The tables of both sides, matched by name.</summary>
/// <param name="Pairs">To be compared.</param>
/// <param name="Unfilled">Materialized views with rows at the target that were never refreshed at the source: only
/// their query can be compared.</param>
/// <param name="Settled">Need no look at the rows.</param>
internal sealed record Inventory(
    IReadOnlyList<TablePair> Pairs, IReadOnlyList<TablePair> Unfilled, IReadOnlyList<TableVerdict> Settled,
    IReadOnlyList<Omission> Omissions)
{
    public static Inventory Of(
        IReadOnlyDictionary<string, SideTable> source, IReadOnlyDictionary<string, SideTable> target,
        CommonGround common)
    {
        var pairs = new List<TablePair>();
        var unfilled = new List<TablePair>();
        var settled = new List<TableVerdict>();
        var omissions = new List<Omission>();
        foreach (var name in source.Keys.Union(target.Keys))
        {
            var (left, right) = (source.GetValueOrDefault(name), target.GetValueOrDefault(name));
            if (left is { Kind: SideTable.Foreign } || right is { Kind: SideTable.Foreign })
                omissions.Add(new(name, "its rows are on another server: it is a foreign table", HoldsData: false));
            else if (left is null || right is null)
                settled.Add(new(name, Outcome.Different, null, null)
                {
                    Why = left is null ? "the source has no such table" : "the target has no such table",
                    Bytes = left?.Bytes,
                });
            else if (!left.IsFilled && !right.IsFilled)
                omissions.Add(new(name,
                    "it is a materialized view that was never refreshed, on both sides, and holds nothing",
                    HoldsData: false));
            else if (!right.IsFilled)
                settled.Add(new(name, Outcome.Different, null, null)
                {
                    Why = "the materialized view was never refreshed at the target", Bytes = left.Bytes,
                });
            else if (left.Hindrance is not null || right.Hindrance is not null)
                settled.Add(new(name, Outcome.NotCompared, null, null)
                {
                    Why = left.Hindrance is { } why ? $"at the source {why}" : $"at the target {right.Hindrance}",
                    Bytes = left.Bytes,
                });
            else
                (left.IsFilled ? pairs : unfilled).Add(new(left, right, new RowShape(left, right, common)));
        }

        return new(pairs, unfilled, settled, omissions);
    }
}
