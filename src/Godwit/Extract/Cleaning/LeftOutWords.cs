using Godwit.Faults;
using Godwit.Pipeline;
using Godwit.Postgres;

namespace Godwit.Extract.Cleaning;

/// <summary>Words for what was left out, for notes and the report.</summary>
public static class LeftOutWords
{
    /// <summary>Singular and plural.</summary>
    public static (string One, string Many) Of(LeftOutKind kind) => kind switch
    {
        LeftOutKind.Extension => ("extension", "extensions"),
        LeftOutKind.ExtensionRows => ("extension's own table of rows", "extensions' own tables of rows"),
        LeftOutKind.OwnRows => ("extension's table with rows of yours", "extensions' tables with rows of yours"),
        LeftOutKind.ExtensionTable =>
            ("extension's table without rows of yours", "extensions' tables without rows of yours"),
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
        LeftOutKind.RefusedRight => ("right that the target refused", "rights that the target refused"),
        LeftOutKind.ExtensionComment => ("comment on an extension", "comments on extensions"),
        LeftOutKind.InternalOptions => ("set of internal column options", "sets of internal column options"),
        _ => ("part of these", "parts of these"),
    };

    /// <summary>One for each kind; kinds that change the database's behaviour come first.</summary>
    /// <param name="step">The step that made the copy; codes begin with it: <c>dump.left_out</c>.</param>
    /// <param name="list">A sentence: where the statements are, or how to get them.</param>
    public static IEnumerable<Observed> Notes(
        string step, DateTimeOffset at, IReadOnlyList<LeftOut> leftOut, string list)
    {
        foreach (var kind in leftOut.GroupBy(one => one.Kind).Where(kind => kind.Key != LeftOutKind.Part))
        {
            foreach (var same in kind.GroupBy(one => one.Instead is null))
                yield return Note(step, at, kind.Key, same.Key, [.. same], list);
        }
    }

    /// <summary>Owners and rights that the target refused.</summary>
    /// <param name="file">The file with the statements; null: none.</param>
    public static Observed Refused(string step, DateTimeOffset at, IReadOnlyList<LeftOut> rights, string? file) => new(
        step, at, $"{step}.rights_refused", Severity.Warning,
        $"{Phrase.Count(rights.Count, "right is", "rights are")} not at the target as at the source "
        + $"({Phrase.List([.. rights.Select(one => $"{one.Name}").Distinct(StringComparer.Ordinal)])})",
        Phrase.ListClauses([.. rights.Select(one => one.Reason).Distinct(StringComparer.Ordinal)]),
        file is null
            ? "Whoever owns these objects can give them, or a superuser; "
                + "the statements are in the file of --left-out FILE."
            : $"Whoever owns these objects can give them, or a superuser; the statements are in: {file}");

    private static Observed Note(
        string step, DateTimeOffset at, LeftOutKind kind, bool isGone, IReadOnlyList<LeftOut> all, string list)
    {
        var names = all.Select(one => $"{one.Name}").Distinct(StringComparer.Ordinal).ToList();
        var reasons = Phrase.ListClauses([.. all.Select(one => one.Reason).Distinct(StringComparer.Ordinal)]);
        var (one, many) = Of(kind);
        var what = $"{ServerCatalog.Number(all.Count)} {(all.Count == 1 ? $"{one} was" : $"{many} were")} "
            + $"{(isGone ? $"left out of the {step}" : $"rewritten in the {step}")} ({Phrase.List(names)})";
        if (kind == LeftOutKind.OwnRows)
            return new(step, at, $"{step}.own_rows_left_out", Severity.Warning, what, reasons,
                $"Whatever relies on these rows fails at the target until somebody adds them there. {list}");
        return isGone && kind == LeftOutKind.Policy
            ? new(step, at, $"{step}.policies_left_out", Severity.Warning, what, reasons,
                $"Whoever is not the owner of these tables sees none of their rows. {list}")
            : new(step, at, isGone ? $"{step}.left_out" : $"{step}.rewritten", Severity.Note, what, reasons, "");
    }
}
