namespace Godwit.Heroku;

/// <summary>A major version of PostgreSQL that Heroku offers. Its API lists plans and not versions, so they are here,
/// in this one table; a database that exists already is asked itself.</summary>
/// <param name="EndOfLife">The first day on which Heroku does not run it any more: databases are upgraded by then,
/// without asking.</param>
public sealed record HerokuVersion(int Major, DateOnly EndOfLife)
{
    /// <summary>When the table was last compared with what is published.</summary>
    public const string AsOf = "2026-04";

    /// <summary>What a new database gets when nobody asks for another.</summary>
    public const int Default = 17;

    /// <summary>Heroku runs three majors at a time and retires the oldest after each new one; it names quarters, of
    /// which this is the end.</summary>
    /// <remarks>https://devcenter.heroku.com/articles/heroku-postgres-version-support,
    /// https://devcenter.heroku.com/changelog-items/2722</remarks>
    public static IReadOnlyList<HerokuVersion> All { get; } =
    [
        new(14, new(2025, 10, 1)),
        new(15, new(2026, 10, 1)),
        new(16, new(2027, 10, 1)),
        new(17, new(2028, 10, 1)),
    ];

    public static int Newest => All[^1].Major;

    /// <summary>Null for a major this table does not know.</summary>
    public static HerokuVersion? Find(int major) => All.FirstOrDefault(one => one.Major == major);
}
