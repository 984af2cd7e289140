using Godwit.PgArchive;

namespace Godwit.Extract.Cleaning;

/// <summary>In the order they are listed.</summary>
public enum LeftOutKind
{
    Extension,
    ExtensionRows,

    /// <summary>Rows of the user's in a table of an extension that goes along itself.</summary>
    OwnRows,

    /// <summary>A table of such an extension, without any row of the user's.</summary>
    ExtensionTable,
    Policy,
    UserMapping,
    Server,
    EventTrigger,
    Publication,
    Subscription,
    SecurityLabel,
    Schema,
    HerokuExt,
    Tablespace,
    Owner,
    Grant,
    DefaultPrivileges,

    /// <summary>One that was to be given at the target, which refused it.</summary>
    RefusedRight,
    ExtensionComment,

    /// <summary>What the server keeps for itself. Its loss is none.</summary>
    InternalOptions,

    /// <summary>A part of something else that was left out.</summary>
    Part,
}

/// <summary>A statement that is not in the archive as the source has it.</summary>
/// <param name="Name">Of the object, in the encoding of the database: <c>TABLE public orders</c>.</param>
/// <param name="Statement">What would have made it, without passwords; empty where no statement could.</param>
/// <param name="Reason">A clause.</param>
/// <param name="Instead">What is in the archive in its place; null: nothing.</param>
public sealed record LeftOut(
    LeftOutKind Kind, ArchiveText Name, ArchiveText Statement, string Reason, ArchiveText? Instead = null);

/// <summary>A table of contents, cleaned.</summary>
/// <param name="LeftOut">What is not in <paramref name="Head"/> as it was.</param>
public sealed record CleanedContents(ArchiveHead Head, IReadOnlyList<LeftOut> LeftOut)
{
    /// <summary>In the order in which they are given at the target, when everything else is there.</summary>
    public IReadOnlyList<CarriedRight> Rights { get; init; } = [];
}
