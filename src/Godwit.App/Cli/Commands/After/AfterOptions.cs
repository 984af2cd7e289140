using System.CommandLine;
using System.Text.RegularExpressions;
using Godwit.Faults;
using Godwit.Heroku;

namespace Godwit.App.Cli.Commands;

internal sealed partial class AfterOptions
{
    private const string ScheduleFlag = "--schedule-backups";

    private readonly Option<bool> _backup = new("--backup")
    {
        Description = "Make the first backup of the new database at Heroku, and wait for it. One that is there since "
            + "the cut-over is enough.",
    };

    private readonly Option<string?> _schedule = new(ScheduleFlag)
    {
        Description = "Let Heroku make a backup every day at a full hour, with a time zone, as `heroku "
            + "pg:backups:schedule --at` takes it: '02:00 UTC'.",
        HelpName = "AT",
    };

    private readonly Option<bool> _envFile = new("--remove-env-file")
    {
        Description = "Remove the file with the new database's URL that the run wrote (--env-file).",
    };

    private readonly Option<bool> _attachments = new("--remove-attachments")
    {
        Description = "Detach the former database from the app (Heroku keeps one name), and remove the name that the "
            + "new one had before the cut-over. Heroku restarts the app. No database is destroyed.",
    };

    private readonly Option<bool> _json = new("--json")
    {
        Description = "Print JSON for programs: one object per event of a backup, and the list as the last one.",
    };

    public Argument<string?> Run { get; } =
        RunArgument.Optional("The run's id. Without it: the newest migration that is proven.");

    public IReadOnlyList<Option> All => [_backup, _schedule, _envFile, _attachments, _json];

    /// <exception cref="FaultException"><c>cli.options</c>.</exception>
    public AfterRequest Read(ParseResult parsed)
    {
        var (run, at) = (parsed.GetValue(Run), parsed.GetValue(_schedule));
        string? problem = null;
        var time = at is null ? null : HerokuDailyTime.Parse(at, out problem);
        // Without quotes, the time zone is parsed as the run's id.
        if (at is not null && run is not null && Zone().IsMatch(run))
            Refuse($"is '{at}', and '{run}' stands behind it alone", $"{at} {run}");
        if (problem is not null)
            Refuse($"{problem}: '{at}'", "02:00 UTC");
        return new(run, parsed.GetValue(_backup), time, parsed.GetValue(_envFile), parsed.GetValue(_attachments),
            parsed.GetValue(_json));
    }

    private static void Refuse(string why, string at) => OptionProblems.RequireNone([new(ScheduleFlag, why,
        $"Give a full hour and a time zone in quotes: {ScheduleFlag} '{at}' or {ScheduleFlag} '14:00 Europe/Paris'.")]);

    // A run's id begins with its date.
    [GeneratedRegex("^[A-Za-z]")]
    private static partial Regex Zone();
}

/// <param name="RunId">Null: not named.</param>
/// <param name="Schedule">Null: nothing is scheduled.</param>
internal sealed record AfterRequest(
    string? RunId, bool BacksUp, HerokuDailyTime? Schedule, bool RemovesEnvFile, bool RemovesAttachments,
    bool PrintsJson)
{
    public bool Acts => NeedsHeroku || RemovesEnvFile;

    public bool NeedsHeroku => BacksUp || Schedule is not null || RemovesAttachments;
}
