using System.Buffers.Binary;
using System.Security.Cryptography;
using Godwit.Extract.Cleaning;
using Godwit.PgArchive;

namespace Godwit.Copy.Definitions;

/// <summary>Which entry is meant, in whichever table of contents it stands. pg_dump numbers everything it finds anew
/// each time, also what it does not dump: somebody's temporary table is enough, and number 3360 is another table's
/// rows.</summary>
internal static class EntryKey
{
    /// <summary>A digest of what it is, where, and how it is made.</summary>
    public static long Of(TocEntry entry)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> numbers = stackalloc byte[2 * sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(numbers, entry.CatalogOid);
        BinaryPrimitives.WriteUInt32LittleEndian(numbers[sizeof(uint)..], entry.Oid);
        hash.AppendData(numbers);
        foreach (var text in
            new[] { entry.Description, entry.Namespace.GetValueOrDefault(), entry.Tag, WithoutForce(entry) })
        {
            hash.AppendData(text.Bytes);
            hash.AppendData([0]);
        }

        return BinaryPrimitives.ReadInt64LittleEndian(hash.GetHashAndReset());
    }

    /// <summary>Whether a table's policies hold for its owner, too, is said in its definition. Who lifts that to be
    /// able to read the rows has the same table.</summary>
    private static ArchiveText WithoutForce(TocEntry entry)
    {
        if (!entry.Is("TABLE"u8) || entry.Definition is not { } definition
            || definition.Bytes.IndexOf(" FORCE ROW LEVEL SECURITY;"u8) < 0)
            return entry.Definition.GetValueOrDefault();
        var force = $"\nALTER TABLE ONLY {ArchiveSql.Qualified(entry)} FORCE ROW LEVEL SECURITY;\n";
        return ArchiveText.Of(ArchiveSql.BytesOf(ArchiveSql.TextOf(definition.Bytes)
            .Replace(force, "", StringComparison.Ordinal)));
    }
}
