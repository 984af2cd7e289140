using System.CommandLine;
using Godwit.App.Cli.Flags;
using Godwit.Faults;
using Godwit.Journal;
using Godwit.Load;
using Godwit.Postgres;
using Godwit.Verify;

namespace Godwit.App.Cli.Commands;

/// <summary>The flags of a migration, and how they become <see cref="RunSettings"/>.</summary>
internal sealed class MigrateOptions
{
    private readonly SourceFlags _source = new();
    private readonly RouteFlags _route = new();
    private readonly DumpFlags _dump = DumpFlags.ForMigrate();
    private readonly CleanFlags _clean = new();
    private readonly StoreFlags _store = new();
    private readonly FreezeFlags _freeze = new();
    private readonly SwitchFlags _switch = new();
    private readonly QueryFlags _query = new();

    private readonly Option<string> _to = new("--to")
    {
        Description = "The target: heroku:APP, heroku:APP/ATTACHMENT when the app has several databases, or an empty "
            + $"database of any other PostgreSQL: {SourceFlags.Databases}.",
        HelpName = "TARGET", Required = true,
    };

    private readonly Option<string?> _via = new("--via")
    {
        Description = $"The store the dump goes through: {StoreFlags.Kinds}. Default: "
            + "the source's provider's own, if its credentials are there.",
        HelpName = "STORE",
    };

    private readonly Option<string?> _confirm = new("--confirm")
    {
        Description = "With heroku:APP: the app's name; its database may be emptied first, if nobody uses it.",
        HelpName = "APP",
    };

    private readonly Option<string?> _emptyLive = EmptyLiveOption();

    private readonly CreationFlags _creation = new();

    private readonly Option<string?> _plan = new("--plan")
    {
        Description = "The plan for a new database, e.g. standard-0. Default: "
            + "the cheapest that fits, with 30 % to grow.", HelpName = "PLAN",
    };

    private readonly Option<bool> _backup = new("--i-have-a-backup")
    {
        Description = "A recent backup of the source exists. Required: "
            + "without it a migration stops before it changes anything.",
    };

    private readonly Option<string?> _verify = VerifyFlags.LevelOption(VerifyLevels.Unsaid, "--verify");

    private readonly Option<string[]> _accept =
        AcceptFlag.Repeatable("Accept a fault by its code. May be repeated.");

    private readonly Option<string[]> _acceptView = AcceptViewFlag.Repeatable();

    public IReadOnlyList<Option> All =>
    [
        .. _source.All, _to, .. _route.All, _via, _confirm, _emptyLive, _plan, .. _creation.All, .. _freeze.All,
        _backup, _verify, .. _query.All, _accept, _acceptView, .. _switch.All, .. _dump.All, .. _clean.All,
        .. _store.Making, .. _store.Buckets, .. _store.Links,
    ];

    /// <exception cref="FaultException"><c>cli.options</c>, with every problem at once.</exception>
    public RunSettings Read(ParseResult parsed)
    {
        var settings = new RunSettings
        {
            From = _source.Read(parsed),
            To = parsed.GetRequiredValue(_to),
            Via = parsed.GetValue(_via) ?? "",
            Confirm = parsed.GetValue(_confirm),
            EmptyLive = parsed.GetValue(_emptyLive),
            Plan = parsed.GetValue(_plan),
            HasBackup = parsed.GetValue(_backup),
            Verify = parsed.GetValue(_verify) ?? VerifyLevels.Unsaid,
            Accept = parsed.GetValue(_accept) ?? [],
            AcceptViews = parsed.GetValue(_acceptView) ?? [],
            DumpFlags = parsed.Given([_via]),
        };
        settings = _query.Over(_creation.Over(_store.Over(_freeze.Over(_switch.Over(_clean.Over(
            _dump.Over(_route.Over(settings, parsed), parsed), parsed), parsed), parsed), parsed), parsed), parsed);
        OptionProblems.RequireNone([.. _source.Problems(parsed), .. DumpFlags.Problems(settings),
            .. CleanFlags.Problems(settings.MapRoles), .. SwitchFlags.Problems(settings),
            .. _query.Problems(settings, parsed),
            .. _freeze.Problems(settings, parsed), .. CreationFlags.Problems(settings),
            .. TargetProblems(settings), .. HerokuOnly(settings, parsed),
            .. AcceptViewFlag.Problems(settings.AcceptViews), .. RouteFlags.Problems(settings)]);
        return settings;
    }

    /// <summary>Beside <c>--confirm</c>, for a database that is in use.</summary>
    public static Option<string?> EmptyLiveOption() => new("--empty-live")
    {
        Description = "With --confirm: a database in use may be emptied too. "
            + "Godwit prints the value, which is good until something is written there.",
        HelpName = "ADDON:STATE",
    };

    /// <summary>Another PostgreSQL than Heroku's, by its address.</summary>
    private static bool IsDatabase(string to) =>
        !HerokuTargetName.IsOne(to) && (PostgresSource.IsReference(to) || to.Contains("://", StringComparison.Ordinal));

    /// <summary>What makes sense for an app's database alone.</summary>
    private IEnumerable<OptionProblem> HerokuOnly(RunSettings settings, ParseResult parsed)
    {
        if (!IsDatabase(settings.To))
            yield break;
        foreach (var flag in parsed.Given(
            [_confirm, _emptyLive, _plan, .. _creation.All, _switch.AttachOption]))
        {
            yield return new(flag, "is for a target at Heroku, and --to names another database",
                flag is "--confirm" or "--empty-live"
                    ? "Leave it out, and name an empty database: Godwit empties none that is not Heroku's."
                    : "Leave it out, and name a database that is there.");
        }
    }

    private static IEnumerable<OptionProblem> TargetProblems(RunSettings settings)
    {
        if (IsDatabase(settings.To))
            yield break;
        if (TargetProblem(settings.To, out var app) is { } problem)
            yield return problem;
        else if (settings.Confirm is { } confirm && confirm != app)
            yield return new("--confirm", $"is '{confirm}' and the target's app is '{app}'",
                "Nothing was done. Type the name of the app whose database may be emptied.");
        if (settings is { EmptyLive: { } live, Confirm: null })
        {
            yield return new("--empty-live", $"is '{live}', and --confirm is missing",
                "Nothing was done. Give both, or none.");
        }
    }

    /// <summary>Told together with the others, not instead of them.</summary>
    internal static OptionProblem? TargetProblem(string to, out string app)
    {
        try
        {
            app = HerokuTargetName.Parse(to).App;
            return null;
        }
        catch (FaultException e)
        {
            app = "";
            return new("--to", $"cannot be used: {e.Fault.Why}", e.Fault.Remedy);
        }
    }
}
