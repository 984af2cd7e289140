using Godwit.Extract;
using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Dump;

/// <summary>Defaults are set only here and in <see cref="ExtractOptions"/>.</summary>
public sealed record DumpOptions : ExtractOptions
{
    /// <summary>zlib's highest level, as in <c>pg_dump --compress</c>.</summary>
    public const int CompressLevelMax = 9;

    public int Jobs { get; init; } = JobCount.Usual;

    /// <summary>0 to 9; 0 does not compress. Null: the engine's default.</summary>
    public int? CompressLevel { get; init; }

    public DumpEngineKind Engine { get; init; }

    public IEnumerable<OptionProblem> Problems() =>
    [
        .. JobCount.Problems(Jobs, JobCount.AtSource),
        .. CompressLevel is < 0 or > CompressLevelMax ? (OptionProblem[])[new("--compress", $"is {CompressLevel}",
            "Give a level from 0 (none) to 9 (smallest).")] : [],
    ];
}

public enum DumpEngineKind
{
    /// <summary>Several workers in parallel.</summary>
    Godwit,

    /// <summary>Stock pg_dump, one core.</summary>
    PgDump,
}
