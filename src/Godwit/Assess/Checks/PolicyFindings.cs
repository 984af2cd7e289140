namespace Godwit.Assess.Checks;

internal static class PolicyFindings
{
    public static IReadOnlyList<string> Acceptable { get; } = ["assess.policy_role_lost"];

    public static Finding RoleLost(string named, string flags) => new("assess.policy_role_lost", Severity.Blocker,
        What: "Policies of row security are for roles that the target does not have",
        Why: $"without its policy a table hides its rows from everybody but its owner: {named}",
        Remedy: $"Say who takes the place of each role: CURRENT_USER (the owner of the target), PUBLIC (everybody) or a role of the target. Whoever takes this on goes without these policies. For example: {flags}");

    public static Finding MappedToNobody(string named, string flags) => new("assess.mapped_role_missing", Severity.Blocker,
        What: $"The target has no role {named}",
        Why: "--map-role puts it in the place of a role of the source, and a statement that names it is refused",
        Remedy: $"Name a role of the target, PUBLIC or CURRENT_USER: {flags}");
}
