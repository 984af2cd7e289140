using Godwit.PgArchive;

namespace Godwit.Extract.Cleaning;

/// <summary>A statement about who owns an object or who may do what with it, to be run at the target when everything
/// else is there.</summary>
/// <param name="Kind">What it is about.</param>
/// <param name="Name">Of the object, as <see cref="LeftOut"/> has it.</param>
/// <param name="Statement">In the encoding of the database, without a semicolon.</param>
public sealed record CarriedRight(LeftOutKind Kind, ArchiveText Name, ArchiveText Statement);
