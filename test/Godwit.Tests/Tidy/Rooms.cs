using Mono.Cecil;

namespace Godwit.Tests.Tidy;

/// <summary>Which room may use which: the table of ARCHITECTURE.md.</summary>
internal static class Rooms
{
    private static readonly string[] Stages = ["Assess", "Dump", "Copy", "Load", "Settings", "Verify", "Cutover"];

    private static readonly string[] BelowMigration =
    [
        .. Stages, "Extract", "Targets", "Proof", "Providers", "Storage", "Postgres", "Heroku", "Pipeline", "Faults",
        "Requests", "Journal",
    ];

    /// <summary>Every room that may exist, with what it may use besides itself. A room that is not here fails the
    /// test.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyCollection<string>> MayUse { get; } = new Dictionary<string,
        IReadOnlyCollection<string>>
    {
        ["Faults"] = [],
        ["PgArchive"] = [],
        ["Postgres"] = ["Faults"],
        ["Storage"] = ["Faults"],
        ["Heroku"] = ["Faults"],
        ["Providers"] = ["Faults", "Postgres"],
        ["Pipeline"] = ["Faults"],
        ["Targets"] = ["Postgres", "Heroku", "Pipeline", "Faults"],
        ["Proof"] = ["Faults"],
        ["Extract"] = ["Providers", "PgArchive", "Postgres", "Pipeline", "Faults"],
        ["Assess"] = ["Targets", "Providers", "Storage", "Postgres", "Heroku", "Pipeline", "Faults"],
        ["Dump"] = ["Extract", "PgArchive", "Storage", "Postgres", "Pipeline", "Faults"],
        ["Copy"] = ["Extract", "Targets", "Providers", "PgArchive", "Postgres", "Pipeline", "Faults"],
        ["Load"] = ["Targets", "Providers", "Storage", "Postgres", "Heroku", "Pipeline", "Faults"],
        ["Settings"] = ["Targets", "Providers", "Postgres", "Heroku", "Pipeline", "Faults"],
        ["Verify"] = ["Proof", "Postgres", "Pipeline", "Faults"],
        ["Cutover"] = ["Postgres", "Heroku", "Pipeline", "Faults"],
        ["Requests"] =
            ["Dump", "Verify", "Targets", "Proof", "Providers", "Storage", "Postgres", "Heroku", "Faults"],
        ["Journal"] = ["Requests", "Pipeline", "Faults"],
        ["Migration"] = BelowMigration,
        ["Report"] = ["Proof", "Journal", "Requests", "Pipeline", "Faults"],
        ["HerokuLocal"] = ["Postgres", "Faults"],
        ["App"] = [.. BelowMigration.Except(["Cutover"]), "PgArchive", "Migration", "Report", "HerokuLocal"],
    };

    /// <summary>Null for types that are not ours. <c>Godwit.Storage.S3</c> is in the room Storage.</summary>
    public static string? Of(TypeReference type)
    {
        var space = type.Outermost().Namespace;
        return space == "Godwit" ? "(none)" : space.StartsWith("Godwit.", StringComparison.Ordinal)
            ? space.Split('.')[1] : null;
    }

    /// <summary>The room a type of ours lives in. The executable is one room, its entry point included.</summary>
    public static string Home(TypeDefinition type) => type.Module == Assemblies.App ? "App" : Of(type) ?? "(none)";

    public static IReadOnlySet<string> Existing { get; } = Assemblies.Product.SelectMany(Assemblies.AllTypes)
        .Where(type => !type.IsGenerated()).Select(Home).ToHashSet();
}
