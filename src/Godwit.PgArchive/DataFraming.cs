using System.Buffers.Binary;

namespace Godwit.PgArchive;

/// <summary>The layout of data after the table of contents, as in PostgreSQL's <c>pg_backup_custom.c</c>. A block
/// starts with its kind and the entry's dump id. Then come pieces, each after its length; length 0 ends them. A block
/// of large objects has such a list for each object, after its OID; OID 0 ends the block. An integer is a sign byte and
/// four bytes, least significant first.</summary>
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

    /// <summary>Writes a length, or 0 to end a list of pieces.</summary>
    public static void WriteInt(Span<byte> to, int value)
    {
        to[0] = value < 0 ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt32LittleEndian(to[1..], value < 0 ? (uint)-(long)value : (uint)value);
    }

    /// <summary>Writes an OID as a signed integer, like pg_dump: the upper half of all OIDs becomes negative.</summary>
    public static void WriteOid(Span<byte> to, uint oid) => WriteInt(to, unchecked((int)oid));
}
