using System.Buffers.Binary;
using System.Security.Cryptography;
using Godwit.PgArchive;

namespace Godwit.Copy.Definitions;

/// <summary>Which entry is meant, in whichever table of contents it stands. pg_dump numbers everything it finds anew each time, also what it does not dump: somebody's temporary
/// table is enough, and number 3360 is another table's rows.</summary>
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
        foreach (var text in new[] { entry.Description, entry.Namespace.GetValueOrDefault(), entry.Tag, entry.Definition.GetValueOrDefault() })
        {
            hash.AppendData(text.Bytes);
            hash.AppendData([0]);
        }

        return BinaryPrimitives.ReadInt64LittleEndian(hash.GetHashAndReset());
    }
}
