using Godwit.Copy.Rows;
using Godwit.PgArchive;

namespace Godwit.Copy.Archive;

/// <summary>A table's rows from an archive, decompressed, without pg_dump's end mark.</summary>
/// <param name="stream">Disposed with the content; null: owned by the caller.</param>
internal sealed class ArchiveContent(string archive, ArchiveData data, Stream? stream) : RowContent
{
    // psql's end of rows, and two empty lines.
    private static ReadOnlySpan<byte> End => "\\.\n\n\n"u8;

    // With the byte before it, which must end a line.
    private readonly byte[] _held = new byte[End.Length + 1];
    private int _heldCount;
    private bool _isAtEnd;
    private long _rows;

    public override long SourceBytes => data.CompressedBytes;

    /// <summary>A row is a line: COPY writes a line feed in a value as <c>\n</c>.</summary>
    public override long? Rows => _rows;

    /// <param name="buffer">At least twice the bytes held back.</param>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken ct)
    {
        if (_isAtEnd)
            return 0;
        // Bytes that may be the end mark are held back until more arrive.
        _held.AsSpan(0, _heldCount).CopyTo(buffer.Span);
        var filled = _heldCount;
        while (!_isAtEnd && filled < buffer.Length - (buffer.Length / 4))
        {
            var read = await RestoreErrors.GuardAsync(archive,
                () => data.Content.ReadAsync(buffer[filled..], ct).AsTask());
            _isAtEnd = read == 0;
            filled += read;
        }

        var given = _isAtEnd ? WithoutEnd(buffer.Span[..filled]) : Hold(buffer.Span[..filled]);
        _rows += buffer.Span[..given].Count((byte)'\n');
        return given;
    }

    public override ValueTask DisposeAsync() => stream?.DisposeAsync() ?? ValueTask.CompletedTask;

    private int Hold(ReadOnlySpan<byte> filled)
    {
        _heldCount = _held.Length;
        filled[^_heldCount..].CopyTo(_held);
        return filled.Length - _heldCount;
    }

    private static int WithoutEnd(ReadOnlySpan<byte> last) =>
        last.EndsWith(End) && (last.Length == End.Length || last[^(End.Length + 1)] == (byte)'\n')
            ? last.Length - End.Length : last.Length;
}
