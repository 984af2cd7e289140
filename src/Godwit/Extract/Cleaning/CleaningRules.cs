using Godwit.PgArchive;
using Godwit.Providers;

namespace Godwit.Extract.Cleaning;

/// <summary>What a target would refuse, as far as the source and the target must be asked for it. What no ordinary
/// owner may restore anywhere (event triggers, publications, …) needs no rule.</summary>
/// <remarks>OIDs are the source's, as they stand in the archive: names may be in any encoding.</remarks>
public sealed record CleaningRules
{
    /// <summary>Extensions that are left out, each with the reason, a clause.</summary>
    public IReadOnlyDictionary<uint, string> Extensions { get; init; } = new Dictionary<uint, string>();

    /// <summary>Tables whose rows belong to these: pg_dump does not write down to which.</summary>
    public IReadOnlySet<uint> Tables { get; init; } = new HashSet<uint>();

    /// <summary>Sequences of these, as schema and name.</summary>
    public IReadOnlySet<(ArchiveText Schema, ArchiveText Name)> Sequences { get; init; } =
        new HashSet<(ArchiveText, ArchiveText)>();

    /// <summary>Those of them that the role may not read, or not whole: pg_dump would stop at them. Quoted, as its
    /// patterns are.</summary>
    public IReadOnlyList<string> Unreadable { get; init; } = [];

    /// <summary>Tables and sequences of extensions that go along, whose rows do not: as schema and name.</summary>
    public IReadOnlyDictionary<(ArchiveText Schema, ArchiveText Name), OwnRowsLeftOut> OwnRows { get; init; } =
        new Dictionary<(ArchiveText, ArchiveText), OwnRowsLeftOut>();

    /// <summary>Schemas that were made for these. One in which something else is stays.</summary>
    public IReadOnlySet<uint> Schemas { get; init; } = new HashSet<uint>();

    /// <summary>Roles the target has, one character per byte.</summary>
    public required IReadOnlySet<string> Roles { get; init; }

    public RoleMap RoleMap { get; init; } = RoleMap.None;

    /// <summary>Those of them in whose name whoever restores may act, so that they can own what is restored.</summary>
    public IReadOnlySet<string> Owners { get; init; } = new HashSet<string>();

    /// <summary>Who restores, and owns everything at first; one character per byte.</summary>
    public string User { get; init; } = "";

    /// <summary>The schema heroku_ext is gone at the target, or is not ours to make.</summary>
    public bool ReplacesHerokuExt { get; init; } = true;
}

/// <param name="Why">A clause.</param>
/// <param name="HasRows">Some of the user's are lost with it; else there is nothing but what the extension brings
/// itself.</param>
public sealed record OwnRowsLeftOut(string Why, bool HasRows);
