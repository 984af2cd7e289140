using System.CommandLine;
using Godwit.App.Cli.Flags;
using Godwit.Dump;
using Godwit.Faults;
using Godwit.PgArchive;
using Godwit.Storage;

namespace Godwit.App.Cli.Commands;

internal sealed class ArchiveFilterOptions
{
    private readonly Option<string?> _to = new("--to")
    {
        Description = "Where to: the path of a file, s3://bucket/prefix/name, disk:FOLDER/name, "
            + "or - for standard output.", HelpName = "PLACE",
    };

    private readonly Option<bool> _overwrite =
        new("--overwrite") { Description = "Replace what has that name already, once the new archive is whole." };

    private readonly Option<string[]> _without = new("--without")
    {
        Description = "Leave out what matches, with its parts (a table's data, indexes, constraints, comments …): "
            + "kind, schema and name as the list shows them, with * and ?, "
            + "e.g. 'TABLE public audit_*' or 'EXTENSION - hstore'; or an entry's number. May be repeated.",
        HelpName = "PATTERN",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string?> _onlyListed = new("--only-listed")
    {
        Description = "Keep exactly the entries of this list, in its order, as pg_restore -L does. "
            + "Make one with godwit archive list, and remove lines or put ; before them.",
        HelpName = "FILE",
    };

    private readonly Option<bool> _withDependents = new("--with-dependents")
    {
        Description = "Leave out everything that depends on what --without names, not its parts alone: "
            + "views, functions, other tables …",
    };

    private readonly Option<bool> _dryRun =
        new("--dry-run") { Description = "Say what would be left out, and write nothing." };

    private readonly LeftOutFlag _leftOut = new();
    private readonly StoreFlags _store = new();

    public Argument<string> Archive { get; } = ArchiveCommand.Argument();

    public IReadOnlyList<Option> All => [_to, _overwrite, _without, _onlyListed, _withDependents, _dryRun,
        _leftOut.Option, _store.AcceptPublic, .. _store.Buckets];

    /// <summary>Reports every problem at once, or the one that hides the others.</summary>
    public ArchiveFilterRequest Read(ParseResult parsed, Func<string, string?> environment)
    {
        var to = parsed.GetValue(_to);
        var isDryRun = parsed.GetValue(_dryRun);
        var without = parsed.GetValue(_without) ?? [];
        var withDependents = parsed.GetValue(_withDependents);
        var store = _store.Read(parsed, environment);
        List<OptionProblem> problems = [.. store.Problems(), .. _leftOut.Problems(parsed)];
        if (string.IsNullOrEmpty(to) && !isDryRun)
            problems.Add(new("--to", "is missing",
                "Say where the new archive shall lie, or look first with --dry-run."));
        if (withDependents && without.Length == 0)
            problems.Add(new("--with-dependents", "says how far --without reaches, and there is none",
                "Name what shall be left out: --without 'TABLE public audit'."));
        OptionProblems.RequireNone(problems);
        return new ArchiveFilterRequest(
            parsed.GetRequiredValue(Archive),
            isDryRun ? null : DumpDestination.Parse(to!),
            parsed.GetValue(_overwrite),
            new ArchiveSelection(without, parsed.GetValue(_onlyListed),
                withDependents ? DropReach.Dependents : DropReach.Parts),
            store,
            _store.AcceptsPublic(parsed),
            _leftOut.Read(parsed));
    }
}

/// <param name="Archive">As <see cref="ArchivePlace.OpenAsync"/> takes it.</param>
/// <param name="To">Null: nothing is written.</param>
/// <param name="AcceptsPublic">Even a store that everybody can read.</param>
/// <param name="LeftOutFile">For statements left out of kept entries; null: none.</param>
internal sealed record ArchiveFilterRequest(
    string Archive, DumpDestination? To, bool Overwrites, ArchiveSelection Selection, StoreOptions Store,
    bool AcceptsPublic,
    string? LeftOutFile);
