using Godwit.Extract;
using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Dump;

/// <summary>Defaults are set only here and in <see cref="ExtractOptions"/>.</summary>
public sealed record DumpOptions : ExtractOptions
{
    public int Jobs { get; init; } = JobCount.Usual;

    public DumpCompression Compression { get; init; } = DumpCompression.Usual;

    public DumpEngineKind Engine { get; init; }

    public IEnumerable<OptionProblem> Problems() =>
        [.. JobCount.Problems(Jobs, JobCount.AtSource), .. Compression.Problems()];
}

public enum DumpEngineKind
{
    /// <summary>Several workers in parallel.</summary>
    Godwit,

    /// <summary>Stock pg_dump, one core.</summary>
    PgDump,
}
