using System.CommandLine;
using Godwit.Copy;
using Godwit.Extract;
using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.App.Cli;

/// <summary>The flags of <c>godwit copy</c>, and the two databases they name.</summary>
internal sealed class CopyFlags
{
    private readonly SourceFlags _source = new();

    private readonly Option<string> _to = new("--to")
    {
        Description = "The target, an empty database (with --data-only one that has the tables): heroku:APP, heroku:APP/ATTACHMENT, or one as in --from.", HelpName = "TARGET", Required = true,
    };

    private readonly Option<int?> _jobs = new("--jobs", "-j")
    {
        Description = $"Workers that carry rows, each with a connection to both sides, 1 to {ExtractOptions.JobsMax}. Default: 4.", HelpName = "N",
    };

    private readonly Option<int?> _indexJobs = new("--index-jobs")
    {
        Description = $"Connections to the target beside these, for indexes and constraints, 1 to {ExtractOptions.JobsMax}. Default: as many as --jobs.", HelpName = "N",
    };

    private readonly Option<string?> _maxRate = new("--max-rate") { Description = "Bytes brought to the target per second at most, e.g. 20MB. Default: as fast as it can.", HelpName = "BYTES" };

    private readonly Option<bool> _keepOrphans = new("--keep-orphans")
    {
        Description = "Make a foreign key that rows of the source break all the same, NOT VALID (not that of a partitioned table). Without it the copy stops and names it.",
    };

    private readonly Option<bool> _schemaOnly = new("--schema-only", "-s") { Description = "Definitions without rows." };

    private readonly Option<bool> _dataOnly = new("--data-only", "-a")
    {
        Description = "Rows, values of sequences and large objects, into tables that the target has already and that are empty. Their foreign keys hold meanwhile; their triggers are off.",
    };

    private readonly LeftOutFlag _leftOut = new();

    private readonly Option<bool> _resume = new("--resume") { Description = "Go on with a copy that did not come to its end: what is done stays. Refused when somebody has written to the source since." };

    private readonly Option<bool> _frozen = new("--frozen") { Description = "With --resume: nobody has written to this database since, though others of its server may have." };

    private readonly SelectionFlags _selection = new();

    private readonly CleanFlags _clean = new("Leave nothing out but owners and grants, though the target may refuse it, which ends the copy.");

    public IReadOnlyList<Option> All => [.. _source.All, _to, _jobs, _indexJobs, _maxRate, _schemaOnly, _dataOnly, _keepOrphans, _resume, _frozen, .. _selection.All, .. _clean.All, _leftOut.Option];

    /// <exception cref="FaultException">Every problem at once, or one of source and target.</exception>
    public CopyWish Open(ParseResult parsed, Surroundings world)
    {
        var to = parsed.GetRequiredValue(_to);
        var problems = new List<OptionProblem>();
        var isRowsAlone = parsed.GetValue(_dataOnly);
        var fill = new FillOptions
        {
            IndexJobs = parsed.GetValue(_indexJobs),
            RateMax = VerifyFlags.Rate(parsed.GetValue(_maxRate), problems),
            KeepsOrphans = parsed.GetValue(_keepOrphans),
            LeftOutFile = _leftOut.Read(parsed),
            Resumes = parsed.GetValue(_resume),
            // What is not the one owner's of the target is left out by the cleaning, which lists it. Rows alone need none.
            MappedRoles = isRowsAlone ? null : _clean.Read(parsed),
        };
        fill = fill with { Jobs = parsed.GetValue(_jobs) ?? fill.Jobs };
        var options = _selection.Over(new CopyOptions(), parsed) with
        {
            Fill = fill,
            IsFrozen = parsed.GetValue(_frozen),
            HasRows = !parsed.GetValue(_schemaOnly),
            HasRowsAlone = isRowsAlone,
            HasOwnersAndGrants = fill.MappedRoles is not null,
        };
        MigrateOptions.RequireNone([.. problems, .. _source.Problems(parsed), .. ToProblems(to), .. FrozenProblems(options), .. OnlyProblems(parsed, options), .. _leftOut.Problems(parsed), .. fill.Problems(), .. _clean.Problems(parsed)]);
#pragma warning disable CA2000 // What it becomes part of disposes it.
        return new(SourceFlags.Open(_source.Read(parsed), world), OpenedTarget.Open(to, world), options);
#pragma warning restore CA2000
    }

    private static IEnumerable<OptionProblem> FrozenProblems(CopyOptions options)
    {
        if (options is { IsFrozen: true, Fill.Resumes: false })
            yield return new("--frozen", "is given without --resume", "Leave it out: a copy that begins needs no frozen source.");
    }

    private IEnumerable<OptionProblem> OnlyProblems(ParseResult parsed, CopyOptions options)
    {
        if (options is { HasRows: false, HasRowsAlone: true })
            yield return new("--data-only", "is given together with --schema-only", "Give one of them, or none to copy both.");
        if (!options.HasRows)
        {
            foreach (var idle in GivenOf(parsed, _maxRate, _keepOrphans))
                yield return new(idle, "is given together with --schema-only", "Leave it out: no rows are copied.");
        }
        else if (options.HasRowsAlone)
        {
            foreach (var idle in GivenOf(parsed, [_keepOrphans, .. _clean.All, _leftOut.Option]))
                yield return new(idle, "is given together with --data-only", "Leave it out: nothing is defined at the target, nor left out.");
        }
    }

    private static IEnumerable<string> GivenOf(ParseResult parsed, params IEnumerable<Option> options) => options.Where(option => parsed.GetResult(option) is { Implicit: false }).Select(option => option.Name);

    public static IEnumerable<OptionProblem> ToProblems(string to)
    {
        if (string.IsNullOrWhiteSpace(to))
            yield return new("--to", "is empty", "Name the target: --to env:TARGET_URL. If a variable stands there, it is not set.");
    }
}

internal sealed record CopyWish(PostgresAddress Source, OpenedTarget Target, CopyOptions Options) : IDisposable
{
    public void Dispose() => Target.Dispose();
}
