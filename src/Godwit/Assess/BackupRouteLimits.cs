using System.Globalization;

namespace Godwit.Assess;

/// <summary>What Heroku's own restore is made for. Where it will not do, a migration goes straight from server to
/// server by itself.</summary>
public static class BackupRouteLimits
{
    /// <summary>Heroku's own advice for its restore.</summary>
    /// <remarks>https://devcenter.heroku.com/articles/heroku-postgres-import-export</remarks>
    public const long AdviceBytes = 20_000_000_000;

    /// <summary>Heroku's guides for a move.</summary>
    public const long GuidesBytes = 100_000_000_000;

    /// <summary>Heroku restores no archive into a database of a Shield plan.</summary>
    /// <param name="plan">Its short name.</param>
    public static bool HasRestore(string plan) => !plan.StartsWith("shield", StringComparison.Ordinal);

    /// <summary>Why the way through a store will not do; null: it will. Who has named a store, or has taken the size
    /// on, wants that way as long as it is possible at all.</summary>
    /// <param name="bytes">Of the source.</param>
    /// <param name="plan">Of the target, its short name; null: not known yet, and then of those that have a
    /// restore.</param>
    /// <param name="namesStore">Somebody has named the store to use.</param>
    /// <param name="accept">Codes of what a person has taken on.</param>
    /// <returns>A clause.</returns>
    public static string? WhyNot(long bytes, string? plan, bool namesStore, IReadOnlyList<string> accept)
    {
        if (plan is not null && !HasRestore(plan))
            return $"Heroku offers no restore for databases on {plan}";
        var size = string.Create(CultureInfo.InvariantCulture, $"the source has {bytes / 1_000_000_000} GB");
        return bytes switch
        {
            > GuidesBytes when !accept.Contains("assess.very_large") =>
                $"{size}, and Heroku's restore is made for up to 20 GB",
            > AdviceBytes and <= GuidesBytes when !namesStore =>
                $"{size}, and Heroku advises its restore for up to 20 GB",
            _ => null,
        };
    }
}
