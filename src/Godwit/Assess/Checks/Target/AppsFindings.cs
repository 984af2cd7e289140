using Godwit.Faults;

namespace Godwit.Assess.Checks.Target;

internal static class AppsFindings
{
    public static Finding NoSuchApp(string named) => new("assess.app_to_stop_missing", Severity.Blocker,
        What: $"There is no app to stop of this name: {named}",
        Why: "Heroku does not know it, or this token may not see it; what it writes would not be stopped",
        Remedy: "Check the names behind --app with: heroku apps");
}
