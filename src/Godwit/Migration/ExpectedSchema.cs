using Godwit.Extract.Cleaning;
using Godwit.Verify.Schema;

namespace Godwit.Migration;

/// <summary>What a run, a copy or a restore left out, as differences that the verification expects.</summary>
public static class ExpectedSchema
{
    private const string Renamed = "heroku_ext", Instead = "public";

    private static readonly Dictionary<string, string[]> Kinds = new(StringComparer.Ordinal)
    {
        ["TABLE"] = ["table", "view", "materialized view", "foreign table"],
        ["COLUMN"] = ["table column", "view column", "materialized view column", "foreign table column"],
        ["SEQUENCE"] = ["sequence"],
        ["FUNCTION"] = ["function", "aggregate"],
        ["PROCEDURE"] = ["procedure"],
        ["SCHEMA"] = ["schema"],
        ["TYPE"] = ["type"],
        ["DOMAIN"] = ["type"],
        ["LANGUAGE"] = ["language"],
        ["FOREIGN DATA WRAPPER"] = ["foreign-data wrapper"],
        ["FOREIGN SERVER"] = ["server"],
    };

    /// <param name="isCleaned">False: the run restores no rights.</param>
    public static async Task<SchemaExpectations> ReadAsync(string folder, bool isCleaned, CancellationToken ct)
    {
        var items = await LeftOutList.ReadAsync(LeftOutList.PathFor(Path.Combine(folder, LeftOutFile.Name)), ct);
        return Of(isCleaned ? items : [LeftOutItem.AllRights, .. items]);
    }

    public static SchemaExpectations Of(IReadOnlyList<LeftOutItem> items)
    {
        var classes =
            new Dictionary<string, string> { ["owner"] = "everything at the target belongs to its one owner" };
        var objects = new List<ExpectedObject>();
        if (items.Contains(LeftOutItem.AllRights))
            classes["grant"] = classes["default privileges"] = LeftOutItem.AllRights.Reason;
        foreach (var item in items)
        {
            // Nothing of these kinds is carried over.
            foreach (var all in Classes(item.Kind))
                classes[all] = item.Reason;
            // Roles that the target lacks are not compared. A right that was rewritten or refused is expected by name.
            if (item.Kind is LeftOutKind.RefusedRight || (item.Kind is LeftOutKind.Grant && item.IsRewritten))
                objects.AddRange(GrantedNames(item.Name)
                    .Select(name => new ExpectedObject("grant", name, item.Reason)));
            var isNoObject = item.Kind is LeftOutKind.HerokuExt or LeftOutKind.ExtensionComment
                or LeftOutKind.InternalOptions
                or LeftOutKind.Grant or LeftOutKind.RefusedRight;
            if (!isNoObject && Classes(item.Kind).Length == 0)
                objects.Add(new(ClassOf(item.Kind), item.Name, item.Reason)
                {
                    IsOfRows = item.Kind == LeftOutKind.OwnRows, IsOfNoRows = item.Kind == LeftOutKind.ExtensionTable,
                });
        }

        var isRenamed = items.Any(item => item.Kind == LeftOutKind.HerokuExt);
        return new()
        {
            Classes = classes, Objects = objects,
            Schemas = isRenamed ? new Dictionary<string, string> { [Renamed] = Instead } : [],
        };
    }

    private static string[] Classes(LeftOutKind kind) => kind switch
    {
        LeftOutKind.DefaultPrivileges => ["default privileges"],
        LeftOutKind.Owner => ["owner"],
        LeftOutKind.SecurityLabel => ["security label"],
        _ => [],
    };

    // An archive says TABLE for all that has columns; the comparison names the exact kind.
    private static IEnumerable<string> GrantedNames(string name)
    {
        var (kind, rest) = Kinds.FirstOrDefault(one => name.StartsWith(one.Key + " ", StringComparison.Ordinal))
            is { Key: { } key } found
            ? (found.Value, name[(key.Length + 1)..]) : ([""], name);
        return kind.Select(one => $"{one} {rest}");
    }

    // Null: the object may be of any class.
    private static string? ClassOf(LeftOutKind kind) => kind switch
    {
        LeftOutKind.Extension => "extension",
        LeftOutKind.ExtensionRows or LeftOutKind.OwnRows or LeftOutKind.ExtensionTable => "table",
        LeftOutKind.Policy => "policy",
        LeftOutKind.UserMapping => "user mapping",
        LeftOutKind.Server => "foreign server",
        LeftOutKind.EventTrigger => "event trigger",
        LeftOutKind.Publication => "publication",
        LeftOutKind.Subscription => "subscription",
        LeftOutKind.Schema => "schema",
        LeftOutKind.Tablespace => "tablespace",
        _ => null,
    };
}
