using Godwit.Faults;
using Godwit.Postgres;
using Godwit.Proof;
using Godwit.Verify.Rows;

namespace Godwit.Verify.Views;

/// <summary>Judges materialized views whose rows differ. The source's rows date from its last REFRESH, the target's are
/// current. So the target's rows are right too if the view's query returns them at the source, in the same
/// snapshot.</summary>
/// <param name="equal">Materialized views with the same rows on both sides, whose stored rows may be read.</param>
/// <param name="accepted">Views that may differ, by title.</param>
/// <param name="volatiles">By title: the parts of a view's query that need not return the same rows twice.</param>
internal sealed class ViewsComparer(
    BothSides both, CompareTeller teller, IReadOnlySet<string> equal, IReadOnlySet<string> accepted,
    IReadOnlyDictionary<string, VolatileView> volatiles)
{
    /// <summary>An option of the executable, named in messages.</summary>
    internal const string AcceptFlag = "--accept-view";

    /// <param name="found">The comparison with the source's rows; null: the view was never refreshed there.</param>
    /// <returns>A verdict; or why the view could not be compared.</returns>
    public async Task<(TableVerdict? Verdict, Omission? Omission)> JudgeAsync(
        TablePair pair, TableVerdict? found, CancellationToken ct)
    {
        var begun = both.Clock.GetTimestamp();
        var seen = found ?? Unfilled(pair);
        if (found is not null && accepted.Contains(pair.Title))
            return (AcceptedAsIs(seen), null);
        if (pair.Shape.OnlyOnOneSide.Count > 0)
            return (await DifferentAsync(pair, found, seen, "", ct), null);
        try
        {
            var (fresh, whyNot) = await AskAsync(pair, ct);
            if (fresh is null)
                return NotCompared(pair, seen, whyNot!);
            seen = seen with
            {
                FreshRows = fresh.SourceRows,
                FreshHash = fresh.SourceHash,
                TargetRows = fresh.TargetRows,
                TargetHash = fresh.TargetHash,
            };
            if (fresh.Outcome == Outcome.Equal)
                return (seen with
                {
                    Outcome = Outcome.Equal,
                    Why = "",
                    Took = seen.Took + both.Clock.GetElapsedTime(begun),
                }, null);
        }
        catch (FaultException e) when (PostgresSession.StateOf(e) is not null && e.Fault.Kind != FaultKind.Transient)
        {
            return NotCompared(pair, seen, $"the source cannot run its query now: {e.Fault.Why}");
        }

        var judged = await DifferentAsync(pair, found, seen,
            $"its query gives {Phrase.Count(seen.FreshRows!.Value, "row")} at the source now, and other ones", ct);
        return (judged with { Took = judged.Took + both.Clock.GetElapsedTime(begun) }, null);
    }

    /// <summary>A view accepted by name is expected to differ, or not to be comparable.</summary>
    public static TableVerdict Judged(TableVerdict verdict, IReadOnlySet<string> accepted) =>
        verdict.Outcome is Outcome.Different or Outcome.NotCompared && accepted.Contains(verdict.Table)
            ? AcceptedAsIs(verdict) : verdict;

    private static TableVerdict Unfilled(TablePair pair) => new(pair.Title, Outcome.Different, null, null)
    {
        Why = "the materialized view was never refreshed at the source", Bytes = pair.Source.Bytes,
    };

    // Compares the target's rows with those that the query returns.
    private async Task<(TableVerdict? Verdict, string? WhyNot)> AskAsync(TablePair pair, CancellationToken ct)
    {
        var views = await both.Of(true)
            .AskAsync(session => ViewDefinition.ReachedAsync(session, pair.Source.Name, ct), ct);
        // At the counts level equal numbers do not prove another view's rows equal.
        var query = new ViewQuery(views, name => both.Options.Level == VerifyLevel.Counts || !equal.Contains(name));
        return query.Of(pair) is { } sql
            ? (await new TableJob(pair with { SourceQuery = sql }, both).FreshAsync(teller, ct), null)
            : (null, query.WhyNot);
    }

    // Compares again, now row by row.
    private async Task<TableVerdict> DifferentAsync(
        TablePair pair, TableVerdict? found, TableVerdict seen, string fresh, CancellationToken ct)
    {
        var whole = found is null ? seen : await new TableJob(pair, both).RunAsync(teller, onlySums: false, ct);
        string[] why = [whole.Why, fresh, volatiles.TryGetValue(pair.Title, out var cause) ? Hint(cause) : ""];
        return whole with
        {
            Outcome = Outcome.Different,
            FreshRows = seen.FreshRows,
            FreshHash = seen.FreshHash,
            TargetRows = seen.TargetRows ?? whole.TargetRows,
            Why = string.Join("; ", why.Where(said => said.Length > 0)),
        };
    }

    private static string Hint(VolatileView view) =>
        $"its query need not give the same rows twice, because of {Phrase.List([.. view.Because])}: "
        + $"if it may differ, add {AcceptFlag} '{view.Name}'";

    private static TableVerdict AcceptedAsIs(TableVerdict seen) => seen with
    {
        Outcome = Outcome.Expected,
        Why = $"accepted with {AcceptFlag}: it is a materialized view with {Count(seen.SourceRows)} at the source "
            + $"and {Count(seen.TargetRows)} at the target"
            + (seen.SourceRows is null && seen.TargetRows is null ? $" ({seen.Why})" : ""),
    };

    private static string Count(long? rows) =>
        rows is { } known ? Phrase.Count(known, "row") : "rows that nobody counted";

    // The view derives from tables that are compared, so it is not the user's data.
    private static (TableVerdict?, Omission?) NotCompared(TablePair pair, TableVerdict seen, string why) => (null, new(
        pair.Title,
        $"it is a materialized view whose rows are not those at the source ({Count(seen.SourceRows)} there, "
        + $"{Count(seen.TargetRows)} at the target), and {why}", HoldsData: false));
}
