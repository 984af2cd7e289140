using Godwit.Copy.Rows;

namespace Godwit.Copy.Archive.Binary;

/// <summary>A table's lines as rows of COPY's binary format, which a server reads with less work: of numbers and times
/// with less than half. From the first line on that must go as text, all do: the rows end there, and go on behind
/// <see cref="GoesOnAsText"/>.</summary>
/// <param name="lines">Go with it.</param>
/// <param name="columns">Of the table.</param>
internal sealed class BinaryRows(RowContent lines, IReadOnlyList<FieldKind> columns) : RowContent
{
    private const int BufferBytes = 256 * 1024;

    /// <summary>A longer line goes as text: the length of each value stands in front of it, so that all of it would
    /// have to be held.</summary>
    private const int LineBytesMax = BufferBytes / 2;

    private readonly RowBytes _row = new(columns);
    private readonly byte[] _text = GC.AllocateUninitializedArray<byte>(BufferBytes);

    // What was read and not given yet.
    private int _from;
    private int _to;

    private bool _isAtEnd;
    private Stage _stage;

    private enum Stage
    {
        Start,
        Rows,

        /// <summary>The end of the rows was given.</summary>
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

    /// <summary>As many rows as there are whole lines, and room for; and the end behind the last one.</summary>
    /// <returns>Whether it was the room that ended them.</returns>
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
