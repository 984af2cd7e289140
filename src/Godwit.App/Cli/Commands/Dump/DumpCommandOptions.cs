using System.CommandLine;
using Godwit.App.Cli.Flags;
using Godwit.Dump;
using Godwit.Faults;
using Godwit.Migration.Opening;
using Godwit.Storage;

namespace Godwit.App.Cli.Commands;

internal sealed class DumpCommandOptions
{
    private readonly SourceFlags _source = new();
    private readonly DumpFlags _dump = DumpFlags.ForDump();
    private readonly StoreFlags _store = new();

    private readonly Option<string> _to = new("--to")
    {
        Description = $"Where to: {StoreFlags.Objects}, the path of a file, or - for standard output.",
        HelpName = "PLACE", Required = true,
    };

    private readonly Option<bool> _overwrite =
        new("--overwrite") { Description = "Replace what has that name already, once the new dump is whole." };

    private readonly Option<string?> _format = new("--format", "-F")
    {
        Description = "custom, which is also the default: pg_dump's custom format is the only one.",
        HelpName = "FORMAT",
    };

    private readonly SelectionFlags _selection = new();

    private readonly LeftOutFlag _leftOut = new();

    public IReadOnlyList<Option> All =>
    [
        .. _source.All, _to, _overwrite, .. _dump.All, _format,
        .. _selection.All, _leftOut.Option, .. _store.Making, _store.AcceptPublic, .. _store.Buckets,
    ];

    /// <summary>Reports every problem at once, or the one that hides the others.</summary>
    public DumpRequest Read(ParseResult parsed, Func<string, string?> environment)
    {
        if (parsed.GetValue(_format) is { } format and not ("custom" or "c"))
            throw new FaultException(CliFaults.DumpFormat(format));
        var options = _dump.Over(_selection.Over(new DumpOptions(), parsed), parsed);
        var store = _store.Read(parsed, environment);
        var to = parsed.GetRequiredValue(_to);
        OptionProblems.RequireNone([.. _source.Problems(parsed), .. ToProblems(to), .. options.Problems(),
            .. _leftOut.Problems(parsed), .. store.Problems()]);
        return new DumpRequest(_source.Read(parsed), DumpDestination.Parse(to), parsed.GetValue(_overwrite),
            options, store)
        {
            CreatesStore = _store.Creates(parsed),
            AcceptsPublic = _store.AcceptsPublic(parsed),
            LeftOutFile = _leftOut.Read(parsed),
            LockWait = _dump.LockWait(parsed),
            Note = _dump.HasIdleJobs(parsed)
                ? "pg_dump reads with one connection: --jobs changes nothing with --engine pg_dump." : null,
        };
    }

    private static IEnumerable<OptionProblem> ToProblems(string to)
    {
        if (string.IsNullOrWhiteSpace(to))
            yield return new("--to", "is empty",
                "Say where the dump shall lie: --to ./shop.dump. If a variable stands there, it is not set.");
    }
}

/// <param name="From">As <see cref="DatabaseOpener.Source"/> takes it.</param>
internal sealed record DumpRequest(
    string From, DumpDestination To, bool Overwrites, DumpOptions Options, StoreOptions Store)
{
    /// <summary>If it is missing.</summary>
    public bool CreatesStore { get; init; }

    /// <summary>Even a store that everybody can read.</summary>
    public bool AcceptsPublic { get; init; }

    /// <summary>For the statements that are left out; null: none.</summary>
    public string? LeftOutFile { get; init; }

    /// <summary>For another session's lock at the source; null: not given.</summary>
    public TimeSpan? LockWait { get; init; }

    /// <summary>Shown before the dump; null: nothing.</summary>
    public string? Note { get; init; }
}
