namespace Godwit.Verify.Schema;

/// <summary>Expected differences: what a dump does not carry, and what belongs to the platform.</summary>
/// <param name="owners">Owners of the target's objects, by key.</param>
internal sealed class SchemaRules(
    SchemaExpectations expected, SchemaSide target, IReadOnlyDictionary<string, string> owners)
{
    private const string Invalid = "not valid";

    private readonly ILookup<string, ExpectedObject> _expected = expected.Objects.ToLookup(one => one.Words);

    /// <summary>A clause: why a difference is expected; null: it is not.</summary>
    public string? Find(SchemaPair pair)
    {
        var any = pair.Any;
        if (expected.Classes.TryGetValue(any.Class, out var because))
            return because;
        if (_expected[ExpectedObject.WordsOf(any.Name)]
            .FirstOrDefault(one => one.Class is null || one.Class == any.Class) is { } known)
            return known.Because;
        return Kept(pair) ?? (pair.Source is null ? Extra(pair.Target!) : null);
    }

    private string? Kept(SchemaPair pair) => pair.Any.Class switch
    {
        "extension" when pair is { Source: not null, Target: not null }
            && pair.Differing.All(line => line.StartsWith("version: ", StringComparison.Ordinal)) =>
            "the target has another version of the extension",
        "extension" when pair is { Source: not null, Target: not null } && IsRenamed(pair) =>
            "extensions are in another schema at the target",
        "comment" when pair.Any.Name.StartsWith("extension ", StringComparison.Ordinal) =>
            "the extension brings its own, and only its owner may change it",
        "comment" when pair.Any.Name == "database" && pair.Target is null =>
            "a dump of the contents does not carry the comment of the database itself",
        "subscription" when pair.Target is null =>
            "it belongs to the replication of the source, and only a superuser's dump carries it",
        "database" => "it is that of the target's database, which no dump changes: "
            + "texts may be sorted and compared otherwise there",
        "tablespace" => "where a table lies on the disks is not part of what it holds",
        "schema" when pair.Target is null && expected.Schemas.TryGetValue(pair.Any.Name, out var other) =>
            $"its contents are in the schema {other} at the target",
        "grant" when pair.Source is null && pair.Any.Name == "schema public" && !target.IsSuperuser =>
            "nobody said at the source who may use the schema public, and it is the target platform's own",
        "index" when pair.Target is null && pair.Source!.Text.Split('\n').Contains(Invalid) =>
            "pg_dump leaves out an index that is not valid",
        _ => null,
    };

    private bool IsRenamed(SchemaPair pair) => pair.Differing.All(line =>
        line.StartsWith("version: ", StringComparison.Ordinal) || line.StartsWith("schema: ", StringComparison.Ordinal))
        && expected.Schemas.Any(one => pair.Source!.Text.EndsWith($"schema: {one.Key}", StringComparison.Ordinal)
            && pair.Target!.Text.EndsWith($"schema: {one.Value}", StringComparison.Ordinal));

    // If the role is no superuser, a superuser's objects outside of schemas belong to the platform.
    private string? Extra(SchemaObject one) =>
        !target.IsSuperuser
        && one.Class is "schema" or "extension" or "event trigger" or "foreign-data wrapper" or "foreign server"
            or "language" or "publication" or "cast" or "access method"
        && owners.TryGetValue(one.Key, out var owner) && target.Roles.TryGetValue(owner, out var role)
        && role.IsSuperuser
            ? $"it is the target platform's own: it belongs to {owner}" : null;
}
