using Godwit.Faults;

namespace Godwit.Assess.Checks.Rights;

internal static class RightsFindings
{
    public static Finding Unreadable(string user, string named, string grants) => new(
        "assess.unreadable", Severity.Blocker,
        What: $"The user {user} may not read everything",
        Why: $"these are closed to it: {named}",
        Remedy: "Let their owners run this, each what is theirs, or a superuser all of it; "
            + $"then run the command again:\n{grants}");

    public static Finding UnreadableLargeObjects(string user, string count, string owners, string grant) => new(
        "assess.unreadable_large_objects", Severity.Blocker,
        What: $"The user {user} may not read {count}",
        Why: $"nobody granted it SELECT on them, and {owners}",
        Remedy: $"Let each owner run this, or a superuser once for all of them; then run the command again:\n{grant}");
}
