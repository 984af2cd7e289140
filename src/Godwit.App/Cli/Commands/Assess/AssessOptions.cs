using System.CommandLine;
using Godwit.App.Cli.Flags;
using Godwit.App.Web;
using Godwit.Assess;
using Godwit.Faults;
using Godwit.Heroku;
using Godwit.Migration;
using Godwit.Postgres;
using Godwit.Storage;
using Godwit.Targets;

namespace Godwit.App.Cli.Commands;

internal sealed class AssessOptions
{
    private readonly SourceFlags _source = new();
    private readonly StoreFlags _store = new();
    private readonly CleanFlags _clean = new();

    private readonly Option<string?> _to = new("--to")
    {
        Description = "The target to compare with: heroku:APP, heroku:APP/ATTACHMENT, or a database as in --from.",
        HelpName = "TARGET",
    };

    private readonly Option<string?> _via = new("--via")
    {
        Description = $"The store to look at: {StoreFlags.Kinds}. "
            + "A small object is put there, fetched back, and deleted.", HelpName = "STORE",
    };

    private readonly Option<bool> _noFreeze =
        new("--no-freeze") { Description = "As the migration will be: it stops no writes." };

    private readonly AcceptFlags _accept = new("Accept a blocker by its code: it does not count. May be repeated.");

    private readonly Option<bool> _deep = new("--deep")
    {
        Description = "Also read the tables, for what only their rows show. Takes as long as reading them.",
    };

    private readonly Option<bool> _trial = new("--trial")
    {
        Description = "Also make the source's definitions in the empty target of --to, "
            + "in one transaction that is rolled back, and report what it refuses.",
    };

    public IReadOnlyList<Option> All => [.. _source.All, _to, _via, _noFreeze, .. _accept.All, _deep, _trial,
        .. _clean.All, .. _store.Buckets, .. _store.Links];

    public OpenedAssessment Open(ParseResult parsed, CliEnvironment world)
    {
        var store = _store.Read(parsed, world.Environment);
        var (clean, accept) = (_clean.Read(parsed), _accept.Over(new(), parsed));
        OptionProblems.RequireNone([.. _source.Problems(parsed), .. clean.Problems(), .. store.Problems(),
            .. accept.Problems(), .. TrialProblems(parsed)]);
        var source = world.Databases.Source(_source.Read(parsed));
        var heroku = OpenHeroku(parsed.GetValue(_to), world);
        var via = parsed.GetValue(_via) is { } said ? StoreAddress.Parse(said) : null;
        // Only a note: the test object is only written to a store that --via names.
        if (via is null && DefaultStore.TryChoose(source, world.Environment) is { } would)
            world.Console.Error.WriteLine("Note: no store was looked at. `godwit migrate` without --via would take "
                + $"{would.Address}; to look at it now: --via {would.Address}");
        return new(new AssessParts
        {
            Source = source,
            Target = Target(parsed.GetValue(_to), heroku, world),
            HistoryOf = addOn =>
                AddOnHistories.Of(world.Runs, addOn, HerokuEndpoints.From(world.Environment).Platform.Host),
            Heroku = heroku,
#pragma warning disable CA2000 // What is opened is disposed together; the store disposes its link host.
            Store = via is null ? null : ObjectStores.Open(via, store, new LinkHost(), world.Clock),
#pragma warning restore CA2000
            StoreFlags = via is null ? "" : _store.Access(parsed).Flags(),
            EarlierRuns = world.Runs.RunIds().ToHashSet(StringComparer.Ordinal),
            Request = new()
            {
                Freezes = !parsed.GetValue(_noFreeze), Accept = accept.Codes, AcceptViews = accept.Views,
                IsDeep = parsed.GetValue(_deep), OnlyLooks = false, Cleans = clean.IsOn, RoleMap = clean.Roles,
            },
            FindDumperAsync = AssessTools.Dumper(source, world.Tools, world.Processes),
            TryDefinitionsAsync = parsed.GetValue(_trial) ? AssessTools.Trial(source, clean.RolesIfOn,
                world.Tools, world.Processes, world.Clock) : null,
            Clock = world.Clock,
        });
    }

    private IEnumerable<OptionProblem> TrialProblems(ParseResult parsed) =>
        parsed.GetValue(_trial) && parsed.GetValue(_to) is null
            ? [new("--trial", "is given without --to", "Name the empty target whose server shall be tried.")] : [];

    private static ITarget? Target(string? to, HerokuClient? heroku, CliEnvironment world) => to switch
    {
        null => null,
        _ when HerokuTargetName.IsOne(to) => new HerokuTarget(heroku!, HerokuTargetName.Parse(to)),
        _ => new PostgresTarget(new PostgresSource(world.Environment, File.ReadAllText).Resolve(to, "--to")),
    };

    // Without a target at Heroku, only prices are asked for. Without prices, no token is needed.
    private static HerokuClient? OpenHeroku(string? to, CliEnvironment world)
    {
        try
        {
            return world.Heroku.Open();
        }
        catch (FaultException) when (to is null || !HerokuTargetName.IsOne(to))
        {
            return null;
        }
    }
}

internal sealed record OpenedAssessment(AssessParts Parts) : IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        Parts.Heroku?.Dispose();
        if (Parts.Store is not null)
            await Parts.Store.DisposeAsync();
    }
}
