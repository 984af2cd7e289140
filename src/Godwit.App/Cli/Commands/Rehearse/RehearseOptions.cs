using System.CommandLine;
using Godwit.App.Cli.Flags;
using Godwit.Faults;
using Godwit.Requests;
using Godwit.Targets;

namespace Godwit.App.Cli.Commands;

/// <summary>A migration's flags that apply without freeze and cut-over.</summary>
internal sealed class RehearseOptions
{
    private readonly RunFlags _run = new(
        "The target of the migration that is rehearsed: heroku:APP or heroku:APP/ATTACHMENT. "
            + "Its own database is never touched.",
        "a folder on this machine; with --add-on the source's provider's own");

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

    private readonly Option<int?> _pgVersion = HerokuFlags.PgVersionOption();

    public IReadOnlyList<Option> All => [.. _run.Ends, _addOn, _plan, _pgVersion, .. _run.Comparing,
        .. _run.Switch.OnResume, .. _run.Dumping];

    /// <exception cref="FaultException"><c>cli.options</c>, with every problem at once.</exception>
    public RunSettings Read(ParseResult parsed)
    {
        var isAddOn = parsed.GetValue(_addOn);
        var settings = _run.Read(parsed, settings => settings with
        {
            Heroku = new()
            {
                CreateApp = !isAddOn, Plan = parsed.GetValue(_plan), PgVersion = parsed.GetValue(_pgVersion),
            },
            Freeze = new() { IsOn = false },
            HasBackup = true,
            Rehearsal = isAddOn ? RehearsalKind.AddOn : RehearsalKind.Local,
        });
        // A local Heroku has only the attachments that the rehearsal makes.
        return isAddOn ? settings
            : settings with { To = $"{HerokuTargetName.Parse(settings.To) with { Attachment = null }}" };
    }
}
