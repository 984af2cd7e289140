using System.CommandLine;
using Godwit.Requests;

namespace Godwit.App.Cli.Flags;

/// <summary>What a migration may empty and create at Heroku.</summary>
internal sealed class HerokuFlags
{
    private readonly Option<string?> _confirm = new("--confirm")
    {
        Description = "With heroku:APP: the app's name; its database may be emptied first, if nobody uses it.",
        HelpName = "APP",
    };

    private readonly Option<string?> _emptyLive = EmptyLiveOption();

    private readonly Option<string?> _plan = new("--plan")
    {
        Description = "The plan for a new database, e.g. standard-0. Default: "
            + "the cheapest that fits, with 30 % to grow.", HelpName = "PLAN",
    };

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

    public IReadOnlyList<Option> All =>
        [_confirm, _emptyLive, _plan, _createApp, _region, _team, _space, _pgVersion];

    /// <summary>Beside <c>--confirm</c>, for a database that is in use.</summary>
    public static Option<string?> EmptyLiveOption() => new("--empty-live")
    {
        Description = "With --confirm: a database in use may be emptied too. "
            + "Godwit prints the value, which is good until something is written there.",
        HelpName = "ADDON:STATE",
    };

    public static Option<int?> PgVersionOption() => new("--pg-version")
    {
        Description = "The major version of PostgreSQL of a database that is ordered, e.g. 16. Default: Heroku's.",
        HelpName = "MAJOR",
    };

    public HerokuSettings Read(ParseResult parsed) => new()
    {
        Confirm = parsed.GetValue(_confirm),
        EmptyLive = parsed.GetValue(_emptyLive),
        CreateApp = parsed.GetValue(_createApp),
        Plan = parsed.GetValue(_plan),
        PgVersion = parsed.GetValue(_pgVersion),
        Region = parsed.GetValue(_region),
        Team = parsed.GetValue(_team),
        Space = parsed.GetValue(_space),
    };
}
