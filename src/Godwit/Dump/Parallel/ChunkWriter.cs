using Godwit.PgArchive;

namespace Godwit.Dump.Parallel;

internal sealed class ChunkWriter(ChunkWindow window, ChunkOutput output, CancellationToken ct)
{
    private readonly byte[] _number = new byte[DataFraming.IntBytes];
    private byte[]? _block;
    private int _filled;

    public long Written { get; private set; }

    /// <summary>Writes the length and a piece of data. Skips empty data: a length of 0 would end the list.</summary>
    public async ValueTask PieceAsync(ReadOnlyMemory<byte> data)
    {
        if (data.IsEmpty)
            return;
        DataFraming.WriteInt(_number, data.Length);
        await WriteAsync(_number);
        await WriteAsync(data);
    }

    /// <summary>Ends a large object's list of pieces.</summary>
    public ValueTask EndOfPiecesAsync()
    {
        DataFraming.WriteInt(_number, 0);
        return WriteAsync(_number);
    }

    public ValueTask OidAsync(uint oid)
    {
        DataFraming.WriteOid(_number, oid);
        return WriteAsync(_number);
    }

    public void Complete(PartSum sum)
    {
        if (_block is not null)
            output.Add(new ArraySegment<byte>(_block, 0, _filled));
        _block = null;
        output.Complete(sum);
    }

    private async ValueTask WriteAsync(ReadOnlyMemory<byte> data)
    {
        Written += data.Length;
        output.HasBegun = true;
        while (data.Length > 0)
        {
            _block ??= await window.RentAsync(output.Number, ct);
            var count = Math.Min(data.Length, _block.Length - _filled);
            data[..count].CopyTo(_block.AsMemory(_filled));
            data = data[count..];
            _filled += count;
            if (_filled == _block.Length)
            {
                output.Add(_block);
                (_block, _filled) = (null, 0);
            }
        }
    }
}
