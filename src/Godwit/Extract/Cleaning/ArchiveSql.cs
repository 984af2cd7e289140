using System.Text;
using Godwit.PgArchive;
using Godwit.Postgres;

namespace Godwit.Extract.Cleaning;

/// <summary>The SQL of an archive as text with one character per byte: in every encoding of a server, bytes below 128
/// are ASCII, and <see cref="SqlLexer"/> asks for no more.</summary>
internal static class ArchiveSql
{
    public static string TextOf(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);

    /// <summary>What a person or a catalog calls it, in the characters of this class; the database is in UTF-8, or all
    /// of it is ASCII.</summary>
    public static string TextOf(string name) => TextOf(Encoding.UTF8.GetBytes(name));

    /// <summary>As an identifier.</summary>
    public static string Quoted(ArchiveText name) => ServerCatalog.Quote(TextOf(name.Bytes));

    /// <summary>The schema and the name of what an entry defines, or of the table whose rows it has.</summary>
    public static string Qualified(TocEntry entry) =>
        $"{Quoted(entry.Namespace.GetValueOrDefault())}.{Quoted(entry.Tag)}";

    public static byte[] BytesOf(string text) => Encoding.Latin1.GetBytes(text);
}
