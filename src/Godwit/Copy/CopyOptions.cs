using Godwit.Copy.Definitions;
using Godwit.Extract;
using Godwit.Faults;
using Godwit.PgArchive;
using Godwit.Providers;

namespace Godwit.Copy;

/// <summary>How to copy, and what. The defaults are here and in <see cref="ExtractOptions"/>, and nowhere else.</summary>
public sealed record CopyOptions : ExtractOptions
{
    /// <summary>Connections that build indexes and check constraints at the target, beside those that carry rows. Null: as many as carry rows.</summary>
    public int? IndexJobs { get; init; }

    /// <summary>Bytes that all workers together bring to the target per second at most; null: as many as they can.</summary>
    public long? RateMax { get; init; }

    /// <summary>A foreign key that rows at the source break is made all the same, NOT VALID.</summary>
    public bool KeepsOrphans { get; init; }

    /// <summary>A file for the statements that are left out, with the reasons; null: none is written.</summary>
    public string? LeftOutFile { get; init; }

    /// <summary>The target has the tables already, and gets their rows alone, the values of sequences, and large objects. False: they are made.</summary>
    public bool HasRowsAlone { get; init; }

    /// <summary>Goes on with a copy that did not come to its end.</summary>
    public bool Resumes { get; init; }

    /// <summary>Nobody can have written to the source since the copy began, whatever other databases of its server did.</summary>
    public bool IsFrozen { get; init; }

    /// <summary>What the target would refuse is left out, and roles it has not are mapped so. Null: everything is as at the source.</summary>
    public RoleMap? MappedRoles { get; init; } = RoleMap.None;

    internal bool Makes(TocEntry entry) => !HasRowsAlone || RestoreOrder.IsOfContents(entry);

    public override IEnumerable<OptionProblem> Problems()
    {
        foreach (var problem in base.Problems())
            yield return problem;
        if (IndexJobs is < 1 or > JobsMax)
            yield return new("--index-jobs", $"is {IndexJobs}", $"Give a number from 1 to {JobsMax}; each holds one connection to the target.");
    }
}
