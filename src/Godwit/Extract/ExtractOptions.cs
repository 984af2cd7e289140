using System.Collections.Immutable;
using Godwit.Extract.Cleaning;

namespace Godwit.Extract;

/// <summary>Defaults are set only here.</summary>
public abstract record ExtractOptions
{
    /// <summary>Patterns with pg_dump's own meaning, as those of the four below: <c>--schema</c>.</summary>
    public ImmutableArray<string> Schemas { get; init; } = [];

    public ImmutableArray<string> ExcludeSchemas { get; init; } = [];

    public ImmutableArray<string> Tables { get; init; } = [];

    public ImmutableArray<string> ExcludeTables { get; init; } = [];

    public ImmutableArray<string> ExcludeTableData { get; init; } = [];

    /// <summary>False: only definitions, pg_dump's <c>--schema-only</c>.</summary>
    public bool HasRows { get; init; } = true;

    /// <summary>False: pg_dump's <c>--no-owner</c> and <c>--no-acl</c>.</summary>
    public bool HasOwnersAndGrants { get; init; } = true;

    /// <summary>From <c>pg_export_snapshot()</c> in a session that is still open; null: the state at the
    /// start.</summary>
    public string? Snapshot { get; init; }

    /// <summary>Null: everything stays as pg_dump wrote it.</summary>
    public CleaningRules? Cleaning { get; init; }
}
