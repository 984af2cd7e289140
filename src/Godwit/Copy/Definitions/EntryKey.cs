using System.Buffers.Binary;
using System.Security.Cryptography;
using Godwit.Extract.Cleaning;
using Godwit.PgArchive;

namespace Godwit.Copy.Definitions;

/// <summary>Identifies an entry across tables of contents. pg_dump numbers all objects anew each time, even those it
/// does not dump: a temporary table is enough to make number 3360 another table's rows.</summary>
internal static class EntryKey
{
    /// <summary>A digest of the entry's kind, name and definition.</summary>
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

    // FORCE ROW LEVEL SECURITY does not count: a user may lift it to read the rows.
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
