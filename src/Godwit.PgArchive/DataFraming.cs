using System.Buffers.Binary;

namespace Godwit.PgArchive;

/// <summary>How an entry's data is laid out behind the table of contents: a block begins with its kind and the entry's
/// dump id; then come pieces, each behind its length, and a length of 0 ends them. A block of large objects holds such
/// a list per object, each behind its OID, and OID 0 ends the block.</summary>
/// <remarks>As in PostgreSQL's <c>pg_backup_custom.c</c>: all integers are a sign byte and four bytes, least
/// significant first.</remarks>
public static class DataFraming
{
    /// <summary>A sign byte and four bytes.</summary>
    public const int IntBytes = 5;

    /// <summary>The kind and the dump id.</summary>
    public const int BlockStartBytes = 1 + IntBytes;

    /// <param name="to">At least <see cref="BlockStartBytes"/> long.</param>
    public static void WriteBlockStart(Span<byte> to, bool isLargeObjects, int dumpId)
    {
        to[0] = isLargeObjects ? (byte)3 : (byte)1;
        WriteInt(to[1..], dumpId);
    }

    /// <summary>A length, or 0 for the end of a list of pieces.</summary>
    public static void WriteInt(Span<byte> to, int value)
    {
        to[0] = value < 0 ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt32LittleEndian(to[1..], value < 0 ? (uint)-(long)value : (uint)value);
    }

    /// <summary>An OID goes through the same signed integer, as pg_dump does it: the upper half of them is
    /// negative.</summary>
    public static void WriteOid(Span<byte> to, uint oid) => WriteInt(to, unchecked((int)oid));
}
