using System.Buffers.Binary;

namespace Godwit.Copy.Archive.Binary;

/// <summary>Converts lines of COPY's text format into rows of its binary format.
/// https://www.postgresql.org/docs/current/sql-copy.html#SQL-COPY-FILE-FORMATS</summary>
/// <param name="columns">In the order of the lines; at least one.</param>
internal sealed class RowBytes(IReadOnlyList<FieldKind> columns)
{
    private const int LengthBytes = sizeof(int);
    private const int Null = -1;

    private readonly FieldKind[] _columns = [.. columns];

    /// <summary>Before the first row: the signature, no flags, no header extension.</summary>
    public static ReadOnlySpan<byte> Start => [(byte)'P', (byte)'G', (byte)'C', (byte)'O', (byte)'P', (byte)'Y',
        (byte)'\n', 0xff, (byte)'\r', (byte)'\n', 0, 0, 0, 0, 0, 0, 0, 0, 0];

    /// <summary>After the last row: a column count of -1.</summary>
    public static ReadOnlySpan<byte> End => [0xff, 0xff];

    /// <summary>The most bytes that a line's row can take.</summary>
    public int RoomFor(int lineBytes) =>
        sizeof(short) + lineBytes + (_columns.Length * (LengthBytes + TextField.RoomBeside));

    /// <param name="line">Without its line feed.</param>
    /// <param name="into">At least <see cref="RoomFor"/> bytes.</param>
    /// <returns>The number of bytes; <see cref="TextField.Strange"/>: the line must be sent as text.</returns>
    public int Write(ReadOnlySpan<byte> line, Span<byte> into)
    {
        BinaryPrimitives.WriteInt16BigEndian(into, (short)_columns.Length);
        var written = sizeof(short);
        for (var column = 0; column < _columns.Length; column++)
        {
            var end = line.IndexOf((byte)'\t');
            var isLast = column == _columns.Length - 1;
            // The server refuses a line with another number of columns.
            if (end < 0 != isLast)
                return TextField.Strange;
            var text = isLast ? line : line[..end];
            line = line[(isLast ? line.Length : end + 1)..];
            var length = Null;
            if (text is not [(byte)'\\', (byte)'N'])
            {
                length = TextField.Write(_columns[column], text, into[(written + LengthBytes)..]);
                if (length == TextField.Strange)
                    return TextField.Strange;
            }

            BinaryPrimitives.WriteInt32BigEndian(into[written..], length);
            written += LengthBytes + Math.Max(0, length);
        }

        return written;
    }
}
