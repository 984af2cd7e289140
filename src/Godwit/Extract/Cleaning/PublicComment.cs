using Godwit.PgArchive;

namespace Godwit.Extract.Cleaning;

/// <summary>The comment that every database is born with: <c>standard public schema</c>. pg_dump leaves it out, because
/// only the schema's owner may set it. Told to quote all names, it compares the quoted name with the bare one, and
/// writes it.</summary>
/// <remarks>dumpNamespace in PostgreSQL's <c>pg_dump.c</c>, <c>initdb_comment</c>.</remarks>
internal static class PublicComment
{
    private static ReadOnlySpan<byte> Statement => "COMMENT ON SCHEMA \"public\" IS 'standard public schema';"u8;

    /// <returns>The same head where there is no such comment, or where the archive makes the schema and so its
    /// comment.</returns>
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
