using Godwit.Faults;
using Godwit.Pipeline;
using Godwit.Postgres;

namespace Godwit.Extract.Cleaning;

/// <summary>What was left out, in the few lines a report has for it.</summary>
internal static class LeftOutWords
{
    /// <summary>One of them and several.</summary>
    public static (string One, string Many) Of(LeftOutKind kind) => kind switch
    {
        LeftOutKind.Extension => ("extension", "extensions"),
        LeftOutKind.ExtensionRows => ("extension's own table of rows", "extensions' own tables of rows"),
        LeftOutKind.Policy => ("policy", "policies"),
        LeftOutKind.UserMapping => ("user mapping", "user mappings"),
        LeftOutKind.Server => ("foreign server", "foreign servers"),
        LeftOutKind.EventTrigger => ("event trigger", "event triggers"),
        LeftOutKind.Publication => ("publication", "publications"),
        LeftOutKind.Subscription => ("subscription", "subscriptions"),
        LeftOutKind.SecurityLabel => ("security label", "security labels"),
        LeftOutKind.Schema => ("schema of an extension", "schemas of extensions"),
        LeftOutKind.HerokuExt => ("statement with heroku_ext", "statements with heroku_ext"),
        LeftOutKind.Tablespace => ("tablespace of an object", "tablespaces of objects"),
        LeftOutKind.Owner => ("owner of an object", "owners of objects"),
        LeftOutKind.Grant => ("grant", "grants"),
        LeftOutKind.DefaultPrivileges => ("default privilege", "default privileges"),
        LeftOutKind.ExtensionComment => ("comment on an extension", "comments on extensions"),
        LeftOutKind.InternalOptions => ("set of internal column options", "sets of internal column options"),
        _ => ("part of these", "parts of these"),
    };

    /// <summary>A note for each kind, those that change what the database does first.</summary>
    /// <param name="step">That made what is without them; the codes begin with it: <c>dump.left_out</c>.</param>
    /// <param name="list">Where the statements are, or how to have them, as a sentence.</param>
    public static IEnumerable<Observed> Notes(string step, DateTimeOffset at, IReadOnlyList<LeftOut> leftOut, string list)
    {
        foreach (var kind in leftOut.GroupBy(one => one.Kind).Where(kind => kind.Key != LeftOutKind.Part))
        {
            foreach (var same in kind.GroupBy(one => one.Instead is null))
                yield return Note(step, at, kind.Key, same.Key, [.. same], list);
        }
    }

    private static Observed Note(string step, DateTimeOffset at, LeftOutKind kind, bool isGone, IReadOnlyList<LeftOut> all, string list)
    {
        var names = all.Select(one => $"{one.Name}").Distinct(StringComparer.Ordinal).ToList();
        var reasons = Named.SomeClauses([.. all.Select(one => one.Reason).Distinct(StringComparer.Ordinal)]);
        var (one, many) = Of(kind);
        var what = $"{ServerCatalog.Number(all.Count)} {(all.Count == 1 ? $"{one} was" : $"{many} were")} {(isGone ? $"left out of the {step}" : $"rewritten in the {step}")} ({Named.Some(names)})";
        return isGone && kind == LeftOutKind.Policy
            ? new(step, at, $"{step}.policies_left_out", "warning", what, reasons, $"Whoever is not the owner of these tables sees none of their rows. {list}")
            : new(step, at, isGone ? $"{step}.left_out" : $"{step}.rewritten", "note", what, reasons, "");
    }
}
