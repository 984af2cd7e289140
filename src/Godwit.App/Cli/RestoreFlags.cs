using System.CommandLine;
using Godwit.Copy;
using Godwit.Extract;
using Godwit.Faults;
using Godwit.Storage;

namespace Godwit.App.Cli;

/// <summary>The flags of <c>godwit restore</c>, the archive and the database they name.</summary>
internal sealed class RestoreFlags
{
    private readonly Argument<string> _archive = ArchiveCommand.Argument();

    private readonly Option<string> _to = new("--to")
    {
        Description = "The target, an empty database: heroku:APP, heroku:APP/ATTACHMENT, env:NAME (a variable with its URL), file:PATH, service:NAME, or a postgres:// URL "
            + "(without a password: PGPASSFILE).",
        HelpName = "TARGET",
        Required = true,
    };

    private readonly Option<int?> _jobs = new("--jobs", "-j")
    {
        Description = $"Workers that carry rows, each with a connection to the target, 1 to {ExtractOptions.JobsMax}. Default: 4. From standard input there is one.", HelpName = "N",
    };

    private readonly Option<int?> _indexJobs = new("--index-jobs")
    {
        Description = $"Connections beside these, for indexes and constraints, 1 to {ExtractOptions.JobsMax}. Default: as many as --jobs.", HelpName = "N",
    };

    private readonly Option<string?> _maxRate = new("--max-rate") { Description = "Bytes brought to the target per second at most, e.g. 20MB. Default: as fast as it can.", HelpName = "BYTES" };

    private readonly Option<bool> _keepOrphans = new("--keep-orphans")
    {
        Description = "Make a foreign key that rows of the archive break all the same, NOT VALID (not that of a partitioned table). Without it the restore stops and names it.",
    };

    private readonly Option<bool> _resume = new("--resume") { Description = "Go on with a restore of this archive that did not come to its end: what is done stays." };

    private readonly CleanFlags _clean = new("Leave nothing out but owners and grants, though the target may refuse it, which ends the restore.");

    private readonly LeftOutFlag _leftOut = new();

    private readonly StoreFlags _store = new();

    public Argument Archive => _archive;

    public IReadOnlyList<Option> All => [_to, _jobs, _indexJobs, _maxRate, _keepOrphans, _resume, .. _clean.All, _leftOut.Option, .. _store.Buckets];

    /// <exception cref="FaultException">Every problem at once, or one of the target.</exception>
    public RestoreWish Open(ParseResult parsed, Surroundings world)
    {
        var to = parsed.GetRequiredValue(_to);
        var problems = new List<OptionProblem>();
        var options = new FillOptions
        {
            IndexJobs = parsed.GetValue(_indexJobs),
            RateMax = VerifyFlags.Rate(parsed.GetValue(_maxRate), problems),
            KeepsOrphans = parsed.GetValue(_keepOrphans),
            LeftOutFile = _leftOut.Read(parsed),
            Resumes = parsed.GetValue(_resume),
            MappedRoles = _clean.Read(parsed),
        };
        options = options with { Jobs = parsed.GetValue(_jobs) ?? options.Jobs };
        var store = _store.Read(parsed, world.Environment);
        MigrateOptions.RequireNone([.. problems, .. CopyFlags.ToProblems(to), .. options.Problems(), .. _clean.Problems(parsed), .. _leftOut.Problems(parsed), .. store.Problems()]);
#pragma warning disable CA2000 // What it becomes part of disposes it.
        return new(parsed.GetRequiredValue(_archive), OpenedTarget.Open(to, world), options, store);
#pragma warning restore CA2000
    }
}

/// <param name="Archive">As <see cref="ArchivePlace.OpenAsync"/> takes it.</param>
internal sealed record RestoreWish(string Archive, OpenedTarget Target, FillOptions Options, StoreOptions Store) : IDisposable
{
    public void Dispose() => Target.Dispose();
}
