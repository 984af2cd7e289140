using Godwit.PgArchive;

namespace Godwit.Extract.Cleaning;

/// <summary>A statement that sets an owner or grants rights, run at the target after everything else is
/// restored.</summary>
/// <param name="Kind">Owner, grant or default privileges.</param>
/// <param name="Name">The object's name as in <see cref="LeftOut"/>.</param>
/// <param name="Statement">In the database's encoding, without a semicolon.</param>
public sealed record CarriedRight(LeftOutKind Kind, ArchiveText Name, ArchiveText Statement);
