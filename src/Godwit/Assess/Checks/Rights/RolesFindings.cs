using Godwit.Faults;

namespace Godwit.Assess.Checks.Rights;

internal static class RolesFindings
{
    public static Finding Owners(string own, string summary) => new("assess.owners", Severity.Warning,
        What: $"{own} at the source, and will own nothing at the target",
        Why: "their objects will belong to the target's owner, because the target lacks these roles or its owner may "
            + $"not act for them: {summary}",
        Remedy: "If an application relies on ownership, create a credential for it at the target and grant it what it "
            + "needs. Otherwise only the owners' names are lost; left-out.sql lists them.");

    public static Finding Grants(string count, string summary, string statements) => new(
        "assess.grants", Severity.Warning,
        What: $"Grants to {count} are not moved",
        Why: $"the target lacks these roles, which have rights at the source: {summary}",
        Remedy: "Map them to a role of the target with --map-role, but not to PUBLIC: grants to a role mapped to "
            + "PUBLIC are not moved. Or create the roles at the target before the move, and they get the same rights "
            + "(at Heroku each role is a credential, on a Standard plan or larger). Otherwise left-out.sql lists "
            + $"their grants after the move. To create the roles:\n{statements}");

    public static Finding DefaultPrivileges(string roles) => new("assess.default_privileges", Severity.Warning,
        What: "Default privileges are not moved",
        Why: "they grant rights on objects that these roles create later, and the target lacks the roles or its owner "
            + $"may not act for them: {roles}",
        Remedy: "If you create credentials at the target, run the ALTER DEFAULT PRIVILEGES of left-out.sql there "
            + "as its owner, without FOR ROLE.");

    public static Finding Definers(string count, string named, string statements) => new(
        "assess.definers", Severity.Warning,
        What: $"{count} will run with all rights of the target's owner",
        Why: $"SECURITY DEFINER runs them with their owner's rights, and at the source others own them: {named}",
        Remedy: "Review what they do with their arguments. Those that need only their caller's rights can be changed "
            + $"at the target after the move:\n{statements}");

    public static Finding BecomingRoles(string count, string named, string statements) => new(
        "assess.function_roles", Severity.Warning,
        What: $"{count} will fail when called",
        Why: $"a function that sets its role needs that role, and the target does not have it: {named}",
        Remedy: "Let it run as its caller or, with SECURITY DEFINER, as its owner. To remove the "
            + $"setting:\n{statements}");

    public static Finding PublicAgain(string count, string named, string statements) => new(
        "assess.public_again", Severity.Warning,
        What: $"{count} will be open to every credential of the target",
        Why: "PUBLIC's right to use them is revoked at the source, and --no-clean moves no grant or revocation: "
            + $"{named}",
        Remedy: $"Revoke it again at the target after the move:\n{statements}");
}
