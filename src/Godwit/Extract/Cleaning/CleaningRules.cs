using Godwit.PgArchive;
using Godwit.Providers;

namespace Godwit.Extract.Cleaning;

/// <summary>What the target would refuse, as far as it depends on source and target. What no ordinary role may restore
/// anywhere (event triggers, publications and others) needs no rule. OIDs are the source's, as in the archive: names
/// may be in any encoding.</summary>
public sealed record CleaningRules
{
    /// <summary>Extensions that are left out, each with the reason as a clause.</summary>
    public IReadOnlyDictionary<uint, string> Extensions { get; init; } = new Dictionary<uint, string>();

    /// <summary>Tables whose rows belong to these extensions: the archive does not name the extension.</summary>
    public IReadOnlySet<uint> Tables { get; init; } = new HashSet<uint>();

    /// <summary>Sequences of these extensions.</summary>
    public IReadOnlySet<(ArchiveText Schema, ArchiveText Name)> Sequences { get; init; } =
        new HashSet<(ArchiveText, ArchiveText)>();

    /// <summary>Tables of these extensions that the role cannot read completely: pg_dump would stop at them. Quoted, as
    /// pg_dump's patterns are.</summary>
    public IReadOnlyList<string> Unreadable { get; init; } = [];

    /// <summary>Tables and sequences whose rows are left out although their extension is carried over.</summary>
    public IReadOnlyDictionary<(ArchiveText Schema, ArchiveText Name), OwnRowsLeftOut> OwnRows { get; init; } =
        new Dictionary<(ArchiveText, ArchiveText), OwnRowsLeftOut>();

    /// <summary>Schemas that were made for these extensions. A schema that holds other objects stays.</summary>
    public IReadOnlySet<uint> Schemas { get; init; } = new HashSet<uint>();

    /// <summary>The target's roles, one character per byte.</summary>
    public required IReadOnlySet<string> Roles { get; init; }

    public RoleMap RoleMap { get; init; } = RoleMap.None;

    /// <summary>Roles that can own restored objects: the restoring role may act as them.</summary>
    public IReadOnlySet<string> Owners { get; init; } = new HashSet<string>();

    /// <summary>The restoring role, which owns everything at first; one character per byte.</summary>
    public string User { get; init; } = "";

    /// <summary>True: public replaces heroku_ext, which the target lacks or which we may not create.</summary>
    public bool ReplacesHerokuExt { get; init; } = true;
}

/// <param name="Why">A clause.</param>
/// <param name="HasRows">True: user rows are lost. False: all rows are the extension's own.</param>
public sealed record OwnRowsLeftOut(string Why, bool HasRows);
