using Godwit.Faults;

namespace Godwit.Assess.Checks.Rights;

internal static class RightsFindings
{
    public static Finding Unreadable(string user, string named, string grants) => new(
        "assess.unreadable", Severity.Blocker,
        What: $"The user {user} may not read everything",
        Why: $"it lacks rights on {named}",
        Remedy: "Run these statements, each as the owner named above it or all as a superuser; "
            + $"then run the command again:\n{grants}");

    public static Finding UnreadableLargeObjects(string user, string count, string owners, string grant) => new(
        "assess.unreadable_large_objects", Severity.Blocker,
        What: $"The user {user} may not read {count}",
        Why: $"it lacks SELECT on them, and {owners}",
        Remedy: $"Run this as each owner, or once as a superuser; then run the command again:\n{grant}");
}
