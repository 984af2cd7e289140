using Godwit.Faults;

namespace Godwit.Assess.Checks.Rights;

internal static class PolicyRolesFindings
{
    public static IReadOnlyList<string> Acceptable { get; } = ["assess.policy_role_lost"];

    public static Finding RoleLost(string named, string flags) => new("assess.policy_role_lost", Severity.Blocker,
        What: "Row security policies name roles that the target does not have",
        Why: $"without its policy a table hides its rows from everybody but its owner: {named}",
        Remedy: "Map only the role that the application logs in with to CURRENT_USER (the owner of the target). "
            + "Map every other role to a role of the target or to PUBLIC (everybody). "
            + "Do not map an administrator and a tenant to the same role: "
            + "the policies of both would apply, and the tenant would see what the administrator saw. "
            + $"With --accept these policies are left out. Fill in the names: {flags}");

    public static Finding MappedToNobody(string named, string flags) => new(
        "assess.mapped_role_missing", Severity.Blocker,
        What: $"The target has no role {named}",
        Why: "--map-role names it as a replacement, and the target refuses statements with a role that it lacks",
        Remedy: "Name a role of the target, PUBLIC (everybody) or CURRENT_USER (the owner of the target). "
            + $"Fill in the names: {flags}");

    public static Finding AddedTogether(string named) => new("assess.policies_added_together", Severity.Warning,
        What: "Policies of several roles will apply to one role",
        Why: "--map-role maps these roles to the same one, "
            + $"which sees every row that any of their permissive policies allows: {named}",
        Remedy: "Check whether one of these policies allows more rows than that role may see. "
            + "If so, map the policy's role to another one with --map-role, or do not map it.");
}
