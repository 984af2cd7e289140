using Godwit.PgArchive;
using Godwit.Providers;

namespace Godwit.Extract.Cleaning;

/// <summary>Separates owners and rights that the target can have from the rest, which is listed. Owners and rights are
/// set after the restore, when the restoring role owns everything: rights first, because only an owner can
/// grant.</summary>
/// <param name="mainOwner">The role that the target's owner replaces.</param>
internal sealed class RightsSorter(CleaningRules rules, string mainOwner)
{
    private const string Itself = RoleMap.CurrentUser;
    private const string OneOwner = "everything belongs to the target's owner, who may do everything with it";

    private readonly List<CarriedRight> _rights = [];
    private readonly List<CarriedRight> _owners = [];
    private readonly List<CarriedRight> _schemas = [];

    public List<LeftOut> LeftOut { get; } = [];

    /// <summary>In the order in which they run. Owners of schemas come last: until then a schema's objects must be
    /// reachable.</summary>
    public IReadOnlyList<CarriedRight> Carried => [.. _rights, .. _owners, .. _schemas];

    /// <summary>Sorts an entry of grants or of default privileges.</summary>
    public void Sort(TocEntry entry)
    {
        if (entry.Definition is not { } definition)
            return;
        var (kind, name) = (entry.Is("DEFAULT ACL"u8) ? LeftOutKind.DefaultPrivileges : LeftOutKind.Grant,
            ArchiveCleaner.NameOf(entry));
        foreach (var one in RightsText.Of(ArchiveSql.TextOf(definition.Bytes)))
        {
            var (sql, why) = one.Maker is { } maker ? OfMaker(one, maker) : OfGrantee(one,
                ArchiveSql.TextOf((entry.Owner ?? default).Bytes), null);
            if (sql is null)
                LeftOut.Add(new(kind, name, Ended(one.Sql), why));
            else
                _rights.Add(new(kind, name, Bytes(sql)));
            if (sql is not null && sql != one.Sql && why.Length > 0)
                LeftOut.Add(new(kind, name, Ended(one.Sql), why, Ended(sql)));
        }
    }

    /// <param name="statement"><c>ALTER … OWNER TO</c> with the owner from <see cref="OwnerAtTarget"/>.</param>
    public void SortOwner(TocEntry entry, ArchiveText statement) =>
        (entry.Is("SCHEMA"u8) ? _schemas : _owners).Add(new(LeftOutKind.Owner, ArchiveCleaner.NameOf(entry),
            Bytes(ArchiveSql.TextOf(statement.Bytes).TrimEnd(';', '\n'))));

    /// <summary>The target's owner for this role's objects; null: the restoring role.</summary>
    public string? OwnerAtTarget(string owner) =>
        RoleAtTarget(owner) is { } role && !IsOurs(owner) && rules.Owners.Contains(role) ? role : null;

    /// <summary>This role is the restoring role at the target.</summary>
    public bool IsOurs(string owner) => RoleAtTarget(owner) is { } role && (role == Itself || role == rules.User);

    private (string? Sql, string Why) OfMaker(RightsText one, string maker)
    {
        if (OwnerAtTarget(maker) is { } there)
            return OfGrantee(one, maker, PolicyText.Quoted(there), there == maker ? "" : "you mapped its role");
        return maker == mainOwner || IsOurs(maker)
            ? OfGrantee(one, maker, null,
                RoleAtTarget(maker) == rules.User ? "" : "the target's owner makes there what this role makes here")
            : (null, $"nobody at the target makes anything in the name of {ArchiveCleaner.Shown(maker)}");
    }

    /// <param name="owner">The object's owner, who may lack some rights and may be another role at the target.</param>
    /// <param name="maker">As SQL.</param>
    /// <param name="why">A clause: what is rewritten already; empty: nothing.</param>
    private (string? Sql, string Why) OfGrantee(RightsText one, string owner, string? maker, string why = "")
    {
        if (one.Role is not { } role)
            return (one.With(null, maker), why);
        // The main owner's replacement gets no more rights than that owner had. Other owners' objects belong to it
        // anyway.
        if (role == owner)
            return maker is not null || owner == mainOwner || OwnerAtTarget(owner) is not null
                ? (one.With(maker ?? Itself, maker), why) : (null, OneOwner);
        if (RoleAtTarget(role) is not { } there)
            return (null, rules.RoleMap.Find(ArchiveCleaner.Shown(role)) == RoleMap.Public
                ? "what is granted to everybody is not taken from a mapped role"
                : $"the target has no role {ArchiveCleaner.Shown(role)}");
        return there == Itself ? (null, OneOwner) : (one.With(PolicyText.Quoted(there), maker),
            there == role ? why : "you mapped its role");
    }

    // The role's name at the target, one character per byte, or CURRENT_USER for the restoring role; null: none. A role
    // mapped to PUBLIC gives null: that mapping is for policies, and would here grant to everybody.
    private string? RoleAtTarget(string role) => rules.RoleMap.Find(ArchiveCleaner.Shown(role)) switch
    {
        null => rules.Roles.Contains(role) ? role : null,
        RoleMap.Public => null,
        var mapped => ArchiveSql.TextOf(mapped),
    };

    private static ArchiveText Ended(string sql) => Bytes(sql + ";\n");

    private static ArchiveText Bytes(string sql) => ArchiveText.Of(ArchiveSql.BytesOf(sql));
}
