using Godwit.Extract;
using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Dump;

/// <summary>How to dump a source, and what of it. The defaults are here and in <see cref="ExtractOptions"/>, and
/// nowhere else.</summary>
public sealed record DumpOptions : ExtractOptions
{
    /// <summary>The levels of zlib, as in <c>pg_dump --compress</c>.</summary>
    public const int CompressLevelMax = 9;

    /// <summary>Workers that read side by side.</summary>
    public int Jobs { get; init; } = JobCount.Usual;

    /// <summary>0 to 9; 0 does not compress. Null: what the engine finds best.</summary>
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
    /// <summary>Several workers at once.</summary>
    Godwit,

    /// <summary>Stock pg_dump, one core.</summary>
    PgDump,
}
