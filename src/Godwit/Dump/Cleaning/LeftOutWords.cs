using System.Globalization;
using Godwit.Pipeline;
using Godwit.Postgres;

namespace Godwit.Dump.Cleaning;

/// <summary>What was left out, in the few lines a report has for it.</summary>
internal static class LeftOutWords
{
    private const int NamedMax = 5;

    public static string Title(LeftOutKind kind) => kind switch
    {
        LeftOutKind.Extension => "extensions",
        LeftOutKind.ExtensionRows => "rows of extensions' own tables",
        LeftOutKind.Policy => "policies",
        LeftOutKind.UserMapping => "user mappings",
        LeftOutKind.Server => "foreign servers",
        LeftOutKind.EventTrigger => "event triggers",
        LeftOutKind.Publication => "publications",
        LeftOutKind.Subscription => "subscriptions",
        LeftOutKind.SecurityLabel => "security labels",
        LeftOutKind.Schema => "schemas of extensions",
        LeftOutKind.HerokuExt => "names in heroku_ext",
        LeftOutKind.Tablespace => "tablespaces",
        LeftOutKind.Owner => "owners",
        LeftOutKind.Grant => "grants",
        LeftOutKind.DefaultPrivileges => "default privileges",
        LeftOutKind.ExtensionComment => "comments on extensions",
        _ => "parts of these",
    };

    /// <summary>A note for each kind, those that change what the database does first.</summary>
    public static IEnumerable<Observed> Notes(string step, DateTimeOffset at, IReadOnlyList<LeftOut> leftOut, string path)
    {
        foreach (var kind in leftOut.GroupBy(one => one.Kind).Where(kind => kind.Key != LeftOutKind.Part))
        {
            foreach (var same in kind.GroupBy(one => one.Instead is null))
                yield return Note(step, at, kind.Key, same.Key, [.. same], path);
        }
    }

    private static Observed Note(string step, DateTimeOffset at, LeftOutKind kind, bool isGone, IReadOnlyList<LeftOut> all, string path)
    {
        var names = all.Select(one => $"{one.Name}").Distinct(StringComparer.Ordinal).ToList();
        var named = string.Join(", ", names.Take(NamedMax)) + (names.Count > NamedMax ? $" and {ServerCatalog.Number(names.Count - NamedMax)} more" : "");
        var reasons = string.Join("; ", all.Select(one => one.Reason).Distinct(StringComparer.Ordinal).Take(NamedMax));
        var (code, severity) = isGone && kind == LeftOutKind.Policy ? ("dump.policies_left_out", "warning") : isGone ? ("dump.left_out", "note") : ("dump.rewritten", "note");
        return new(step, at, code, severity, string.Create(CultureInfo.InvariantCulture, $"{(isGone ? "Left out" : "Rewritten")}: {all.Count} {Title(kind)}"), $"{reasons} ({named})",
            isGone && severity == "warning" ? $"See {path} for the statements." : "");
    }
}
