using System.Collections.Immutable;
using Godwit.Dump.Cleaning;
using Godwit.Faults;

namespace Godwit.Dump;

/// <summary>How to read the source, and what of it. The defaults are here and nowhere else.</summary>
public sealed record DumpOptions
{
    /// <summary>Each worker holds one connection to the source for the whole dump; a managed source rarely allows more than a hundred in all.</summary>
    public const int JobsMax = 32;

    /// <summary>The levels of zlib, as in <c>pg_dump --compress</c>.</summary>
    public const int CompressLevelMax = 9;

    /// <summary>Workers that read and compress side by side.</summary>
    public int Jobs { get; init; } = 4;

    /// <summary>0 to 9; 0 does not compress. Null: what the engine finds best.</summary>
    public int? CompressLevel { get; init; }

    /// <summary>Patterns with pg_dump's own meaning, as those of the four below: <c>--schema</c>.</summary>
    public ImmutableArray<string> Schemas { get; init; } = [];

    public ImmutableArray<string> ExcludeSchemas { get; init; } = [];

    public ImmutableArray<string> Tables { get; init; } = [];

    public ImmutableArray<string> ExcludeTables { get; init; } = [];

    /// <summary>Tables whose definition is dumped and whose rows are not.</summary>
    public ImmutableArray<string> ExcludeTableData { get; init; } = [];

    /// <summary>Whether the archive says who owns what and who may do what: pg_dump's <c>--no-owner</c> and <c>--no-acl</c> when false.</summary>
    public bool HasOwnersAndGrants { get; init; } = true;

    public DumpEngineKind Engine { get; init; }

    /// <summary>Of a session that is still open at the source, as <c>pg_export_snapshot()</c> names it; null: the source as it is when the dump begins.</summary>
    public string? Snapshot { get; init; }

    /// <summary>What a target would refuse is left out. Null: the archive is as pg_dump makes it.</summary>
    public CleaningRules? Cleaning { get; init; }

    public IEnumerable<OptionProblem> Problems()
    {
        if (Jobs is < 1 or > JobsMax)
            yield return new("--jobs", $"is {Jobs}", $"Give a number from 1 to {JobsMax}; each worker holds one connection to the source.");
        if (CompressLevel is < 0 or > CompressLevelMax)
            yield return new("--compress", $"is {CompressLevel}", "Give a level from 0 (none) to 9 (smallest).");
    }
}

public enum DumpEngineKind
{
    /// <summary>Several workers at once.</summary>
    Godwit,

    /// <summary>Stock pg_dump, one core.</summary>
    PgDump,
}

/// <summary>The engines as they are typed behind <c>--engine</c> and kept with a run.</summary>
public static class DumpEngineNames
{
    public const string Godwit = "godwit";

    public const string PgDump = "pg_dump";

    public static DumpEngineKind Kind(string name) => name == PgDump ? DumpEngineKind.PgDump : DumpEngineKind.Godwit;
}
