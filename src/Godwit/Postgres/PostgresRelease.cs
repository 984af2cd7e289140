namespace Godwit.Postgres;

/// <param name="EndOfLife">The day of its last release.</param>
public sealed record PostgresRelease(int Major, DateOnly EndOfLife)
{
    /// <summary>As published in 2026-11: https://www.postgresql.org/support/versioning/</summary>
    public static IReadOnlyList<PostgresRelease> All { get; } =
    [
        new(12, new(2024, 11, 21)),
        new(13, new(2025, 11, 13)),
        new(14, new(2026, 11, 12)),
        new(15, new(2027, 11, 11)),
        new(16, new(2028, 11, 9)),
        new(17, new(2029, 11, 8)),
        new(18, new(2030, 11, 14)),
    ];

    /// <summary>Null: not listed.</summary>
    public static PostgresRelease? Find(int major) => All.FirstOrDefault(one => one.Major == major);
}
