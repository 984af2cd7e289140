using Godwit.Faults;

namespace Godwit.Assess.Checks.Target;

internal static class KeptSourceFindings
{
    /// <param name="canAttach">The target is an add-on.</param>
    public static Finding KeepsSource(string app, IReadOnlyList<string> names, bool canAttach) => new(
        "assess.app_keeps_source", Severity.Warning,
        What: $"{app} keeps using the source after the cut-over: {Phrase.List(names)} "
            + $"{(names.Count == 1 ? "names" : "name")} it",
        Why: "the run stops and restarts the app, but does not change this; the source stays read-only, "
            + "so the app cannot write, and reads old rows",
        Remedy: "Let the cut-over change it too: " + string.Join(' ', names.Select(name =>
            canAttach && name == "DATABASE_URL" ? $"--attach {app}" : $"--set-config {app}:{name}")));

    public static Finding Unread(string app) => new("assess.app_vars_unread", Severity.Warning,
        What: $"Cannot tell whether {app} keeps using the source after the cut-over",
        Why: "this account may not read the app's config vars; if one names the source and the cut-over does not set "
            + "it, the app stays on a database that it cannot write to",
        Remedy: $"Have somebody who may read them look for the source's host: heroku config --app {app}. Let the "
            + $"cut-over set each one that names it: --attach {app} or --set-config {app}:NAME.");
}
