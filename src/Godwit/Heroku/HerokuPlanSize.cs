namespace Godwit.Heroku;

/// <summary>Capacity of a plan. Heroku's API has prices but no sizes, so this table has them. Its prices are for users
/// without a token.</summary>
/// <param name="Plan">Short name: <c>essential-1</c>.</param>
/// <param name="Dollars">Per month; <see cref="HerokuPrices"/> has current ones.</param>
/// <param name="TablesMax">Null: no limit.</param>
public sealed record HerokuPlanSize(string Plan, long Bytes, int ConnectionsMax, int Dollars, int? TablesMax = null)
{
    /// <summary>When the table was last compared with Heroku's documentation.</summary>
    public const string AsOf = "2026-06";

    private const long Gigabyte = 1_000_000_000;

    /// <summary>In order of price. https://devcenter.heroku.com/articles/heroku-postgres-plans</summary>
    public static IReadOnlyList<HerokuPlanSize> All { get; } =
    [
        new("essential-0", 1 * Gigabyte, 20, 5, TablesMax: 4000),
        new("essential-1", 10 * Gigabyte, 20, 9, TablesMax: 4000),
        new("essential-2", 32 * Gigabyte, 40, 20, TablesMax: 4000),
        new("standard-0", 64 * Gigabyte, 200, 50),
        new("standard-2", 256 * Gigabyte, 400, 200),
        new("standard-3", 512 * Gigabyte, 500, 400),
        new("standard-4", 768 * Gigabyte, 500, 750),
        new("standard-5", 1000 * Gigabyte, 500, 1400),
        new("standard-6", 1500 * Gigabyte, 500, 2000),
        new("standard-7", 2000 * Gigabyte, 500, 3500),
        new("standard-8", 3000 * Gigabyte, 500, 4500),
        new("standard-9", 4000 * Gigabyte, 500, 5800),
    ];

    /// <summary>Null for an unknown plan. Premium, private and shield plans have the capacity of the standard plan with
    /// their number.</summary>
    public static HerokuPlanSize? Find(string plan)
    {
        var dash = plan.LastIndexOf('-');
        var name = dash > 0 && plan[..dash] is "premium" or "private" or "shield" ? "standard" + plan[dash..] : plan;
        return All.FirstOrDefault(one => one.Plan == name);
    }

    /// <summary>The plan's tier has its own interfaces and tools at Heroku.</summary>
    /// <param name="plan">Short name.</param>
    public static bool IsAdvanced(string plan) =>
        plan.StartsWith("advanced", StringComparison.Ordinal)
        || plan.StartsWith("performance", StringComparison.Ordinal);

    /// <summary>The plan's databases are in a Private Space.</summary>
    /// <param name="plan">Short name.</param>
    public static bool IsInSpace(string plan) =>
        plan.StartsWith("private", StringComparison.Ordinal) || plan.StartsWith("shield", StringComparison.Ordinal);

    /// <summary>The only tier without connection pools.</summary>
    /// <param name="plan">Short name.</param>
    public static bool HasNoPool(string plan) => plan.StartsWith("essential", StringComparison.Ordinal);

    /// <summary><c>standard-0</c> for both <c>heroku-postgresql:standard-0</c> and <c>standard-0</c>.</summary>
    public static string? ShortName(string? plan) => plan?[(plan.IndexOf(':', StringComparison.Ordinal) + 1)..];

    /// <summary>With room for the data and for growth. Null: none is large enough.</summary>
    public static HerokuPlanSize? Cheapest(long bytes, int tables) =>
        Cheapest(bytes, tables, connections: 0, GrowthFactor);

    /// <param name="connections">Connections that the plan must allow.</param>
    /// <param name="growth">Factor on the size; 1: no room for growth.</param>
    public static HerokuPlanSize? Cheapest(long bytes, int tables, int connections, double growth) =>
        All.FirstOrDefault(one =>
            one.Bytes >= bytes * growth && (one.TablesMax is null || one.TablesMax >= tables)
            && one.ConnectionsMax >= connections);

    /// <summary>The plan must not be full on the first day.</summary>
    public const double GrowthFactor = 1.3;
}
