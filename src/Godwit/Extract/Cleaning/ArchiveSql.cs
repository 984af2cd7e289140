using System.Text;
using Godwit.PgArchive;
using Godwit.Postgres;

namespace Godwit.Extract.Cleaning;

/// <summary>An archive's SQL with one character per byte. In every server encoding bytes below 128 are ASCII, which is
/// all that <see cref="SqlLexer"/> needs.</summary>
internal static class ArchiveSql
{
    public static string TextOf(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);

    /// <summary>A name from a user or a catalog in this form; the database is in UTF-8, or the name is ASCII.</summary>
    public static string TextOf(string name) => TextOf(Encoding.UTF8.GetBytes(name));

    public static string Quoted(ArchiveText name) => ServerCatalog.Quote(TextOf(name.Bytes));

    /// <summary>Schema and name of the object that an entry defines, or of the table whose rows it holds.</summary>
    public static string Qualified(TocEntry entry) =>
        $"{Quoted(entry.Namespace.GetValueOrDefault())}.{Quoted(entry.Tag)}";

    public static byte[] BytesOf(string text) => Encoding.Latin1.GetBytes(text);
}
