namespace Godwit.Heroku;

/// <summary>What a plan holds. Heroku's API tells prices and not sizes, so the sizes are here, in this one table.</summary>
/// <param name="Plan">Short name: <c>essential-1</c>.</param>
/// <param name="TablesMax">Null: no limit.</param>
public sealed record HerokuPlanSize(string Plan, long Bytes, int ConnectionsMax, int? TablesMax = null)
{
    private const long Gigabyte = 1_000_000_000;

    /// <summary>In order of price. As published in 2026-06.</summary>
    /// <remarks>https://devcenter.heroku.com/articles/heroku-postgres-plans</remarks>
    public static IReadOnlyList<HerokuPlanSize> All { get; } =
    [
        new("essential-0", 1 * Gigabyte, 20, TablesMax: 4000),
        new("essential-1", 10 * Gigabyte, 20, TablesMax: 4000),
        new("essential-2", 32 * Gigabyte, 40, TablesMax: 4000),
        new("standard-0", 64 * Gigabyte, 200),
        new("standard-2", 256 * Gigabyte, 400),
        new("standard-3", 512 * Gigabyte, 500),
        new("standard-4", 768 * Gigabyte, 500),
        new("standard-5", 1000 * Gigabyte, 500),
        new("standard-6", 1500 * Gigabyte, 500),
        new("standard-7", 2000 * Gigabyte, 500),
        new("standard-8", 3000 * Gigabyte, 500),
        new("standard-9", 4000 * Gigabyte, 500),
    ];

    /// <summary>Null for a plan this table does not know. Premium, private and shield plans hold what the standard plan of their number does.</summary>
    public static HerokuPlanSize? Find(string plan)
    {
        var dash = plan.LastIndexOf('-');
        var name = dash > 0 && plan[..dash] is "premium" or "private" or "shield" ? "standard" + plan[dash..] : plan;
        return All.FirstOrDefault(one => one.Plan == name);
    }

    /// <summary>The cheapest that holds it with room to grow. Null when none does.</summary>
    public static HerokuPlanSize? Cheapest(long bytes, int tables) =>
        All.FirstOrDefault(one => one.Bytes >= bytes * GrowthFactor && (one.TablesMax is null || one.TablesMax >= tables));

    /// <summary>A plan that is full on the first day is the wrong plan.</summary>
    public const double GrowthFactor = 1.3;
}
