using Godwit.Copy.Rows;

namespace Godwit.Copy.Archive.Binary;

/// <summary>Converts a table's lines into COPY's binary format, which costs the server less work: for numbers and times
/// less than half. From the first line that must be text, all further rows are text: the binary rows end, and go on
/// after <see cref="GoesOnAsText"/>.</summary>
/// <param name="lines">Disposed with this.</param>
internal sealed class BinaryRows(RowContent lines, IReadOnlyList<FieldKind> columns) : RowContent
{
    private const int BufferBytes = 256 * 1024;

    // A longer line is sent as text: each value's length precedes it, so the whole line would be held.
    private const int LineBytesMax = BufferBytes / 2;

    private readonly RowBytes _row = new(columns);
    private readonly byte[] _text = GC.AllocateUninitializedArray<byte>(BufferBytes);

    // The part that was read and not returned yet.
    private int _from;
    private int _to;

    private bool _isAtEnd;
    private Stage _stage;

    private enum Stage
    {
        Start,
        Rows,

        /// <summary>The end of the binary rows was returned.</summary>
        Over,

        Text,
    }

    public override long SourceBytes => lines.SourceBytes;

    public override long? Rows => lines.Rows;

    public override bool GoesOnAsText()
    {
        var goesOn = _stage == Stage.Over && (_from < _to || !_isAtEnd);
        _stage = goesOn ? Stage.Text : _stage;
        return goesOn;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken ct)
    {
        if (_stage == Stage.Text)
            return _from < _to ? GiveText(buffer.Span) : await lines.ReadAsync(buffer, ct);
        var (given, isFull) = (0, false);
        while (!isFull && _stage != Stage.Over)
        {
            if (!_isAtEnd && _text.AsSpan(_from.._to).IndexOf((byte)'\n') < 0)
                await FillAsync(ct);
            isFull = Give(buffer.Span, ref given) || given > buffer.Length / 2;
        }

        return given;
    }

    public override ValueTask DisposeAsync() => lines.DisposeAsync();

    private async ValueTask FillAsync(CancellationToken ct)
    {
        _text.AsSpan(_from.._to).CopyTo(_text);
        (_from, _to) = (0, _to - _from);
        var read = await lines.ReadAsync(_text.AsMemory(_to), ct);
        _isAtEnd = read == 0;
        _to += read;
    }

    /// <summary>Writes as many rows as there are whole lines and room, and the end after the last one.</summary>
    /// <returns>True: the buffer is full, or the rows have ended.</returns>
    private bool Give(Span<byte> buffer, ref int given)
    {
        if (_stage == Stage.Start)
        {
            RowBytes.Start.CopyTo(buffer);
            (given, _stage) = (RowBytes.Start.Length, Stage.Rows);
        }

        while (_from < _to)
        {
            var left = _text.AsSpan(_from.._to);
            var length = left.IndexOf((byte)'\n');
            if (length < 0 && left.Length <= LineBytesMax && !_isAtEnd)
                return false;
            if (length >= 0 && _row.RoomFor(length) + RowBytes.End.Length > buffer.Length - given
                && given > RowBytes.Start.Length)
                return true;
            var written = length < 0 || _row.RoomFor(length) + RowBytes.End.Length > buffer.Length - given
                ? TextField.Strange : _row.Write(left[..length], buffer[given..]);
            if (written == TextField.Strange)
                return End(buffer, ref given);
            (given, _from) = (given + written, _from + length + 1);
        }

        return _isAtEnd && End(buffer, ref given);
    }

    private bool End(Span<byte> buffer, ref int given)
    {
        _stage = Stage.Over;
        RowBytes.End.CopyTo(buffer[given..]);
        given += RowBytes.End.Length;
        return true;
    }

    private int GiveText(Span<byte> buffer)
    {
        var given = Math.Min(buffer.Length, _to - _from);
        _text.AsSpan(_from, given).CopyTo(buffer);
        _from += given;
        return given;
    }
}
