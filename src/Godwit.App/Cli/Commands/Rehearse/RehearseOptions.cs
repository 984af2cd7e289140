using System.CommandLine;
using Godwit.App.Cli.Flags;
using Godwit.Faults;
using Godwit.Journal;
using Godwit.Load;
using Godwit.Verify;

namespace Godwit.App.Cli.Commands;

/// <summary>The flags of a rehearsal: those of a migration that mean something without a freeze and a switch.</summary>
internal sealed class RehearseOptions
{
    private readonly SourceFlags _source = new();
    private readonly RouteFlags _route = new();
    private readonly DumpFlags _dump = DumpFlags.ForMigrate();
    private readonly CleanFlags _clean = new();
    private readonly StoreFlags _store = new();
    private readonly SwitchFlags _switch = new();
    private readonly QueryFlags _query = new();

    private readonly Option<string> _to = new("--to")
    {
        Description = "The target of the migration that is rehearsed: heroku:APP or heroku:APP/ATTACHMENT. "
            + "Its own database is never touched.", HelpName = "TARGET", Required = true,
    };

    private readonly Option<string?> _via = new("--via")
    {
        Description = $"The store the dump goes through: {StoreFlags.Kinds}. Default: a folder on this machine; "
            + "with --add-on the source's provider's own.", HelpName = "STORE",
    };

    private readonly Option<bool> _addOn = new("--add-on")
    {
        Description = "Rehearse at Heroku: order a throw-away database for the app, restore into it, "
            + "and destroy it at the end. It costs money for that time.",
    };

    private readonly Option<string?> _plan = new("--plan")
    {
        Description = "The plan of the copy, e.g. standard-0. Default: the cheapest that fits; "
            + "with --add-on that of the app's own database, if it has one.", HelpName = "PLAN",
    };

    private readonly Option<int?> _pgVersion = CreationFlags.PgVersionOption();

    private readonly Option<string?> _verify = VerifyFlags.LevelOption(VerifyLevels.Unsaid, "--verify");

    private readonly Option<string[]> _accept =
        AcceptFlag.Repeatable("Accept a fault by its code. May be repeated.");

    private readonly Option<string[]> _acceptView = AcceptViewFlag.Repeatable();

    public IReadOnlyList<Option> All =>
        [.. _source.All, _to, .. _route.All, _via, _addOn, _plan, _pgVersion, _verify, .. _query.All, _accept,
            _acceptView, .. _switch.OnResume, .. _dump.All, .. _clean.All, .. _store.Making, .. _store.Buckets,
            .. _store.Links];

    /// <exception cref="FaultException"><c>cli.options</c>, with every problem at once.</exception>
    public RunSettings Read(ParseResult parsed)
    {
        var (to, isAddOn) = (parsed.GetRequiredValue(_to), parsed.GetValue(_addOn));
        var problem = MigrateOptions.TargetProblem(to, out var app);
        var settings = new RunSettings
        {
            From = _source.Read(parsed),
            // A local Heroku has no attachments but those that the rehearsal makes.
            To = isAddOn || problem is not null ? to : $"{new HerokuTargetName(app, null)}",
            Via = parsed.GetValue(_via) ?? "",
            CreateApp = !isAddOn,
            Plan = parsed.GetValue(_plan),
            PgVersion = parsed.GetValue(_pgVersion),
            Freeze = false,
            HasBackup = true,
            Rehearsal = isAddOn ? RehearsalKind.AddOn : RehearsalKind.Local,
            Verify = parsed.GetValue(_verify) ?? VerifyLevels.Unsaid,
            Accept = parsed.GetValue(_accept) ?? [],
            AcceptViews = parsed.GetValue(_acceptView) ?? [],
            DumpFlags = parsed.Given([_via]),
        };
        settings = _query.Over(_store.Over(_switch.Over(
            _clean.Over(_dump.Over(_route.Over(settings, parsed), parsed), parsed), parsed), parsed), parsed);
        OptionProblems.RequireNone([.. CreationFlags.VersionProblems(settings), .. _source.Problems(parsed),
            .. DumpFlags.Problems(settings), .. CleanFlags.Problems(settings.MapRoles),
            .. SwitchFlags.Problems(settings), .. _query.Problems(settings, parsed), .. RouteFlags.Problems(settings),
            .. AcceptViewFlag.Problems(settings.AcceptViews),
            .. problem is null ? Array.Empty<OptionProblem>() : [problem]]);
        return settings;
    }
}
