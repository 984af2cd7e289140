using System.CommandLine;
using Godwit.Faults;
using Godwit.Journal;

namespace Godwit.App.Cli.Flags;

/// <summary>What is said about an app and a database that a migration makes at Heroku.</summary>
internal sealed class CreationFlags
{
    /// <summary>What Heroku has ever offered lies far within.</summary>
    private const int MajorMin = 9, MajorMax = 99;

    private readonly Option<bool> _createApp = new("--create-app")
    {
        Description = "Create the app if there is none of that name.",
    };

    private readonly Option<string?> _region = new("--region")
    {
        Description = "With --create-app: the app's region, us or eu. Default: us.", HelpName = "REGION",
    };

    private readonly Option<string?> _team = new("--team")
    {
        Description = "With --create-app: the team that owns the app. Default: you.", HelpName = "TEAM",
    };

    private readonly Option<string?> _space = new("--space")
    {
        Description = "With --create-app: the Private Space of the app. Needs a private or shield --plan.",
        HelpName = "SPACE",
    };

    private readonly Option<int?> _pgVersion = PgVersionOption();

    public IReadOnlyList<Option> All => [_createApp, _region, _team, _space, _pgVersion];

    public static Option<int?> PgVersionOption() => new("--pg-version")
    {
        Description = "The major version of PostgreSQL of a database that is ordered, e.g. 16. Default: Heroku's.",
        HelpName = "MAJOR",
    };

    public RunSettings Over(RunSettings settings, ParseResult parsed) => settings with
    {
        CreateApp = parsed.GetValue(_createApp),
        Region = parsed.GetValue(_region),
        Team = parsed.GetValue(_team),
        Space = parsed.GetValue(_space),
        PgVersion = parsed.GetValue(_pgVersion),
    };

    public static IEnumerable<OptionProblem> Problems(RunSettings settings)
    {
        var ofApp = new[] { ("--region", settings.Region), ("--team", settings.Team), ("--space", settings.Space) };
        foreach (var (flag, _) in ofApp.Where(one => one.Item2 is not null && !settings.CreateApp))
        {
            yield return new(
                flag, "is for an app that is created, and --create-app is missing",
                $"Add --create-app, or leave {flag} out.");
        }

        if (settings is { Space: not null, Region: not null })
        {
            yield return new(
                "--region", "is given together with --space, which has a region of its own", "Leave --region out.");
        }

        if (settings.Space is not null && !IsOfSpaces(settings.Plan))
        {
            yield return new(
                "--space", "needs a plan for databases of a space",
                "Name one with --plan, for example private-0 or shield-0.");
        }

        foreach (var problem in VersionProblems(settings))
            yield return problem;
    }

    public static IEnumerable<OptionProblem> VersionProblems(RunSettings settings)
    {
        if (settings.PgVersion is < MajorMin or > MajorMax)
        {
            yield return new(
                "--pg-version", $"is {settings.PgVersion}", "Give a major version of PostgreSQL, for example 17.");
        }
    }

    private static bool IsOfSpaces(string? plan) =>
        Heroku.HerokuPlanSize.ShortName(plan) is { } name && Heroku.HerokuPlanSize.IsInSpace(name);
}
