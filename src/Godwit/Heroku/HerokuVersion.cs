namespace Godwit.Heroku;

/// <summary>A PostgreSQL major that Heroku offers. Heroku's API lists no versions, so this table has them; an existing
/// database is queried.</summary>
/// <param name="EndOfLife">The first day on which Heroku no longer runs it: databases are upgraded by then, without
/// asking.</param>
public sealed record HerokuVersion(int Major, DateOnly EndOfLife)
{
    /// <summary>When the table was last compared with Heroku's documentation.</summary>
    public const string AsOf = "2026-04";

    /// <summary>The major of a new database when none is requested.</summary>
    public const int Default = 17;

    /// <summary>Heroku runs three majors at a time and retires the oldest after each new one. It publishes quarters;
    /// the table has the day after the quarter. https://devcenter.heroku.com/articles/heroku-postgres-version-support,
    /// https://devcenter.heroku.com/changelog-items/2722</summary>
    public static IReadOnlyList<HerokuVersion> All { get; } =
    [
        new(14, new(2025, 10, 1)),
        new(15, new(2026, 10, 1)),
        new(16, new(2027, 10, 1)),
        new(17, new(2028, 10, 1)),
    ];

    public static int Newest => All[^1].Major;

    /// <summary>Null: unknown.</summary>
    public static HerokuVersion? Find(int major) => All.FirstOrDefault(one => one.Major == major);
}
