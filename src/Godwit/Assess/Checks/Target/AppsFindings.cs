using Godwit.Faults;

namespace Godwit.Assess.Checks.Target;

internal static class AppsFindings
{
    public static Finding NoSuchApp(string named) => new("assess.app_to_stop_missing", Severity.Blocker,
        What: $"Cannot find the app to stop: {named}",
        Why: "Heroku does not know it, or this token may not see it; it would keep writing",
        Remedy: "Check the names after --app with: heroku apps");
}
