namespace Godwit.PgArchive;

/// <summary>The stored bytes of one table or large object: pieces, each after its length; length 0 ends them.</summary>
internal sealed class Pieces(ArchiveInput input)
{
    private int _left;

    /// <summary>After the last piece.</summary>
    public bool Ended { get; private set; }

    /// <summary>Bytes given so far.</summary>
    public long Bytes { get; private set; }

    public ArchiveInput Input => input;

    /// <summary>Bytes left in the piece, or in the next if it is finished; 0: no more pieces.</summary>
    public async ValueTask<int> LeftAsync(CancellationToken ct)
    {
        if (_left > 0 || Ended)
            return _left;
        var at = input.Position;
        _left = await input.IntegerAsync(ct);
        if (_left < 0)
            throw ArchiveErrors.Corrupted(at, input.Inside(), $"the length of a piece is {_left}");
        Ended = _left == 0;
        return _left;
    }

    /// <summary>Returns 0 only at the end.</summary>
    public async ValueTask<int> ReadAsync(Memory<byte> to, CancellationToken ct)
    {
        var left = await LeftAsync(ct);
        if (left == 0)
            return 0;
        var read = await input.ReadAsync(to[..Math.Min(left, to.Length)], ct);
        if (read == 0)
            throw ArchiveErrors.Truncated(input.Position, input.Inside());
        _left -= read;
        Bytes += read;
        return read;
    }

    public async ValueTask SkipAsync(CancellationToken ct)
    {
        while (await LeftAsync(ct) is > 0 and var left)
        {
            await input.SkipAsync(left, ct);
            Bytes += left;
            _left = 0;
        }
    }
}
