using System.CommandLine;
using Godwit.Copy;
using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.App.Cli.Flags;

/// <summary>For copy and restore: the target, and how it is filled.</summary>
internal sealed class FillFlags
{
    private readonly Option<string> _to;
    private readonly Option<int?> _jobs;
    private readonly Option<int?> _indexJobs = new("--index-jobs")
    {
        Description = "Connections to the target beside those of --jobs, for indexes and constraints, "
            + $"1 to {JobCount.Max}. Default: as many as --jobs.", HelpName = "N",
    };

    private readonly Option<string?> _maxRate = new("--max-rate")
    {
        Description = "Bytes brought to the target per second at most, e.g. 20MB. Default: as fast as it can.",
        HelpName = "BYTES",
    };

    private readonly Option<bool> _keepOrphans;
    private readonly Option<bool> _resume;
    private readonly CleanFlags _clean;
    private readonly LeftOutFlag _leftOut = new();

    // For the descriptions: command, target, what each worker connects to, default of --jobs, when --resume is refused.
    private FillFlags(string name, string target, string sides, string unsaidJobs, string refused)
    {
        _to = new("--to")
        {
            Description = $"The target, {target}: heroku:APP, heroku:APP/ATTACHMENT, {SourceFlags.Databases}.",
            HelpName = "TARGET", Required = true,
        };
        _jobs = new("--jobs", "-j")
        {
            Description = $"Workers that carry rows, each with a connection to {sides}, 1 to {JobCount.Max}. "
                + $"Default: {unsaidJobs}.", HelpName = "N",
        };
        _keepOrphans = new("--keep-orphans")
        {
            Description = "Where rows break a foreign key, make it all the same, "
                + $"NOT VALID (not that of a partitioned table). Without it the {name} stops and names it.",
        };
        _resume = new("--resume")
        {
            Description = $"Continue a {name} that did not finish; finished parts are kept. Refused {refused}.",
        };
        _clean = new(
            $"Leave nothing out but owners and grants, though the target may refuse it, which ends the {name}.");
    }

    public static FillFlags ForCopy() => new("copy", "an empty database (with --data-only one that has the tables)",
        "both sides", $"{JobCount.Usual}", "when somebody has written to the source since");

    public static FillFlags ForRestore() => new("restore", "an empty database", "the target",
        $"{JobCount.Usual}. There is one where the archive can only be read forwards, as from standard input",
        "with another archive");

    public IReadOnlyList<Option> Filling => [_to, _jobs, _indexJobs, _maxRate, _keepOrphans, _resume];

    public IReadOnlyList<Option> LeavingOut => [.. _clean.All, _leftOut.Option];

    /// <summary>Without effect when no rows are copied.</summary>
    public IReadOnlyList<Option> OfRows => [_maxRate, _keepOrphans];

    /// <summary>Without effect when no definitions are copied.</summary>
    public IReadOnlyList<Option> OfDefinitions => [_keepOrphans, .. LeavingOut];

    /// <param name="problems">Receives the flags' problems.</param>
    public FillOptions Read(ParseResult parsed, List<OptionProblem> problems)
    {
        var options = new FillOptions
        {
            IndexJobs = parsed.GetValue(_indexJobs),
            RateMax = VerifyFlags.Rate(parsed.GetValue(_maxRate), problems),
            KeepsOrphans = parsed.GetValue(_keepOrphans),
            LeftOutFile = _leftOut.Read(parsed),
            Resumes = parsed.GetValue(_resume),
            MappedRoles = _clean.Read(parsed).RolesIfOn,
        };
        options = options with { Jobs = parsed.GetValue(_jobs) ?? options.Jobs };
        if (string.IsNullOrWhiteSpace(parsed.GetRequiredValue(_to)))
            problems.Add(new("--to", "is empty",
                "Name the target: --to env:TARGET_URL. If a variable stands there, it is not set."));
        problems.AddRange([.. options.Problems(), .. _clean.Read(parsed).Problems(), .. _leftOut.Problems(parsed)]);
        return options;
    }

    public OpenedTarget OpenTarget(ParseResult parsed, CliEnvironment world) =>
        OpenedTarget.Open(parsed.GetRequiredValue(_to), world);
}
