using System.CommandLine;
using Godwit.Faults;
using Godwit.Migration.Opening;
using Godwit.Postgres;
using Godwit.Requests;
using Godwit.Verify;

namespace Godwit.App.Cli.Flags;

/// <summary>Flags of a migration and its rehearsal.</summary>
/// <param name="target">Describes <c>--to</c>.</param>
/// <param name="unsaidVia">The default store, in words.</param>
internal sealed class RunFlags(string target, string unsaidVia)
{
    private readonly SourceFlags _source = new();
    private readonly RouteFlags _route = new();
    private readonly DumpFlags _dump = DumpFlags.ForMigrate();
    private readonly CleanFlags _clean = new();
    private readonly StoreFlags _store = new();
    private readonly QueryFlags _query = new();
    private readonly AcceptFlags _accept = new("Accept a fault by its code. May be repeated.");

    private readonly Option<string> _to =
        new("--to") { Description = target, HelpName = "TARGET", Required = true };

    private readonly Option<string?> _via = new("--via")
    {
        Description = $"The store the dump goes through: {StoreFlags.Kinds}. Default: {unsaidVia}.",
        HelpName = "STORE",
    };

    private readonly Option<string?> _verify = VerifyFlags.LevelOption(VerifyLevels.Words.Usual, "--verify");

    public SwitchFlags Switch { get; } = new();

    /// <summary>Source, target, route and store.</summary>
    public IReadOnlyList<Option> Ends => [.. _source.All, _to, .. _route.All, _via];

    public IReadOnlyList<Option> Comparing => [_verify, .. _query.All, .. _accept.All];

    public IReadOnlyList<Option> Dumping => [.. _dump.All, .. _clean.All, .. _store.OfRun];

    /// <param name="complete">Adds the settings of only one of the two.</param>
    /// <param name="found">Problems of the flags behind those settings.</param>
    /// <exception cref="FaultException"><c>cli.options</c>, with every problem at once.</exception>
    public RunSettings Read(
        ParseResult parsed, Func<RunSettings, RunSettings> complete, params IEnumerable<OptionProblem> found)
    {
        var settings = complete(new()
        {
            From = _source.Read(parsed),
            To = parsed.GetRequiredValue(_to),
            Route = _route.Read(parsed),
            Store = new() { Via = parsed.GetValue(_via) ?? "", Creates = _store.Creates(parsed) },
            Accept = _accept.Over(new(), parsed),
            Jobs = _dump.Jobs(parsed) ?? JobCount.Usual,
            Verify = _query.Over(new() { Level = VerifyLevels.Words.Of(parsed.GetValue(_verify)) }, parsed),
            Dump = _dump.Over(new DumpSettings { Flags = parsed.Given([_via]) }, parsed),
            Clean = _clean.Read(parsed),
            Switch = Switch.Over(new(), parsed),
            StoreAccess = _store.Access(parsed),
        });
        var flags = parsed.Given(settings.Dump.Flags, _store.OfRun);
        settings = settings with { Dump = settings.Dump with { Flags = flags } };
        OptionProblems.RequireNone([.. _source.Problems(parsed), .. _query.Problems(parsed), .. found,
            .. MigrationOpener.Problems(settings)]);
        return settings;
    }
}
