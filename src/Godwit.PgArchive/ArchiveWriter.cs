using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;

namespace Godwit.PgArchive;

/// <summary>Writes an archive's header and table of contents.</summary>
public static class ArchiveWriter
{
    private const byte CustomFormat = 1;

    // Buffered bytes that trigger a write to the stream.
    private const int FlushBytes = 256 * 1024;

    /// <summary>Bytes of <paramref name="head"/> when written, with or without data offsets.</summary>
    public static long HeadBytes(ArchiveHead head)
    {
        var counter = new Counter();
        WriteHead(head, counter);
        return counter.Bytes;
    }

    /// <summary>Writes <paramref name="head"/>. A head read from an archive of pg_dump gives the same bytes.</summary>
    /// <exception cref="ArgumentException">The format cannot express it: an unsupported version, or a text with a zero
    /// byte.</exception>
    public static void WriteHead(ArchiveHead head, IBufferWriter<byte> to)
    {
        Header(head.Header, to);
        Integer(head.Entries.Length, to);
        foreach (var entry in head.Entries)
            WriteEntry(entry, head.Header.Version, to);
    }

    /// <summary>As <see cref="WriteHead"/>, without holding all of it in memory.</summary>
    public static async Task WriteHeadAsync(ArchiveHead head, Stream to, CancellationToken ct)
    {
        var gathered = new ArrayBufferWriter<byte>(FlushBytes);
        Header(head.Header, gathered);
        Integer(head.Entries.Length, gathered);
        foreach (var entry in head.Entries)
        {
            WriteEntry(entry, head.Header.Version, gathered);
            if (gathered.WrittenCount < FlushBytes)
                continue;
            await to.WriteAsync(gathered.WrittenMemory, ct);
            gathered.ResetWrittenCount();
        }

        await to.WriteAsync(gathered.WrittenMemory, ct);
    }

    private static void Header(ArchiveHeader header, IBufferWriter<byte> to)
    {
        var version = header.Version;
        if (!version.IsSupported)
            throw new ArgumentException($"Version {version} of the archive format cannot be written.", nameof(header));
        to.Write("PGDMP"u8);
        to.Write((ReadOnlySpan<byte>)[version.Major, version.Minor, version.Revision, sizeof(int),
            sizeof(long), CustomFormat]);
        if (version.NamesCompression)
            to.Write((ReadOnlySpan<byte>)[(byte)header.Compression]);
        else
            Integer(Level(header), to);
        var date = header.CreatedAt;
        foreach (var part in (ReadOnlySpan<int>)[date.Second, date.Minute, date.Hour, date.Day, date.Month, date.Year,
            date.DaylightSaving])
            Integer(part, to);
        Text(header.Database, to);
        Text(header.ServerVersion, to);
        Text(header.DumpVersion, to);
    }

    // Before version 1.15, level 0 means no compression and any other level means gzip.
    private static int Level(ArchiveHeader header) => header.Compression switch
    {
        ArchiveCompression.None => 0,
        ArchiveCompression.Gzip => header.CompressionLevel == 0 ? ArchiveHeader.DefaultLevel : header.CompressionLevel,
        _ => throw new ArgumentException(
            $"Version {header.Version} of the archive format knows no {ArchiveErrors.Name(header.Compression)}.",
            nameof(header)),
    };

    internal static void WriteEntry(TocEntry entry, ArchiveVersion version, IBufferWriter<byte> to)
    {
        Integer(entry.DumpId, to);
        Integer(entry.HasData ? 1 : 0, to);
        Number(entry.CatalogOid, to);
        Number(entry.Oid, to);
        Text(entry.Tag, to);
        Text(entry.Description, to);
        Integer((int)entry.Section, to);
        Text(entry.Definition, to);
        Text(entry.DropStatement, to);
        Text(entry.CopyStatement, to);
        Text(entry.Namespace, to);
        Text(entry.Tablespace, to);
        Text(entry.TableAccessMethod, to);
        if (version.HasRelationKind)
            Integer(entry.RelationKind, to);
        Text(entry.Owner, to);
        Text(entry.WithOids ? "true"u8 : "false"u8, to);
        foreach (var id in entry.Dependencies)
            Number(id, to);
        Integer(-1, to);
        var place = to.GetSpan(1 + sizeof(long));
        place[0] = (byte)entry.DataState;
        BinaryPrimitives.WriteInt64LittleEndian(place[1..], entry.DataOffset);
        to.Advance(1 + sizeof(long));
    }

    private static void Integer(int value, IBufferWriter<byte> to)
    {
        var span = to.GetSpan(ArchiveInput.IntegerBytes);
        span[0] = value < 0 ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt32LittleEndian(span[1..], unchecked((uint)(value < 0 ? -value : value)));
        to.Advance(ArchiveInput.IntegerBytes);
    }

    private static void Number(long value, IBufferWriter<byte> to)
    {
        Span<byte> digits = stackalloc byte[20];
        Utf8Formatter.TryFormat(value, digits, out var length);
        Text(digits[..length], to);
    }

    private static void Text(ArchiveText? text, IBufferWriter<byte> to)
    {
        if (text is { } present)
            Text(present.Bytes, to);
        else
            Integer(-1, to);
    }

    private static void Text(ReadOnlySpan<byte> bytes, IBufferWriter<byte> to)
    {
        if (bytes.Contains((byte)0))
            throw new ArgumentException(
                "A text of an archive cannot hold a zero byte: PostgreSQL's programs would end it there.",
                nameof(bytes));
        Integer(bytes.Length, to);
        to.Write(bytes);
    }

    private sealed class Counter : IBufferWriter<byte>
    {
        private byte[] _scratch = new byte[4096];

        public long Bytes { get; private set; }

        public void Advance(int count) => Bytes += count;

        public Memory<byte> GetMemory(int sizeHint = 0)
        {
            if (sizeHint > _scratch.Length)
                _scratch = new byte[sizeHint];
            return _scratch;
        }

        public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
    }
}
