using System.CommandLine;
using Godwit.App.Cli.Flags;
using Godwit.Faults;
using Godwit.Requests;

namespace Godwit.App.Cli.Commands;

/// <summary>How a migration's flags become <see cref="RunSettings"/>.</summary>
internal sealed class MigrateOptions
{
    private readonly RunFlags _run = new(
        "The target: heroku:APP, heroku:APP/ATTACHMENT when the app has several databases, or an empty "
            + $"database of any other PostgreSQL: {SourceFlags.Databases}.",
        "the source's provider's own, if its credentials are there");

    private readonly HerokuFlags _heroku = new();
    private readonly FreezeFlags _freeze = new();

    private readonly Option<bool> _backup = new("--i-have-a-backup")
    {
        Description = "A recent backup of the source exists. Required: "
            + "without it a migration stops before it changes anything.",
    };

    public IReadOnlyList<Option> All =>
        [.. _run.Ends, .. _heroku.All, .. _freeze.All, _backup, .. _run.Comparing, .. _run.Switch.All, .. _run.Dumping];

    /// <exception cref="FaultException"><c>cli.options</c>, with every problem at once.</exception>
    public RunSettings Read(ParseResult parsed) => _run.Read(parsed, settings => settings with
    {
        Heroku = _heroku.Read(parsed),
        Freeze = _freeze.Over(new(), parsed),
        HasBackup = parsed.GetValue(_backup),
    }, _freeze.Problems(parsed));
}
