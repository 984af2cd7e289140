using Godwit.Faults;
using Godwit.Proof;

namespace Godwit.Verify.Schema;

/// <summary>Rights of PUBLIC are always compared, others only if both sides have the role.</summary>
internal static class SchemaAccess
{
    public const string Owner = "owner";

    private const string Grant = "grant", DefaultPrivileges = "default privileges", PublicSchema =
        "schema public", ByVersion = "PUBLIC: as the version has it",
        OwnersOwn = "(owner): ";

    // In older versions PUBLIC could create objects in the schema public.
    // https://www.postgresql.org/docs/15/release-15.html
    private const int PublicIsClosedSince = 15;

    /// <summary>What cannot be compared becomes omissions.</summary>
    public static (List<SchemaObject> Source, List<SchemaObject> Target, List<Omission> Omissions) Comparable(
        IReadOnlyList<SchemaObject> source, IReadOnlyList<SchemaObject> target, SchemaSide sourceSide,
        SchemaSide targetSide)
    {
        var omissions = new List<Omission>();
        var (here, there) = (Owners(source), Owners(target));
        var lost = here.Values.Distinct().Where(role => !targetSide.Roles.ContainsKey(role))
            .Order(StringComparer.Ordinal).ToList();
        if (lost.Count > 0)
        {
            omissions.Add(new("owners",
                $"the roles differ: the target has no role {Phrase.List(lost)}, which owns objects of the source",
                HoldsData: false));
        }

        var unowned = here.Where(one => !targetSide.Roles.ContainsKey(one.Value)).Select(one => one.Key).ToHashSet();
        var public15 = sourceSide.Major < PublicIsClosedSince != targetSide.Major < PublicIsClosedSince;
        return (
            Known(source, new(sourceSide, targetSide, "target", here, there, public15), unowned, omissions),
            Known(target, new(targetSide, sourceSide, "source", there, here, public15), unowned, omissions), omissions);
    }

    /// <summary>By the object's key.</summary>
    public static IReadOnlyDictionary<string, string> Owners(IEnumerable<SchemaObject> objects) =>
        objects.Where(one => one.Class == Owner)
            .ToDictionary(one => one.PartOf[0], one => one.Text["owner: ".Length..]);

    /// <param name="unowned">Keys of objects whose owner the target lacks.</param>
    private static List<SchemaObject> Known(
        IReadOnlyList<SchemaObject> objects, Look look, HashSet<string> unowned, List<Omission> omissions)
    {
        var lost = new HashSet<string>();
        var known = new List<SchemaObject>(objects.Count);
        foreach (var one in objects)
        {
            if (one.Class == Owner && (unowned.Contains(one.PartOf[0]) || look.IsMakersOwn(one)))
                continue;
            if (one.Class == DefaultPrivileges && look.MakerOf(one) is { } maker
                && !look.Other.Roles.ContainsKey(maker))
            {
                lost.Add(maker);
                continue;
            }

            if (one.Class is not (Grant or DefaultPrivileges))
            {
                known.Add(one);
                continue;
            }

            var lines = one.Text.Split('\n').Where(line => line.Length > 0).ToList();
            lost.UnionWith(lines.Select(RoleOf).OfType<string>().Where(role => !look.Other.Roles.ContainsKey(role)));
            lines.RemoveAll(line => RoleOf(line) is { } role && !look.Other.Roles.ContainsKey(role));
            var usual = one.Usual;
            if (one.Class == Grant && look.HasOtherOwner(one, out var other))
            {
                // An owner's rights are no grants, and the other side has another owner.
                lines.RemoveAll(line => line.StartsWith(OwnersOwn, StringComparison.Ordinal) || RoleOf(line) == other);
                usual = usual?.Where(line => !line.StartsWith(OwnersOwn, StringComparison.Ordinal)).ToList();
            }

            // PUBLIC's default rights on this schema depend on the version, and a dump carries neither.
            if (look.PublicDiffers && one.Name == PublicSchema)
                lines = [.. lines.Select(line => line is "PUBLIC: ALL" or "PUBLIC: USAGE" ? ByVersion : line)];
            if (!IsUsual(one, lines, usual, look.Side.Major))
                known.Add(one with { Text = lines.Count == 0 ? "nobody but its owner" : string.Join('\n', lines) });
        }

        if (lost.Count > 0)
        {
            omissions.Add(new(
                $"grants to {(lost.Count == 1 ? "the role" : "the roles")} "
                + $"{Phrase.List([.. lost.Order(StringComparer.Ordinal)])}",
                $"the {look.OtherName} has no such role", HoldsData: false));
        }

        return known;
    }

    private static bool IsUsual(SchemaObject one, List<string> lines, IReadOnlyList<string>? usual, int major)
    {
        if (one.Name != PublicSchema)
            return one.Class == Grant ? lines.SequenceEqual(usual ?? []) : lines.Count == 0;
        return lines.Where(line => line != OwnersOwn + "ALL").ToList() is [var everybody]
            && (everybody == (major < PublicIsClosedSince ? "PUBLIC: ALL" : "PUBLIC: USAGE") || everybody == ByVersion);
    }

    // Null: PUBLIC or the owner.
    private static string? RoleOf(string line)
    {
        var role = line[..Math.Max(0, line.LastIndexOf(": ", StringComparison.Ordinal))];
        return role is "PUBLIC" or "(owner)" ? null : role;
    }

    /// <summary>One side, and what is needed of the other to read it.</summary>
    /// <param name="Owners">By key of the object.</param>
    /// <param name="OtherOwners">Of the same objects at the other side.</param>
    private sealed record Look(
        SchemaSide Side, SchemaSide Other, string OtherName, IReadOnlyDictionary<string, string> Owners,
        IReadOnlyDictionary<string, string> OtherOwners,
        bool PublicDiffers)
    {
        /// <summary>The schema public belongs to the superuser of initdb; since PostgreSQL 15 to the database's
        /// owner.</summary>
        public bool IsMakersOwn(SchemaObject one) => one.Name == PublicSchema
            && (one.Text == "owner: pg_database_owner"
                || Side.Roles.GetValueOrDefault(one.Text["owner: ".Length..])?.IsSuperuser == true);

        public bool HasOtherOwner(SchemaObject grant, out string? other)
        {
            // A column's owner is its table's.
            var key = grant.PartOf.LastOrDefault(Owners.ContainsKey);
            other = key is null ? null : OtherOwners.GetValueOrDefault(key);
            return other is not null && other != Owners[key!];
        }

        /// <summary>The role in <c>for role alice in schema public on tables</c>.</summary>
        public string? MakerOf(SchemaObject one) => Side.Roles.Keys.FirstOrDefault(role =>
            one.Name.StartsWith($"for role {role} in schema ", StringComparison.Ordinal)
            || one.Name.StartsWith($"for role {role} on ", StringComparison.Ordinal));
    }
}
