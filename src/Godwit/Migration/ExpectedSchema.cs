using Godwit.Extract.Cleaning;
using Godwit.Verify.Schema;

namespace Godwit.Migration;

/// <summary>What a run, a copy or a restore left out, in the words of the verification: then it is no surprise there.</summary>
public static class ExpectedSchema
{
    private const string Renamed = "heroku_ext", Instead = "public";

    /// <param name="folder">Of the run.</param>
    public static async Task<SchemaExpectations> ReadAsync(string folder, CancellationToken ct) =>
        Of(await LeftOutList.ReadAsync(LeftOutList.PathFor(Path.Combine(folder, LeftOutFile.Name)), ct));

    public static SchemaExpectations Of(IReadOnlyList<LeftOutItem> items)
    {
        var classes = new Dictionary<string, string> { ["owner"] = "everything at the target belongs to its one owner" };
        var objects = new List<ExpectedObject>();
        foreach (var item in items)
        {
            // Of these nothing at all is carried over.
            foreach (var all in Classes(item.Kind))
                classes[all] = item.Reason;
            var isNoObject = item.Kind is LeftOutKind.HerokuExt or LeftOutKind.ExtensionComment or LeftOutKind.InternalOptions;
            if (!isNoObject && Classes(item.Kind).Length == 0)
                objects.Add(new(ClassOf(item.Kind), item.Name, item.Reason));
        }

        var isRenamed = items.Any(item => item.Kind == LeftOutKind.HerokuExt);
        return new() { Classes = classes, Objects = objects, Schemas = isRenamed ? new Dictionary<string, string> { [Renamed] = Instead } : [] };
    }

    private static string[] Classes(LeftOutKind kind) => kind switch
    {
        LeftOutKind.Grant => ["grant"],
        LeftOutKind.DefaultPrivileges => ["default privileges"],
        LeftOutKind.Owner => ["owner"],
        LeftOutKind.SecurityLabel => ["security label"],
        _ => [],
    };

    /// <summary>Null: it may be of any class.</summary>
    private static string? ClassOf(LeftOutKind kind) => kind switch
    {
        LeftOutKind.Extension => "extension",
        LeftOutKind.ExtensionRows => "table",
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
