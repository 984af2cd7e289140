using Godwit.Faults;

namespace Godwit.Storage.Buckets;

internal static class CreationFaults
{
    /// <param name="kind">The service's word: bucket, container.</param>
    /// <param name="rule">A clause.</param>
    public static Fault BadName(string kind, string name, string rule) => new("storage.name_refused", FaultKind.Usage,
        What: $"Cannot make a {kind} of the name '{name}'",
        Why: rule,
        Remedy: "Choose another name (--via of a migration, --to of a dump), for example my-company-godwit-dumps.");

    public static Fault Taken(string kind, string name, string endpoint) => new("storage.name_taken", FaultKind.Refused,
        What: $"Cannot make the {kind} '{name}'",
        Why: $"there is one of that name at {endpoint}, and it is not open to these keys: "
            + "it is somebody else's, or these keys are not its owner's",
        Remedy: "Nothing was made. Choose another name (--via of a migration, --to of a dump); where names are shared "
            + "by all customers, put your company's into it. If it is yours, use the keys that may list it.");

    /// <param name="permission">The service's name of the right.</param>
    public static Fault MayNotCreate(string kind, string name, string permission) => new(
        "storage.creation_forbidden", FaultKind.Refused,
        What: $"Cannot make the {kind} '{name}'",
        Why: $"the keys are known to the service, but they lack the permission {permission}",
        Remedy: $"Give them that right, or let somebody who has it make the {kind} (docs/cleanup.md says how it should "
            + "be set), and leave --create-store out.");

    /// <param name="left">A whole sentence: what happened to the half-made bucket.</param>
    public static Fault NotClosed(string kind, string name, string why, string left) => new(
        "storage.creation_not_private", FaultKind.Refused,
        What: $"Cannot make the {kind} '{name}' private",
        Why: why,
        Remedy: $"{left} Give the keys the right to block public access, or make the {kind} yourself, "
            + "closed to everybody, and leave --create-store out.");

    public static Fault NotHere(string store) => new("storage.no_creation", FaultKind.Usage,
        What: $"Cannot make {store}",
        Why: "Godwit makes no stores of this kind",
        Remedy: "Make it with the service's own console or command, and leave --create-store out.");
}
