namespace Godwit.Heroku;

/// <summary>What a plan holds. Heroku's API tells prices and not sizes, so the sizes are here, in this one table; the
/// prices are for those who have no token.</summary>
/// <param name="Plan">Short name: <c>essential-1</c>.</param>
/// <param name="Dollars">Per month; <see cref="HerokuPrices"/> asks for today's.</param>
/// <param name="TablesMax">Null: no limit.</param>
public sealed record HerokuPlanSize(string Plan, long Bytes, int ConnectionsMax, int Dollars, int? TablesMax = null)
{
    /// <summary>When the table was last compared with what is published.</summary>
    public const string AsOf = "2026-06";

    private const long Gigabyte = 1_000_000_000;

    /// <summary>In order of price.</summary>
    /// <remarks>https://devcenter.heroku.com/articles/heroku-postgres-plans</remarks>
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

    /// <summary>Null for a plan this table does not know. Premium, private and shield plans hold what the standard plan
    /// of their number does.</summary>
    public static HerokuPlanSize? Find(string plan)
    {
        var dash = plan.LastIndexOf('-');
        var name = dash > 0 && plan[..dash] is "premium" or "private" or "shield" ? "standard" + plan[dash..] : plan;
        return All.FirstOrDefault(one => one.Plan == name);
    }

    /// <summary>Of the tier that other interfaces and tools of Heroku make and fill.</summary>
    /// <param name="plan">Short name.</param>
    public static bool IsAdvanced(string plan) =>
        plan.StartsWith("advanced", StringComparison.Ordinal)
        || plan.StartsWith("performance", StringComparison.Ordinal);

    /// <summary>Of a database in a Private Space.</summary>
    /// <param name="plan">Short name.</param>
    public static bool IsInSpace(string plan) =>
        plan.StartsWith("private", StringComparison.Ordinal) || plan.StartsWith("shield", StringComparison.Ordinal);

    /// <summary>Heroku makes connection pools for the databases of all other tiers.</summary>
    /// <param name="plan">Short name.</param>
    public static bool HasNoPool(string plan) => plan.StartsWith("essential", StringComparison.Ordinal);

    /// <summary><c>standard-0</c> of <c>heroku-postgresql:standard-0</c>, and of itself.</summary>
    public static string? ShortName(string? plan) => plan?[(plan.IndexOf(':', StringComparison.Ordinal) + 1)..];

    /// <summary>The cheapest that holds it with room to grow. Null when none does.</summary>
    public static HerokuPlanSize? Cheapest(long bytes, int tables) =>
        Cheapest(bytes, tables, connections: 0, GrowthFactor);

    /// <param name="connections">That it must allow.</param>
    /// <param name="growth">1: it holds what is there today.</param>
    public static HerokuPlanSize? Cheapest(long bytes, int tables, int connections, double growth) =>
        All.FirstOrDefault(one =>
            one.Bytes >= bytes * growth && (one.TablesMax is null || one.TablesMax >= tables)
            && one.ConnectionsMax >= connections);

    /// <summary>A plan that is full on the first day is the wrong plan.</summary>
    public const double GrowthFactor = 1.3;
}
