using System.CommandLine;
using System.Globalization;
using Godwit.Faults;
using Godwit.Postgres;
using Godwit.Proof;
using Godwit.Requests;
using Godwit.Verify;
using Godwit.Verify.Schema;

namespace Godwit.App.Cli.Flags;

internal sealed class VerifyFlags
{
    private const int ShowMax = 10_000;

    private readonly SourceFlags _source = new();

    private readonly Option<string> _to = new("--to")
    {
        Description = "The copy: heroku:APP, heroku:APP/ATTACHMENT, or a database as in --from.", HelpName = "TARGET",
        Required = true,
    };

    private readonly Option<string?> _level = LevelOption(VerifyLevels.Words.Usual);

    private readonly Option<string?> _jobs = new("--jobs", "-j")
    {
        Description = $"Connections to each database, 1 to {JobCount.Max}. Default: {JobCount.Usual}.", HelpName = "N",
    };

    private readonly Option<string?> _maxRate = new("--max-rate")
    {
        Description = "Bytes of tables that each side reads per second at most, e.g. 20MB. Default: as fast as it can.",
        HelpName = "BYTES",
    };

    private readonly Option<string?> _show = new("--show")
    {
        Description = "Rows shown of each table that differs. The numbers are always exact. Default: 20.",
        HelpName = "N",
    };

    private readonly Option<bool> _all =
        new("--all") { Description = "Also list the tables that are equal, each with its rows, bytes and hash." };

    private readonly Option<string?> _snapshot = new("--source-snapshot")
    {
        Description = "A snapshot of the source that another session exported (pg_export_snapshot) and still holds, "
            + "e.g. the one a dump used. Default: the source as it is now.",
        HelpName = "ID",
    };

    private readonly QueryFlags _query = new();

    private readonly Option<string[]> _acceptView = AcceptFlags.ViewOption();

    private readonly Option<string?> _repairSql = new("--repair-sql")
    {
        Description = "Write the SQL that makes the target's rows equal into this file. Nothing is run.",
        HelpName = "FILE",
    };

    private readonly Option<bool> _repair = new("--repair")
    {
        Description = "Run what --repair-sql wrote, in one transaction at the target, and verify again. "
            + "Needs --confirm.",
    };

    private readonly Option<string?> _confirm = new("--confirm")
    {
        Description = "The target's app or database: its rows may be changed by --repair.", HelpName = "NAME",
    };

    private readonly LockWaitFlag _lockWait = new(LockWaitFlag.Default);

    private readonly ExpectedFlag _expected = new();

    private readonly Option<string?> _page =
        new("--page") { Description = "Also write the verdict as one HTML page into this file.", HelpName = "FILE" };

    public IReadOnlyList<Option> All =>
        [
            .. _source.All, _to, _level, _jobs, _maxRate, _lockWait.Option, _show, _all, _snapshot, _acceptView,
            .. _query.All, _repairSql, _repair, _confirm, _page,
            _expected.Option,
        ];

    /// <param name="unsaid">The default, in words.</param>
    public static Option<string?> LevelOption(string unsaid, string name = "--level")
    {
        var level = new Option<string?>(name)
        {
            Description = "How deep the rows are compared: "
                + "counts, checksums (of every row, down to the rows where they differ) or rows (always row by row). "
                + $"The schema always is. Default: {unsaid}.",
            HelpName = "LEVEL",
        };
        level.AcceptOnlyFromAmong([.. VerifyLevels.Words.All]);
        return level;
    }

