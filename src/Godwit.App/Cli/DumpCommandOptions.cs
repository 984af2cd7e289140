using System.Collections.Immutable;
using System.CommandLine;
using Godwit.Dump;
using Godwit.Faults;
using Godwit.Storage;

namespace Godwit.App.Cli;

/// <summary>The flags of <c>godwit dump</c>, and what they come to.</summary>
internal sealed class DumpCommandOptions
{
    private readonly SourceFlags _source = new();
    private readonly DumpFlags _dump = DumpFlags.ForDump();
    private readonly StoreFlags _store = new();

    private readonly Option<string> _to = new("--to")
    {
        Description = $"Where to: {StoreFlags.Objects}, the path of a file, or - for standard output.", HelpName = "PLACE", Required = true,
    };

    private readonly Option<bool> _overwrite = new("--overwrite") { Description = "Replace what has that name already, once the new dump is whole." };

    private readonly Option<string?> _format = new("--format", "-F")
    {
        Description = "custom, which is also the default: pg_dump's custom format is the only one.", HelpName = "FORMAT",
    };

    private readonly Option<string[]> _schemas = Repeatable("--schema", "-n", "Only the schemas that match, as pg_dump means it. May be repeated.");
    private readonly Option<string[]> _notSchemas = Repeatable("--exclude-schema", "-N", "All but the schemas that match. May be repeated.");
    private readonly Option<string[]> _tables = Repeatable("--table", "-t", "Only the tables, views and sequences that match, without what they depend on. May be repeated.");
    private readonly Option<string[]> _notTables = Repeatable("--exclude-table", "-T", "All but the tables that match. May be repeated.");
    private readonly Option<string[]> _notTableData = Repeatable("--exclude-table-data", null, "The definition of the tables that match, without their rows. May be repeated.");

    public IReadOnlyList<Option> All =>
    [
        .. _source.All, _to, _overwrite, .. _dump.All, _format,
        _schemas, _notSchemas, _tables, _notTables, _notTableData, .. _store.Making, _store.AcceptPublic, .. _store.Buckets,
    ];

    /// <exception cref="FaultException">Every problem at once, or the one that hides the others.</exception>
    public DumpWish Read(ParseResult parsed, Func<string, string?> environment)
    {
        if (parsed.GetValue(_format) is { } format and not ("custom" or "c"))
            throw new FaultException(CliFaults.DumpFormat(format));
        var options = _dump.Over(
            new DumpOptions
            {
                Schemas = Patterns(parsed.GetValue(_schemas)),
                ExcludeSchemas = Patterns(parsed.GetValue(_notSchemas)),
                Tables = Patterns(parsed.GetValue(_tables)),
                ExcludeTables = Patterns(parsed.GetValue(_notTables)),
                ExcludeTableData = Patterns(parsed.GetValue(_notTableData)),
            },
            parsed);
        var store = _store.Read(parsed, environment);
        var to = parsed.GetRequiredValue(_to);
        MigrateOptions.RequireNone([.. _source.Problems(parsed), .. ToProblems(to), .. options.Problems(), .. store.Problems()]);
        return new DumpWish(_source.Read(parsed), DumpDestination.Parse(to), parsed.GetValue(_overwrite), options, store)
        {
            CreatesStore = _store.Creates(parsed),
            AcceptsPublic = _store.AcceptsPublic(parsed),
            Note = _dump.HasIdleJobs(parsed) ? "pg_dump reads with one connection: --jobs changes nothing with --engine pg_dump." : null,
        };
    }

    private static IEnumerable<OptionProblem> ToProblems(string to)
    {
        if (string.IsNullOrWhiteSpace(to))
            yield return new("--to", "is empty", "Say where the dump shall lie: --to ./shop.dump. If a variable stands there, it is not set.");
    }

    private static ImmutableArray<string> Patterns(string[]? said) => [.. said ?? []];

    private static Option<string[]> Repeatable(string name, string? letter, string description)
    {
        var option = new Option<string[]>(name) { Description = description, HelpName = "PATTERN", Arity = ArgumentArity.OneOrMore };
        if (letter is not null)
            option.Aliases.Add(letter);
        return option;
    }
}

/// <param name="From">As <see cref="SourceFlags.Open"/> takes it.</param>
internal sealed record DumpWish(string From, DumpDestination To, bool Overwrites, DumpOptions Options, StoreOptions Store)
{
    /// <summary>The store is made if it is not there.</summary>
    public bool CreatesStore { get; init; }

    /// <summary>A store that everybody can read is taken all the same.</summary>
    public bool AcceptsPublic { get; init; }

    /// <summary>What is to be said of it before it begins; null: nothing.</summary>
    public string? Note { get; init; }
}
