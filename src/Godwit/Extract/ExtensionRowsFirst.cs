using Godwit.PgArchive;

namespace Godwit.Extract;

/// <summary>Puts rows of extensions' own tables in front of all others. pg_dump has them in the order of names; but a
/// generated column or a check constraint may call a function of the extension's that reads them, such as ST_Transform
/// with a coordinate system of the user's.</summary>
internal static class ExtensionRowsFirst
{
    /// <summary>A table without a definition in the archive is one that an extension makes. An archive of rows alone
    /// has no definitions, and stays as it is.</summary>
    public static ArchiveHead Of(ArchiveHead head)
    {
        var made = head.Entries.Where(entry => entry.Is("TABLE"u8)).Select(entry => entry.Oid).ToHashSet();
        var rows = head.Entries.Where(entry => entry.Is("TABLE DATA"u8)).ToLookup(entry => made.Contains(entry.Oid));
        if (!rows[true].Any() || !rows[false].Any())
            return head;
        var (its, start) = (rows[false].Select(entry => entry.DumpId).ToHashSet(), rows[true].First().DumpId);
        return head with
        {
            Entries =
            [
                .. head.Entries.Where(entry => !its.Contains(entry.DumpId))
                    .SelectMany(entry => entry.DumpId == start ? rows[false].Append(entry) : [entry]),
            ],
        };
    }
}
