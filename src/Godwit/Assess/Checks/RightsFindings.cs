namespace Godwit.Assess.Checks;

internal static class RightsFindings
{
    public static IReadOnlyList<string> Acceptable { get; } = [];

    public static Finding Unreadable(string user, string named, string grant) => new("assess.unreadable", Severity.Blocker,
        What: $"The user {user} may not read everything",
        Why: $"these tables are closed to it: {named}",
        Remedy: $"Let their owner run {grant} and, where it lacks it, GRANT USAGE on their schemas. Then run the command again.");
}
