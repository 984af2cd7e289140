using Godwit.Faults;
using Godwit.Postgres;
using Godwit.Providers;

namespace Godwit.Copy;

/// <summary>How a target is filled, from any source of rows. Defaults are set only here.</summary>
public sealed record FillOptions
{
    /// <summary>Workers that carry rows, each with a connection to the target.</summary>
    public int Jobs { get; init; } = JobCount.Usual;

    /// <summary>Connections that build indexes and check constraints at the target, beside <see cref="Jobs"/>. Null:
    /// the same number.</summary>
    public int? IndexJobs { get; init; }

    internal int Makers => IndexJobs ?? Jobs;

    /// <summary>Bytes per second that all workers together bring at most; null: no limit.</summary>
    public long? RateMax { get; init; }

    /// <summary>True: a foreign key that rows violate is added NOT VALID.</summary>
    public bool KeepsOrphans { get; init; }

    /// <summary>File for the statements that are left out, with the reasons; null: none is written.</summary>
    public string? LeftOutFile { get; init; }

    public bool Resumes { get; init; }

    /// <summary>How roles that the target lacks are mapped; what the target would refuse is left out. Null: nothing is
    /// left out.</summary>
    public RoleMap? MappedRoles { get; init; } = RoleMap.None;

    public IEnumerable<OptionProblem> Problems() =>
    [
        .. JobCount.Problems(Jobs, JobCount.AtTarget),
        .. JobCount.Problems(IndexJobs, "each holds one connection to the target", "--index-jobs"),
    ];
}
