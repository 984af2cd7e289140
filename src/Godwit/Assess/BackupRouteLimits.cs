using System.Globalization;

namespace Godwit.Assess;

/// <summary>The limits of Heroku's restore. Beyond them a migration uses the direct route by default.</summary>
public static class BackupRouteLimits
{
    /// <summary>Recommended by Heroku for its restore.</summary>
    /// <remarks>https://devcenter.heroku.com/articles/heroku-postgres-import-export</remarks>
    public const long AdviceBytes = 20_000_000_000;

    /// <summary>Of Heroku's guides for migrations.</summary>
    public const long GuidesBytes = 100_000_000_000;

    /// <summary>Heroku restores no archives into Shield plans.</summary>
    /// <param name="plan">Short name.</param>
    public static bool HasRestore(string plan) => !plan.StartsWith("shield", StringComparison.Ordinal);

    /// <summary>Why the route through a store is not used: a clause; null: it is. Naming a store or accepting the size
    /// chooses that route wherever possible.</summary>
    /// <param name="bytes">The source's size.</param>
    /// <param name="plan">Short name of the target's plan; null: not known yet, so one with a restore.</param>
    /// <param name="accept">Accepted codes.</param>
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
