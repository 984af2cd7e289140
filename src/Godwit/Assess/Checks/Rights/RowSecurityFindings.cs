using Godwit.Faults;

namespace Godwit.Assess.Checks.Rights;

internal static class RowSecurityFindings
{
    public static Finding RowsHidden(string user, string named, string ways) => new(
        "assess.rows_hidden", Severity.Blocker,
        What: $"Row security hides rows from the user {user}",
        Why: $"it is enabled on {named}, and the server refuses to dump a table to a role that may not see all of it",
        Remedy: $"Choose the first of these ways that your provider allows; then run the command again:\n{ways}");
}
