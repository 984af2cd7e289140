using Godwit.Faults;

namespace Godwit.Assess.Checks.Rights;

internal static class RolesFindings
{
    public static Finding Owners(string own, string summary) => new("assess.owners", Severity.Warning,
        What: $"{own} here, and will own nothing at the target",
        Why: "what they own will belong to the target's owner, because the target has no such roles that it may act "
            + $"for: {summary}",
        Remedy: "Nothing is lost but the names. If an application relies on who owns what, give it a credential of "
            + "its own at the target and grant it what it needs; left-out.sql lists the owners.");

    public static Finding Grants(string count, string summary, string statements) => new(
        "assess.grants", Severity.Warning,
        What: $"What was granted to {count} is not moved",
        Why: $"the target has no such roles, and these have rights here: {summary}",
        Remedy: "Create them at the target before the move, and they get what they may do here (at Heroku each is a "
            + "credential, on a Standard plan or larger); or map them to a role of the target with --map-role. PUBLIC "
            + "does not do here: nobody gets what was granted to a role that is mapped to it. After the move their "
            + $"grants are in left-out.sql:\n{statements}");

    public static Finding DefaultPrivileges(string roles) => new("assess.default_privileges", Severity.Warning,
        What: "Default privileges are not moved",
        Why: "they say what others may do with what these roles create later, and the target has none of them that "
            + $"its owner may act for: {roles}",
        Remedy: "If you create credentials at the target, give them again for its owner, from left-out.sql, without "
            + "FOR ROLE.");

    public static Finding Definers(string count, string named, string statements) => new(
        "assess.definers", Severity.Warning,
        What: $"{count} will run with all rights of the target's owner",
        Why: $"SECURITY DEFINER means with the rights of who owns it, which are others here: {named}",
        Remedy: "Read what they do with what they are given. Those that need no more than their caller's rights can "
            + $"be changed at the target after the move:\n{statements}");

    public static Finding BecomingRoles(string count, string named, string statements) => new(
        "assess.function_roles", Severity.Warning,
        What: $"{count} will fail when it is called",
        Why: $"a function that sets its role needs that role, and the target does not have it: {named}",
        Remedy: "Let it run as its caller or, with SECURITY DEFINER, as its owner. What it sets is taken away "
            + $"with:\n{statements}");

    public static Finding PublicAgain(string count, string named, string statements) => new(
        "assess.public_again", Severity.Warning,
        What: $"{count} will be open to every credential of the target",
        Why: "that everybody may use them was revoked here, and with --no-clean no grant or revocation is moved: "
            + $"{named}",
        Remedy: $"Revoke it again at the target after the move:\n{statements}");
}
