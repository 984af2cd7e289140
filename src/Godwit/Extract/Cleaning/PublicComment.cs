using Godwit.PgArchive;

namespace Godwit.Extract.Cleaning;

/// <summary>The initial comment of every database: <c>standard public schema</c>. Only the schema's owner may set it,
/// so pg_dump leaves it out. With --quote-all-identifiers pg_dump compares the quoted name with the bare one, and
/// writes the comment (dumpNamespace in PostgreSQL's <c>pg_dump.c</c>, <c>initdb_comment</c>).</summary>
internal static class PublicComment
{
    private static ReadOnlySpan<byte> Statement => "COMMENT ON SCHEMA \"public\" IS 'standard public schema';"u8;

    /// <returns>The same head if it has no such comment, or creates the schema, which then needs it.</returns>
    public static ArchiveHead Remove(ArchiveHead head)
    {
        var comments = head.Entries.Where(Is).ToList();
        return comments.Count == 0 || head.Entries.Any(MakesPublic)
            ? head : ArchiveEdit.Drop(head, comments.Contains, DropReach.Itself);
    }

    private static bool Is(TocEntry entry) =>
        entry.Is("COMMENT"u8) && entry.Definition is { } sql && sql.Bytes.TrimEnd((byte)'\n').SequenceEqual(Statement);

    private static bool MakesPublic(TocEntry entry) =>
        entry.Is("SCHEMA"u8) && entry.Tag.Bytes.SequenceEqual("public"u8) && entry.Definition is { } sql
        && sql.Bytes.StartsWith("CREATE SCHEMA "u8);
}
