namespace Godwit.HerokuLocal.Platform;

/// <summary>A plan of heroku-postgresql.</summary>
/// <param name="PriceCents">Per month; 0 with <paramref name="ByContract"/>: not public.</param>
/// <param name="TablesMax">Null: no limit.</param>
internal sealed record Plan(
    string Name, long StorageBytes, int Connections, int PriceCents, bool ByContract, int? TablesMax)
{
    public const string Service = "heroku-postgresql";

    private const long Gigabyte = 1L << 30;

    // By tier number: storage, connections, price of standard and of premium. Tier 1 does not exist.
    private static readonly (int Number, long Gigabytes, int Connections, int StandardDollars,
        int PremiumDollars)[] Tiers =
    [
        (0, 64, 200, 50, 200), (2, 256, 400, 200, 350), (3, 512, 500, 400, 750), (4, 768, 500, 750, 1200),
        (5, 1024, 500, 1400, 2500),
        (6, 1536, 500, 2000, 3500), (7, 2048, 500, 3500, 6000), (8, 3072, 500, 4500, 8500), (9, 4096, 500, 5800, 11000),
    ];

    public static IReadOnlyList<Plan> All { get; } =
    [
        new("essential-0", Gigabyte, 20, 500, false, 4000),
        new("essential-1", 10 * Gigabyte, 20, 900, false, 4000),
        new("essential-2", 32 * Gigabyte, 40, 2000, false, 4000),
        .. Tiers.Select(t => new Plan($"standard-{t.Number}", t.Gigabytes * Gigabyte, t.Connections,
            t.StandardDollars * 100, false, null)),
        .. Tiers.Select(t => new Plan($"premium-{t.Number}", t.Gigabytes * Gigabyte, t.Connections,
            t.PremiumDollars * 100, false, null)),
        .. Tiers.Select(t => new Plan($"private-{t.Number}", t.Gigabytes * Gigabyte, t.Connections, 0, true, null)),
        .. Tiers.Select(t => new Plan($"shield-{t.Number}", t.Gigabytes * Gigabyte, t.Connections, 0, true, null)),
    ];

    public string FullName => $"{Service}:{Name}";

    public bool IsEssential => Name.StartsWith("essential", StringComparison.Ordinal);

    /// <summary>Shield has no PGBackups.</summary>
    public bool HasBackups => !Name.StartsWith("shield", StringComparison.Ordinal);

    /// <summary>The database setting that lists the allowed extensions.</summary>
    public string ExtensionsSetting => IsEssential ? "rds.allowed_extensions" : "extwlist.extensions";

    public static Plan Of(string name) => All.First(p => p.Name == name);

    /// <summary>Null: no such plan.</summary>
    /// <param name="asked">With the service's name, which alone means its cheapest plan.</param>
    public static Plan? Find(string asked) =>
        asked == Service ? All[0] : All.FirstOrDefault(p => p.FullName == asked);
}
