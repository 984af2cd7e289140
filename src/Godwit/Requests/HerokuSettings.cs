using System.Text.Json.Serialization;
using Godwit.Faults;
using Godwit.Heroku;
using Godwit.Postgres;
using Godwit.Targets;

namespace Godwit.Requests;

public sealed record HerokuSettings
{
    // Far beyond all that Heroku has ever offered.
    private const int MajorMin = 9, MajorMax = 99;

    /// <summary>Host of Heroku's API when the run began. A resume that reaches another Heroku (a rehearsal's, or the
    /// real one) would change the wrong app. Null: not known yet.</summary>
    [JsonPropertyName("heroku_host")]
    public string? Host { get; init; }

    /// <summary>The app (or attachment) whose contents may be replaced.</summary>
    public string? Confirm { get; init; }

    /// <summary>Add-on and fingerprint of live contents that may be deleted.</summary>
    public string? EmptyLive { get; init; }

    public bool CreateApp { get; init; }

    /// <summary>For an add-on that is created; null: the cheapest that fits.</summary>
    public string? Plan { get; init; }

    /// <summary>For an ordered add-on; null: Heroku's default.</summary>
    public int? PgVersion { get; init; }

    /// <summary>For an app that is created. Null: Heroku's default.</summary>
    public string? Region { get; init; }

    /// <summary>Pays for an app that is created.</summary>
    public string? Team { get; init; }

    /// <summary>The Private Space of an app that is created.</summary>
    public string? Space { get; init; }

    /// <param name="mayBeElsewhere">The target may be a database that is no app's.</param>
    public IEnumerable<OptionProblem> Problems(string to, bool mayBeElsewhere) =>
        [.. CreationProblems(), .. mayBeElsewhere && IsElsewhere(to) ? ElsewhereProblems() : TargetProblems(to)];

    /// <summary>The target is a PostgreSQL outside Heroku.</summary>
    internal static bool IsElsewhere(string to) =>
        !HerokuTargetName.IsOne(to) && (PostgresSource.IsReference(to) || to.Contains("://", StringComparison.Ordinal));

    internal static OptionProblem Elsewhere(string flag) => new(flag,
        "is for a target at Heroku, and --to names another database",
        flag is "--confirm" or "--empty-live"
            ? "Leave it out, and name an empty database: Godwit empties none that is not Heroku's."
            : "Leave it out, and name a database that is there.");

    private IEnumerable<OptionProblem> ElsewhereProblems() => new (string Flag, object? Value)[]
    {
        ("--confirm", Confirm), ("--empty-live", EmptyLive), ("--plan", Plan),
        ("--create-app", CreateApp ? "" : null), ("--region", Region), ("--team", Team), ("--space", Space),
        ("--pg-version", PgVersion),
    }.Where(one => one.Value is not null).Select(one => Elsewhere(one.Flag));

    private IEnumerable<OptionProblem> TargetProblems(string to)
    {
        var (app, fault) = ("", (Fault?)null);
        try
        {
            app = HerokuTargetName.Parse(to).App;
        }
        catch (FaultException e)
        {
            fault = e.Fault;
        }

        if (fault is not null)
            yield return new("--to", $"cannot be used: {fault.Why}", fault.Remedy);
        else if (Confirm is not null && Confirm != app)
            yield return new("--confirm", $"is '{Confirm}' and the target's app is '{app}'",
                "Nothing was done. Type the name of the app whose database may be emptied.");
        if (EmptyLive is not null && Confirm is null)
            yield return new("--empty-live", $"is '{EmptyLive}', and --confirm is missing",
                "Nothing was done. Give both, or none.");
    }

    private IEnumerable<OptionProblem> CreationProblems()
    {
        var ofApp = new[] { ("--region", Region), ("--team", Team), ("--space", Space) };
        foreach (var (flag, _) in ofApp.Where(one => one.Item2 is not null && !CreateApp))
            yield return new(flag, "is for an app that is created, and --create-app is missing",
                $"Add --create-app, or leave {flag} out.");
        if (Space is not null && Region is not null)
            yield return new("--region", "is given together with --space, which has a region of its own",
                "Leave --region out.");
        if (Space is not null && !(HerokuPlanSize.ShortName(Plan) is { } name && HerokuPlanSize.IsInSpace(name)))
            yield return new("--space", "needs a plan for databases of a space",
                "Name one with --plan, for example private-0 or shield-0.");
        if (PgVersion is < MajorMin or > MajorMax)
            yield return new("--pg-version", $"is {PgVersion}",
                "Give a major version of PostgreSQL, for example 17.");
    }
}
