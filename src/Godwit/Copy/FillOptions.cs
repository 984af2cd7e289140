using Godwit.Faults;
using Godwit.Postgres;
using Godwit.Providers;

namespace Godwit.Copy;

/// <summary>How a target is filled, wherever the rows come from. The defaults are here and nowhere else.</summary>
public sealed record FillOptions
{
    /// <summary>Workers that carry rows, each with a connection to the target.</summary>
    public int Jobs { get; init; } = JobCount.Usual;

    /// <summary>Connections that build indexes and check constraints at the target, beside those that carry rows. Null:
    /// as many as carry rows.</summary>
    public int? IndexJobs { get; init; }

    /// <summary>As many as <see cref="IndexJobs"/> says.</summary>
    internal int Makers => IndexJobs ?? Jobs;

    /// <summary>Bytes that all workers together bring to the target per second at most; null: as many as they
    /// can.</summary>
    public long? RateMax { get; init; }

    /// <summary>A foreign key that some of the rows break is made all the same, NOT VALID.</summary>
    public bool KeepsOrphans { get; init; }

    /// <summary>A file for the statements that are left out, with the reasons; null: none is written.</summary>
    public string? LeftOutFile { get; init; }

    /// <summary>Goes on with what did not come to its end.</summary>
    public bool Resumes { get; init; }

    /// <summary>What the target would refuse is left out, and roles it has not are mapped so. Null: nothing is left out
    /// for its sake.</summary>
    public RoleMap? MappedRoles { get; init; } = RoleMap.None;

    public IEnumerable<OptionProblem> Problems() =>
    [
        .. JobCount.Problems(Jobs, JobCount.AtTarget),
        .. JobCount.Problems(IndexJobs, "each holds one connection to the target", "--index-jobs"),
    ];
}
