namespace Godwit.PgArchive;

/// <summary>The bytes of one table or large object as they lie in the archive: pieces, each behind its length, up to a
/// length of 0.</summary>
internal sealed class Pieces(ArchiveInput input)
{
    private int _left;

    /// <summary>The last piece is over.</summary>
    public bool Ended { get; private set; }

    /// <summary>Length of what was given, in bytes.</summary>
    public long Bytes { get; private set; }

    public ArchiveInput Input => input;

    /// <summary>Goes to the next piece when the one before is over.</summary>
    /// <returns>What is left of the piece; 0 when there are no more.</returns>
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

    /// <summary>Gives up to <paramref name="to"/>'s length.</summary>
    /// <returns>0 only when there is no more.</returns>
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
