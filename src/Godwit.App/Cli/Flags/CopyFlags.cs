using System.CommandLine;
using Godwit.Copy;
using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.App.Cli.Flags;

internal sealed class CopyFlags
{
    private readonly SourceFlags _source = new();

    private readonly FillFlags _fill = FillFlags.ForCopy();

    private readonly Option<bool> _frozen = new("--frozen")
    {
        Description = "With --resume: asserts that only other databases of the server were written to since.",
    };

    private readonly Option<bool> _schemaOnly =
        new("--schema-only", "-s") { Description = "Definitions without rows." };

    private readonly Option<bool> _dataOnly = new("--data-only", "-a")
    {
        Description = "Rows, values of sequences and large objects, into tables that the target has already and that "
            + "are empty. Their foreign keys hold meanwhile; their triggers are off.",
    };

    private readonly SelectionFlags _selection = new();

    private readonly LockWaitFlag _lockWait = new(LockWaitFlag.DefaultOfRows);

    public IReadOnlyList<Option> All => [.. _source.All, .. _fill.Filling, _frozen, _schemaOnly, _dataOnly,
        _lockWait.Option, .. _selection.All, .. _fill.LeavingOut];

    /// <summary>Reports every problem at once, or one of source and target.</summary>
    public CopyRequest Open(ParseResult parsed, CliEnvironment world)
    {
        var problems = new List<OptionProblem>(_source.Problems(parsed));
        var fill = _fill.Read(parsed, problems);
        // The cleaning leaves out, and lists, what cannot belong to the target's one owner. Rows alone need none.
        if (parsed.GetValue(_dataOnly))
            fill = fill with { MappedRoles = null };
        var options = _selection.Over(new CopyOptions(), parsed) with
        {
            Fill = fill,
            HasOwnersAndGrants = fill.MappedRoles is not null,
            IsFrozen = parsed.GetValue(_frozen),
            HasRows = !parsed.GetValue(_schemaOnly),
            HasRowsAlone = parsed.GetValue(_dataOnly),
        };
        OptionProblems.RequireNone([.. problems, .. FrozenProblems(options), .. OnlyProblems(parsed, options)]);
#pragma warning disable CA2000 // What it becomes part of disposes it.
        return new(world.Databases.Source(_source.Read(parsed)) with { LockWait = _lockWait.Read(parsed) },
            _fill.OpenTarget(parsed, world), options);
#pragma warning restore CA2000
    }

    private static IEnumerable<OptionProblem> FrozenProblems(CopyOptions options)
    {
        if (options is { IsFrozen: true, Fill.Resumes: false })
            yield return new("--frozen", "is given without --resume",
                "Leave it out: a copy that begins needs no frozen source.");
    }

    private IEnumerable<OptionProblem> OnlyProblems(ParseResult parsed, CopyOptions options)
    {
        if (options is { HasRows: false, HasRowsAlone: true })
            yield return new("--data-only", "is given together with --schema-only",
                "Give one of them, or none to copy both.");
        if (!options.HasRows)
        {
            foreach (var idle in parsed.Given(_fill.OfRows))
                yield return new(idle, "is given together with --schema-only", "Leave it out: no rows are copied.");
        }
        else if (options.HasRowsAlone)
        {
            foreach (var idle in parsed.Given(_fill.OfDefinitions))
                yield return new(idle, "is given together with --data-only",
                    "Leave it out: nothing is defined at the target, nor left out.");
        }
    }
}

internal sealed record CopyRequest(PostgresAddress Source, OpenedTarget Target, CopyOptions Options) : IDisposable
{
    public void Dispose() => Target.Dispose();
}
