using Godwit.Faults;

namespace Godwit.Assess.Checks.Schema;

internal static class ViewsFindings
{
    public static Finding Volatile(string count, string named, string options) => new(
        "assess.volatile_views", Severity.Note,
        What: $"{count} may hold other rows at the target",
        Why: "the target fills a materialized view by running its query, and these queries can return other rows each "
            + $"time: they use the clock, the session, random values or functions that are declared VOLATILE: {named}",
        Remedy: "The comparison reports such a view as different if its rows are neither those at the source nor those "
            + "that its query returns at the source at that moment. "
            + $"If the rows may differ, accept each view by its name:\n{options}");

    public static Finding Accepted(string count, string named) => new("assess.volatile_views_accepted", Severity.Note,
        What: $"{count} may hold other rows at the target, as you accepted with --accept-view",
        Why: $"the queries can return other rows each time: {named}",
        Remedy: "");
}
