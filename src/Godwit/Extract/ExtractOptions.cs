using System.Collections.Immutable;
using Godwit.Extract.Cleaning;

namespace Godwit.Extract;

/// <summary>How to read a source, and what of it. The defaults are here and nowhere else.</summary>
public abstract record ExtractOptions
{
    /// <summary>Patterns with pg_dump's own meaning, as those of the four below: <c>--schema</c>.</summary>
    public ImmutableArray<string> Schemas { get; init; } = [];

    public ImmutableArray<string> ExcludeSchemas { get; init; } = [];

    public ImmutableArray<string> Tables { get; init; } = [];

    public ImmutableArray<string> ExcludeTables { get; init; } = [];

    /// <summary>Tables whose definition is taken and whose rows are not.</summary>
    public ImmutableArray<string> ExcludeTableData { get; init; } = [];

    /// <summary>False: definitions alone, pg_dump's <c>--schema-only</c>.</summary>
    public bool HasRows { get; init; } = true;

    /// <summary>Whether it says who owns what and who may do what: pg_dump's <c>--no-owner</c> and <c>--no-acl</c> when
    /// false.</summary>
    public bool HasOwnersAndGrants { get; init; } = true;

    /// <summary>Of a session that is still open at the source, as <c>pg_export_snapshot()</c> names it; null: the
    /// source as it is at the beginning.</summary>
    public string? Snapshot { get; init; }

    /// <summary>What a target would refuse is left out. Null: everything is as pg_dump says it.</summary>
    public CleaningRules? Cleaning { get; init; }
}
