using Godwit.Extract;
using Godwit.Faults;

namespace Godwit.Dump;

/// <summary>What to dump of a source, and how. Defaults are set only here and in
/// <see cref="ExtractOptions"/>.</summary>
public sealed record DumpOptions : ExtractOptions
{
    /// <summary>zlib's highest level, as in <c>pg_dump --compress</c>.</summary>
    public const int CompressLevelMax = 9;

    /// <summary>Workers that read in parallel.</summary>
    public int Jobs { get; init; } = 4;

    /// <summary>0 to 9; 0 does not compress. Null: the engine's default.</summary>
    public int? CompressLevel { get; init; }

    public DumpEngineKind Engine { get; init; }

    public IEnumerable<OptionProblem> Problems()
    {
        if (Jobs is < 1 or > JobsMax)
            yield return new("--jobs", $"is {Jobs}",
                $"Give a number from 1 to {JobsMax}; each worker holds one connection to the source.");
        if (CompressLevel is < 0 or > CompressLevelMax)
            yield return new("--compress", $"is {CompressLevel}", "Give a level from 0 (none) to 9 (smallest).");
    }
}

public enum DumpEngineKind
{
    /// <summary>Several workers in parallel.</summary>
    Godwit,

    /// <summary>Stock pg_dump, one core.</summary>
    PgDump,
}

/// <summary>The engines as typed after <c>--engine</c> and kept with a run.</summary>
public static class DumpEngineNames
{
    public const string Godwit = "godwit";

    public const string PgDump = "pg_dump";

    public static DumpEngineKind Kind(string name) => name == PgDump ? DumpEngineKind.PgDump : DumpEngineKind.Godwit;
}
