using Godwit.Faults;

namespace Godwit.Assess.Checks.Target;

internal static class PlanFindings
{
    /// <summary>Heroku counts tables now and then; what it does above the limit is not published. A plan of a contract
    /// may be in no list.</summary>
    public static IReadOnlyList<string> Acceptable { get; } = ["assess.plan_tables", "assess.plan_unknown"];

    public static Finding TooSmall(string subject, string has, string needed, string way, string command) => new(
        "assess.plan_too_small", Severity.Blocker,
        What: $"{subject} is too small for the source",
        Why: $"it holds {has}, and the source has {needed}",
        Remedy: $"Take a larger plan; {way}: {command}");

    public static Finding Tight(string subject, string has, string needed, string way, string command) => new(
        "assess.plan_tight", Severity.Warning,
        What: $"{subject} would be nearly full on its first day",
        Why: $"it holds {has}, and the source has {needed} already; with 30 % more it would be over its limit",
        Remedy: "A copy is often somewhat smaller than its source, because it has no bloat. If you expect growth, "
            + $"{way}: {command}");

    public static Finding Tables(string subject, int max, int tables, string way, string command) => new(
        "assess.plan_tables", Severity.Blocker,
        What: $"{subject} allows fewer tables than the source has",
        Why: $"Heroku allows {Phrase.Count(max, "table")} on it, and the source has {Phrase.Number(tables)}",
        Remedy: $"Take a plan without that limit; {way}: {command}");

    public static Finding Connections(string subject, int max, int connections, string larger) => new(
        "assess.plan_connections", Severity.Warning,
        What: $"{subject} allows fewer connections than the source has open now",
        Why: $"it allows {max}, and {connections} are open; it would refuse the rest with 'too many connections'",
        Remedy: "Make the applications' pools smaller, so that all their processes together stay below "
            + $"{max}.{larger}");

    public static Finding NoneFits(string needed, int tables, string largest, string holds) => new(
        "assess.no_plan_fits", Severity.Blocker,
        What: "No Heroku plan that Godwit knows is large enough",
        Why: $"the source has {needed} and {Phrase.Count(tables, "table")} and should have room to grow, "
            + $"and the largest plan ({largest}) holds {holds}",
        Remedy: "Ask Heroku which plan to take, and name it with --plan.");

    public static Finding Advanced(string subject) => new("assess.plan_advanced", Severity.Blocker,
        What: $"{subject} belongs to the Advanced tier",
        Why: "Heroku's guides for a move and the interfaces that Godwit uses are for Essential, Standard, Premium, "
            + "Private and Shield plans; the Advanced tier has other ones",
        Remedy: "Move to one of these plans, for example --plan standard-0. From there, Heroku's own wizard moves the "
            + "database on to the Advanced tier: heroku data:pg:migrate");

    public static Finding Unknown(string plan) => new("assess.plan_unknown", Severity.Blocker,
        What: $"Heroku has no plan {plan}",
        Why: "its list of plans does not name it, so the database could not be ordered",
        Remedy: "See the list: heroku addons:plans heroku-postgresql. Without --plan, Godwit takes the cheapest plan "
            + "that fits. If Heroku does sell you this plan, add --accept assess.plan_unknown.");

    public static Finding Unused(string plan, string addOn, string has) => new("assess.plan_unused", Severity.Note,
        What: $"--plan {plan} has no effect",
        Why: $"the target is {addOn}, which exists already, on {has}",
        Remedy: $"Leave --plan out. To use another plan, name a new app, or change the plan of {addOn} first.");

    public static Finding InSpace(string subject, string more) => new("assess.plan_in_space", Severity.Warning,
        What: $"{subject} belongs to a Private Space",
        Why: "only its own space and machines that the space lets in can reach it, and Godwit connects to it from "
            + $"this machine, to check and to compare it{more}",
        Remedy: "Run Godwit on a machine that the space lets in, or in a one-off dyno of an app of the space. The "
            + "database's region is the one of the space.");

    public static Finding Shield(string plan) => new("assess.shield", Severity.Blocker,
        What: $"Heroku restores no archive into a database on {plan}",
        Why: "Heroku does not offer its restore (PGBackups) for Shield databases",
        Remedy: "Copy directly instead, without a dump, from a machine that can reach the database: --route "
            + "direct, the default for this plan.");
}
