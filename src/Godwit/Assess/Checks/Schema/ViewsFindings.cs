using Godwit.Faults;

namespace Godwit.Assess.Checks.Schema;

internal static class ViewsFindings
{
    public static Finding Volatile(string count, string named, string options) => new(
        "assess.volatile_views", Severity.Note,
        What: $"{count} may hold other rows at the target",
        Why: "the target fills a materialized view by running its query, and these queries need not give the same rows "
            + $"twice: they use the clock, the session, random values or functions that are declared VOLATILE: {named}",
        Remedy: "The comparison calls such a view different if its rows are neither those of the source nor what its "
            + "query gives there at that moment. "
            + $"Where the rows may differ, accept each by its name:\n{options}");

    public static Finding Accepted(string count, string named) => new("assess.volatile_views_accepted", Severity.Note,
        What: $"{count} may hold other rows at the target, as you accepted with --accept-view",
        Why: $"the queries need not give the same rows twice: {named}",
        Remedy: "");
}
