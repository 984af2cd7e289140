using Godwit.PgArchive;

namespace Godwit.Extract;

/// <summary>Moves rows of extensions' tables before all others, which pg_dump orders by name: a generated column or
/// check constraint may call an extension's function that reads these rows, such as ST_Transform with a user's
/// coordinate system.</summary>
internal static class ExtensionRowsFirst
{
    /// <summary>A table without a definition belongs to an extension. An archive of rows alone is returned
    /// unchanged.</summary>
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
