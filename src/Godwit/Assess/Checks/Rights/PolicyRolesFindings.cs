using Godwit.Faults;

namespace Godwit.Assess.Checks.Rights;

internal static class PolicyRolesFindings
{
    public static IReadOnlyList<string> Acceptable { get; } = ["assess.policy_role_lost"];

    public static Finding RoleLost(string named, string flags) => new("assess.policy_role_lost", Severity.Blocker,
        What: "Policies of row security are for roles that the target does not have",
        Why: $"without its policy a table hides its rows from everybody but its owner: {named}",
        Remedy: "Say who takes the place of each role: CURRENT_USER (the owner of the target) for the one that the "
            + "application logs in with and for no other, or a role of the target, or PUBLIC (everybody). "
            + "Policies of roles that are mapped to the same one are added together: "
            + "who takes the place of an administrator and of a tenant sees what the administrator saw. "
            + $"With --accept these policies are left out. With the names filled in: {flags}");

    public static Finding MappedToNobody(string named, string flags) => new(
        "assess.mapped_role_missing", Severity.Blocker,
        What: $"The target has no role {named}",
        Why: "--map-role puts it in the place of a role of the source, and a statement that names it is refused",
        Remedy: "Name a role of the target, PUBLIC (everybody) or CURRENT_USER (the owner of the target). "
            + $"With the names filled in: {flags}");

    public static Finding AddedTogether(string named) => new("assess.policies_added_together", Severity.Warning,
        What: "Policies of several roles will be those of one",
        Why: "--map-role puts the same one in their places, "
            + $"and a row that any permissive policy allows is seen: {named}",
        Remedy: "See whether one of these policies allows more than the one who gets them may see, "
            + "and give its role a place of its own with --map-role, or leave it without.");
}
