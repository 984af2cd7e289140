using Godwit.Faults;

namespace Godwit.Verify.Schema;

/// <summary>Owners and grants, of which only those can be compared that name roles both sides have.</summary>
internal static class SchemaAccess
{
    public const string Owner = "owner";

    private const string Grant = "grant", DefaultPrivileges = "default privileges", PublicSchema = "schema public", ByVersion = "PUBLIC: as the version has it";

    /// <summary>Before this version everybody might make things in the schema public.
    /// https://www.postgresql.org/docs/15/release-15.html</summary>
    private const int PublicIsClosedSince = 15;

    /// <summary>The same objects without what cannot be compared, which becomes omissions.</summary>
    public static (List<SchemaObject> Source, List<SchemaObject> Target, List<Omission> Omissions) Comparable(
        IReadOnlyList<SchemaObject> source, IReadOnlyList<SchemaObject> target, SchemaSide sourceSide, SchemaSide targetSide)
    {
        var omissions = new List<Omission>();
        var lost = Owners(source).Values.Distinct().Where(role => !targetSide.Roles.ContainsKey(role)).Order(StringComparer.Ordinal).ToList();
        if (lost.Count > 0)
        {
            omissions.Add(new("owners, grants and default privileges", $"the roles differ: the target has no role {Named.Some(lost)}, which owns objects of the source", HoldsData: false));
            return ([.. source.Where(one => !IsAccess(one))], [.. target.Where(one => !IsAccess(one))], omissions);
        }

        var public15 = sourceSide.Major < PublicIsClosedSince != targetSide.Major < PublicIsClosedSince;
        return (Known(source, sourceSide, targetSide, "target", public15, omissions), Known(target, targetSide, sourceSide, "source", public15, omissions), omissions);
    }

    /// <summary>Keys of objects, and who owns them.</summary>
    public static IReadOnlyDictionary<string, string> Owners(IEnumerable<SchemaObject> objects) =>
        objects.Where(one => one.Class == Owner).ToDictionary(one => one.PartOf[0], one => one.Text["owner: ".Length..]);

    private static bool IsAccess(SchemaObject one) => one.Class is Owner or Grant or DefaultPrivileges;

    private static List<SchemaObject> Known(
        IReadOnlyList<SchemaObject> objects, SchemaSide side, SchemaSide other, string otherName, bool publicDiffers, List<Omission> omissions)
    {
        var lost = new HashSet<string>();
        var known = new List<SchemaObject>(objects.Count);
        foreach (var one in objects)
        {
            // The schema public belongs to whoever made the server; since PostgreSQL 15 to the database's owner.
            if (one.Class == Owner && one.Name == PublicSchema && (one.Text == "owner: pg_database_owner" || side.Roles.GetValueOrDefault(one.Text["owner: ".Length..])?.IsSuperuser == true))
                continue;
            if (one.Class is not (Grant or DefaultPrivileges))
            {
                known.Add(one);
                continue;
            }

            var lines = one.Text.Split('\n').Where(line => line.Length > 0).ToList();
            lost.UnionWith(lines.Select(RoleOf).OfType<string>().Where(role => !other.Roles.ContainsKey(role)));
            lines.RemoveAll(line => RoleOf(line) is { } role && !other.Roles.ContainsKey(role));
            // What everybody may there by default is another thing before and after it was closed, and a dump carries neither.
            if (publicDiffers && one.Name == PublicSchema)
                lines = [.. lines.Select(line => line is "PUBLIC: ALL" or "PUBLIC: USAGE" ? ByVersion : line)];
            if (!IsUsual(one, lines, side.Major))
                known.Add(one with { Text = string.Join('\n', lines) });
        }

        if (lost.Count > 0)
            omissions.Add(new($"grants to {(lost.Count == 1 ? "the role" : "the roles")} {Named.Some([.. lost.Order(StringComparer.Ordinal)])}", $"the {otherName} has no such role", HoldsData: false));
        return known;
    }

    private static bool IsUsual(SchemaObject one, List<string> lines, int major)
    {
        if (one.Name != PublicSchema)
            return one.Class == Grant ? lines.SequenceEqual(one.Usual ?? []) : lines.Count == 0;
        return lines is ["(owner): ALL", var everybody]
            && (everybody == (major < PublicIsClosedSince ? "PUBLIC: ALL" : "PUBLIC: USAGE") || everybody == ByVersion);
    }

    /// <summary>The role a line is about; null: everybody, or the owner.</summary>
    private static string? RoleOf(string line)
    {
        var role = line[..Math.Max(0, line.LastIndexOf(": ", StringComparison.Ordinal))];
        return role is "PUBLIC" or "(owner)" ? null : role;
    }
}
