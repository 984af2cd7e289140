using System.CommandLine;
using System.Globalization;
using Godwit.Faults;
using Godwit.Journal;
using Godwit.Load;

namespace Godwit.App.Cli;

/// <summary>The flags of a migration, and how they become <see cref="RunSettings"/>.</summary>
internal sealed class MigrateOptions
{
    private const int JobsMax = 32;

    private readonly Option<string?> _from = new("--from")
    {
        Description = "The source: env:NAME (a variable with its URL), file:PATH, service:NAME, or a postgres:// URL (without a password: PGPASSFILE).",
        HelpName = "SOURCE",
    };

    private readonly Option<bool> _fromStdin = new("--from-stdin") { Description = "Read the source's URL from standard input." };

    private readonly Option<string> _to = new("--to")
    {
        Description = "The target: heroku:APP, or heroku:APP/ATTACHMENT when the app has several databases.", HelpName = "TARGET", Required = true,
    };

    private readonly Option<string> _via = new("--via")
    {
        Description = "The store the dump goes through: s3://bucket/prefix, or disk:PATH (Godwit serves the file itself).", HelpName = "STORE", Required = true,
    };

    private readonly Option<string?> _confirm = new("--confirm")
    {
        Description = "The app's name: its database may be emptied first.", HelpName = "APP",
    };

    private readonly Option<bool> _createApp = new("--create-app") { Description = "Create the app if there is none of that name." };

    private readonly Option<string?> _plan = new("--plan")
    {
        Description = "The plan for a new database, e.g. standard-0. Default: the cheapest that fits, with 30 % to grow.", HelpName = "PLAN",
    };

    private readonly Option<bool> _noFreeze = new("--no-freeze") { Description = "Stop no writes: you have stopped them yourself." };

    private readonly Option<bool> _backup = new("--i-have-a-backup") { Description = "A recent backup of the source exists." };

    private readonly Option<string[]> _accept = AcceptOption.Repeatable("Take on a fault by its code. May be repeated.");

    private readonly Option<int> _jobs = new("--jobs")
    {
        Description = "Connections to each database while verifying, 1 to 32.", HelpName = "N", DefaultValueFactory = _ => 4,
    };

    private readonly Option<string?> _s3Endpoint = new("--s3-endpoint") { Description = "Address of an S3-compatible service. Default: AWS.", HelpName = "URL" };
    private readonly Option<string?> _s3Region = new("--s3-region") { Description = "Region of the bucket.", HelpName = "REGION" };
    private readonly Option<string?> _s3Profile = new("--s3-profile") { Description = "Profile of ~/.aws to take credentials from.", HelpName = "NAME" };

    private readonly Option<bool?> _s3PathStyle = new("--s3-path-style")
    {
        Description = "true: https://host/bucket/key; false: https://bucket.host/key. Default: as the service is known to want it.", HelpName = "true|false",
    };

    private readonly Option<string?> _diskListen = new("--disk-listen")
    {
        Description = "Where a disk store serves its link. Default: 127.0.0.1 on any free port.", HelpName = "ADDRESS:PORT",
    };

    private readonly Option<string?> _diskPublicUrl = new("--disk-public-url")
    {
        Description = "The address under which Heroku reaches what --disk-listen serves.", HelpName = "URL",
    };

    public IReadOnlyList<Option> All =>
    [
        _from, _fromStdin, _to, _via, _confirm, _createApp, _plan, _noFreeze, _backup, _accept, _jobs,
        _s3Endpoint, _s3Region, _s3Profile, _s3PathStyle, _diskListen, _diskPublicUrl,
    ];

    /// <exception cref="FaultException"><c>cli.options</c>, with every problem at once.</exception>
    public RunSettings Read(ParseResult parsed)
    {
        var from = parsed.GetValue(_from);
        var stdin = parsed.GetValue(_fromStdin);
        var settings = new RunSettings
        {
            From = stdin ? MigrationOpener.Stdin : from ?? "",
            To = parsed.GetRequiredValue(_to),
            Via = parsed.GetRequiredValue(_via),
            Confirm = parsed.GetValue(_confirm),
            CreateApp = parsed.GetValue(_createApp),
            Plan = parsed.GetValue(_plan),
            Freeze = !parsed.GetValue(_noFreeze),
            HasBackup = parsed.GetValue(_backup),
            Accept = parsed.GetValue(_accept) ?? [],
            Jobs = parsed.GetValue(_jobs),
            S3Endpoint = parsed.GetValue(_s3Endpoint),
            S3Region = parsed.GetValue(_s3Region),
            S3Profile = parsed.GetValue(_s3Profile),
            S3PathStyle = parsed.GetValue(_s3PathStyle),
            DiskListen = parsed.GetValue(_diskListen),
            DiskPublicUrl = parsed.GetValue(_diskPublicUrl),
        };
        RequireNone(Problems(settings, from, stdin));
        return settings;
    }

    /// <summary>All problems at once: nobody wants to find them one by one.</summary>
    /// <exception cref="FaultException"><c>cli.options</c>.</exception>
    public static void RequireNone(IEnumerable<OptionProblem> problems)
    {
        var all = problems.ToList();
        if (all.Count > 0)
        {
            throw new FaultException(CliFaults.Options(
                string.Join("; ", all.Select(one => $"{one.Option} {one.Why}")), string.Join('\n', all.Select(one => $"{one.Option}: {one.Remedy}"))));
        }
    }

    private static IEnumerable<OptionProblem> Problems(RunSettings settings, string? from, bool stdin)
    {
        if (string.IsNullOrEmpty(from) == !stdin)
            yield return new("--from", from is null ? "is missing" : "is given twice (--from-stdin too)", "Give one source: --from env:SOURCE_URL.");
        if (from == MigrationOpener.Stdin)
            yield return new("--from", "is 'stdin'", "Write --from-stdin.");
        if (settings.Jobs is < 1 or > JobsMax)
            yield return new("--jobs", $"is {settings.Jobs.ToString(CultureInfo.InvariantCulture)}", $"Use 1 to {JobsMax}.");
        if (TargetProblem(settings.To, out var app) is { } problem)
            yield return problem;
        else if (settings.Confirm is { } confirm && confirm != app)
            yield return new("--confirm", $"is '{confirm}' and the target's app is '{app}'", "Nothing was done. Type the name of the app whose database may be emptied.");
    }

    /// <summary>Told together with the others, not instead of them.</summary>
    private static OptionProblem? TargetProblem(string to, out string app)
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
