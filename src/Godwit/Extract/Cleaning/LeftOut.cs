using Godwit.PgArchive;

namespace Godwit.Extract.Cleaning;

/// <summary>In the order of the list.</summary>
public enum LeftOutKind
{
    Extension,
    ExtensionRows,

    /// <summary>User rows in a table of an extension that is carried over.</summary>
    OwnRows,

    /// <summary>A table of such an extension, without user rows.</summary>
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

    /// <summary>A right that the target refused.</summary>
    RefusedRight,
    ExtensionComment,

    /// <summary>Options that belong to the server: nothing is lost.</summary>
    InternalOptions,

    /// <summary>A part of another object that was left out.</summary>
    Part,
}

/// <summary>A statement that was left out or changed.</summary>
/// <param name="Name">The object's name, in the database's encoding: <c>TABLE public orders</c>.</param>
/// <param name="Statement">The original statement, without passwords; empty: there is none.</param>
/// <param name="Reason">A clause.</param>
/// <param name="Instead">The statement that replaces it; null: none.</param>
public sealed record LeftOut(
    LeftOutKind Kind, ArchiveText Name, ArchiveText Statement, string Reason, ArchiveText? Instead = null);

/// <param name="LeftOut">What was removed from <paramref name="Head"/> or changed.</param>
public sealed record CleanedContents(ArchiveHead Head, IReadOnlyList<LeftOut> LeftOut)
{
    /// <summary>In the order in which they run at the target, after everything else.</summary>
    public IReadOnlyList<CarriedRight> Rights { get; init; } = [];
}
