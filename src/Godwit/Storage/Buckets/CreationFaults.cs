using Godwit.Faults;

namespace Godwit.Storage.Buckets;

internal static class CreationFaults
{
    /// <param name="kind">The service's word: bucket, container.</param>
    /// <param name="rule">A clause.</param>
    public static Fault BadName(string kind, string name, string rule) => new("storage.name_refused", FaultKind.Usage,
        What: $"Cannot create a {kind} named '{name}'",
        Why: rule,
        Remedy: "Choose another name (--via of a migration, --to of a dump), for example my-company-godwit-dumps.");

    public static Fault Taken(string kind, string name, string endpoint) => new("storage.name_taken", FaultKind.Refused,
        What: $"Cannot create the {kind} '{name}'",
        Why: $"{endpoint} already has a {kind} of that name, and these keys may not list it: "
            + "the name belongs to somebody else, or the keys are not the owner's",
        Remedy: "Choose another name (--via of a migration, --to of a dump), with your company's name in it where all "
            + $"customers share the names. If the {kind} is yours, use keys that may list it. Nothing was created.");

    /// <param name="permission">The service's name of the right.</param>
    public static Fault MayNotCreate(string kind, string name, string permission) => new(
        "storage.creation_forbidden", FaultKind.Refused,
        What: $"Cannot create the {kind} '{name}'",
        Why: $"the service accepts the keys, but they lack the permission {permission}",
        Remedy: $"Give the keys that permission. Or let somebody who has it create the {kind}, with the settings in "
            + "docs/cleanup.md, and leave out --create-store.");

    /// <param name="left">A whole sentence: what happened to the half-made bucket.</param>
    public static Fault NotClosed(string kind, string name, string why, string left) => new(
        "storage.creation_not_private", FaultKind.Refused,
        What: $"Cannot make the {kind} '{name}' private",
        Why: why,
        Remedy: $"{left} Give the keys the right to block public access. Or create the {kind} yourself, private, "
            + "and leave out --create-store.");

    public static Fault NotHere(string store) => new("storage.no_creation", FaultKind.Usage,
        What: $"Cannot create {store}",
        Why: "Godwit does not create stores of this kind",
        Remedy: "Create it with the service's own console or command, and leave out --create-store.");
}