    /// <summary>Reports every problem at once, or one of source and target.</summary>
    public OpenedVerification Open(ParseResult parsed, CliEnvironment world)
    {
        var (to, confirm) = (parsed.GetRequiredValue(_to), parsed.GetValue(_confirm));
        var problems = new List<OptionProblem>(_source.Problems(parsed));
        var verify = _query.Read(parsed);
        var accept = new AcceptSettings { Views = parsed.GetValue(_acceptView) ?? [] };
        var options = new VerifyOptions
        {
            Level = VerifyLevels.Words.Of(parsed.GetValue(_level)),
            Jobs = Number(parsed.GetValue(_jobs), "--jobs", JobCount.Usual, 1, JobCount.Max, problems),
            Show = Number(parsed.GetValue(_show), "--show", 20, 0, ShowMax, problems),
            RateMax = Rate(parsed.GetValue(_maxRate), problems),
            SourceSnapshot = parsed.GetValue(_snapshot),
            AcceptViews = accept.Views,
            Queries = verify.Queries([]),
            FloatTolerance = verify.FloatTolerance,
            RepairFile = parsed.GetValue(_repairSql) is { Length: > 0 } file ? Path.GetFullPath(file) : null,
        };
        problems.AddRange([.. _query.Problems(parsed), .. verify.Problems(), .. Problems(parsed, to, options),
            .. accept.Problems(), .. _expected.Problems(parsed)]);
        OptionProblems.RequireNone(problems);
        var source = world.Databases.Source(_source.Read(parsed)) with { LockWait = _lockWait.Read(parsed) };
        var repairs = parsed.GetValue(_repair);
#pragma warning disable CA2000 // What it becomes part of disposes it.
        var target = OpenedTarget.Open(to, world);
#pragma warning restore CA2000
        if (repairs && confirm != target.Name)
        {
            target.Dispose();
            throw new FaultException(CliFaults.RepairNotConfirmed(confirm, target.Name));
        }

        return new(source, target, options, repairs, parsed.GetValue(_all), PageOf(parsed))
        {
            FindExpectedAsync = (address, ct) => _expected.FindAsync(parsed, source, address, world, ct),
        };
    }

    private string? PageOf(ParseResult parsed) =>
        parsed.GetValue(_page) is { Length: > 0 } path ? Path.GetFullPath(path) : null;

    private IEnumerable<OptionProblem> Problems(ParseResult parsed, string to, VerifyOptions options)
    {
        if (string.IsNullOrWhiteSpace(to))
            yield return new("--to", "is empty",
                "Name the copy: --to heroku:APP. If a variable stands there, it is not set.");
        if (parsed.GetValue(_snapshot) is { } snapshot && string.IsNullOrWhiteSpace(snapshot))
            yield return new("--source-snapshot", "is empty",
                "Give what pg_export_snapshot() returned, or leave it out.");
        if (parsed.GetResult(_repairSql) is not null && options.RepairFile is null)
            yield return new("--repair-sql", "is empty", "Name a file: --repair-sql repair.sql");
        foreach (var (option, path) in new[] { ("--repair-sql", options.RepairFile), ("--page", PageOf(parsed)) })
        {
            // Found only after the comparison, this would waste all that work.
            if (path is not null && !Directory.Exists(Path.GetDirectoryName(path)))
                yield return new(option, $"names {path}, whose folder is not there",
                    "Make the folder, or name another file.");
        }

        if (parsed.GetResult(_page) is not null && PageOf(parsed) is null)
            yield return new("--page", "is empty", "Name a file: --page verdict.html");
        if (parsed.GetValue(_repair) && options.RepairFile is null)
            yield return new("--repair", "has no --repair-sql",
                "Name a file: --repair-sql repair.sql. "
                + "What is run at the target is written there first, and stays there.");
        if (parsed.GetValue(_confirm) is not null && !parsed.GetValue(_repair))
            yield return new("--confirm", "is given without --repair",
                "Nothing is changed without --repair: leave --confirm out, or add --repair.");
        if (options is { RepairFile: not null, Level: VerifyLevel.Counts })
            yield return new("--repair-sql", "is given with --level counts",
                "Counting does not show which rows differ: use --level checksums or rows.");
    }

    private static int Number(string? text, string option, int unsaid, int min, int max, List<OptionProblem> problems)
    {
        if (text is null)
            return unsaid;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min
            && number <= max)
            return number;
        problems.Add(new(option, $"is '{text}'", $"Give a number from {min} to {max}."));
        return unsaid;
    }

    public static long? Rate(string? text, List<OptionProblem> problems)
    {
        if (text is null)
            return null;
        if (ByteSize.TryParse(text, out var bytes) && bytes >= ByteSize.Kilo)
            return bytes;
        problems.Add(new("--max-rate", $"is '{text}'", "Give bytes per second, 1kB at least: 500kB, 20MB, 1GB."));
        return null;
    }
}

/// <param name="Repairs">Runs the repair's SQL.</param>
/// <param name="ListsAll">Also equal tables.</param>
/// <param name="Page">Null: none.</param>
internal sealed record OpenedVerification(
    PostgresAddress Source, OpenedTarget Target, VerifyOptions Options, bool Repairs, bool ListsAll,
    string? Page) : IDisposable
{
    /// <summary>Finds what the target at this address lacks on purpose.</summary>
    public required Func<PostgresAddress, CancellationToken, Task<SchemaExpectations>> FindExpectedAsync { get; init; }

    public void Dispose() => Target.Dispose();
}
