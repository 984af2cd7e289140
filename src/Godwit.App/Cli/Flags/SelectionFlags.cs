using System.Collections.Immutable;
using System.CommandLine;
using Godwit.Extract;

namespace Godwit.App.Cli.Flags;

/// <summary>What is taken from a source, with pg_dump's options.</summary>
internal sealed class SelectionFlags
{
    private readonly Option<string[]> _schemas = Repeatable("--schema",
        "-n", "Only the schemas that match, as pg_dump means it. May be repeated.");
    private readonly Option<string[]> _notSchemas = Repeatable("--exclude-schema",
        "-N", "All but the schemas that match. May be repeated.");
    private readonly Option<string[]> _tables = Repeatable("--table",
        "-t", "Only the tables, views and sequences that match, without what they depend on. May be repeated.");
    private readonly Option<string[]> _notTables = Repeatable("--exclude-table",
        "-T", "All but the tables that match. May be repeated.");
    private readonly Option<string[]> _notTableData = Repeatable("--exclude-table-data", null,
        "The definition of the tables that match, without their rows. May be repeated.");

    public IReadOnlyList<Option> All => [_schemas, _notSchemas, _tables, _notTables, _notTableData];

    public TOptions Over<TOptions>(TOptions options, ParseResult parsed)
        where TOptions : ExtractOptions => (TOptions)(options with
        {
            Schemas = Patterns(parsed.GetValue(_schemas)),
            ExcludeSchemas = Patterns(parsed.GetValue(_notSchemas)),
            Tables = Patterns(parsed.GetValue(_tables)),
            ExcludeTables = Patterns(parsed.GetValue(_notTables)),
            ExcludeTableData = Patterns(parsed.GetValue(_notTableData)),
        });

    private static ImmutableArray<string> Patterns(string[]? said) => [.. said ?? []];

    private static Option<string[]> Repeatable(string name, string? letter, string description)
    {
        var option = new Option<string[]>(name)
        {
            Description = description, HelpName = "PATTERN", Arity = ArgumentArity.OneOrMore,
        };
        if (letter is not null)
            option.Aliases.Add(letter);
        return option;
    }
}
