using System.CommandLine;
using Godwit.App.Cli.Commands;
using Godwit.Copy;
using Godwit.Faults;
using Godwit.Storage;

namespace Godwit.App.Cli.Flags;

internal sealed class RestoreFlags
{
    private readonly Argument<string> _archive = ArchiveCommand.Argument();

    private readonly FillFlags _fill = FillFlags.ForRestore();

    private readonly StoreFlags _store = new();

    public Argument Archive => _archive;

    public IReadOnlyList<Option> All => [.. _fill.Filling, .. _fill.LeavingOut, .. _store.Buckets];

    /// <summary>Reports every problem at once, or one of the target.</summary>
    public RestoreRequest Open(ParseResult parsed, CliEnvironment world)
    {
        var problems = new List<OptionProblem>();
        var options = _fill.Read(parsed, problems);
        var store = _store.Read(parsed, world.Environment);
        OptionProblems.RequireNone([.. problems, .. store.Problems()]);
#pragma warning disable CA2000 // What it becomes part of disposes it.
        return new(parsed.GetRequiredValue(_archive), _fill.OpenTarget(parsed, world), options, store);
#pragma warning restore CA2000
    }
}

/// <param name="Archive">As <see cref="ArchivePlace.OpenAsync"/> takes it.</param>
internal sealed record RestoreRequest(
    string Archive, OpenedTarget Target, FillOptions Options, StoreOptions Store) : IDisposable
{
    public void Dispose() => Target.Dispose();
}
