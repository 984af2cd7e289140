using Godwit.Faults;

namespace Godwit.Assess.Checks.Target;

internal static class KeptSourceFindings
{
    /// <param name="canAttach">The target is an add-on.</param>
    public static Finding KeepsSource(string app, IReadOnlyList<string> names, bool canAttach) => new(
        "assess.app_keeps_source", Severity.Warning,
        What: $"{app} goes on using the source after the cut-over: {Phrase.List(names)} "
            + $"{(names.Count == 1 ? "names" : "name")} it",
        Why: "the run stops the app and starts it again, but nothing tells it to change the variable; the source stays "
            + "read-only, so the app cannot write, and reads old rows",
        Remedy: "Let the cut-over set it too: " + string.Join(' ', names.Select(name =>
            canAttach && name == "DATABASE_URL" ? $"--attach {app}" : $"--set-config {app}:{name}")));

    public static Finding Unread(string app) => new("assess.app_vars_unread", Severity.Warning,
        What: $"Cannot see whether {app} goes on using the source after the cut-over",
        Why: "this account may not read the app's config vars; one that names the source and is not set in the "
            + "cut-over leaves the app on a database that it cannot write to",
        Remedy: $"Have somebody who may read them look for the source's host: heroku config --app {app}. What names it "
            + $"can be set in the cut-over: --attach {app} or --set-config {app}:NAME.");
}
