using System.Security.Cryptography;
using Godwit.Faults;
using Godwit.Storage.Parts;

namespace Godwit.Storage.Download;

#pragma warning disable CA5351 // MD5 is what the services keep; it guards against accidents, not against people.
/// <summary>Checks bytes while they are read against the checksum from the upload.</summary>
/// <param name="sizeOf">Bytes of each part, by its number from 1.</param>
/// <param name="place">For the fault.</param>
internal sealed class PartsCheck(
    StoredObject found, string kept, bool isWhole, Func<int, long> sizeOf, string place) : IDisposable
{
    private readonly IncrementalHash _part = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
    private readonly PartsDigest _digest = new();
    private uint _crc;
    private int _number = 1;
    private bool _hasEnded;
    private long _left = sizeOf(1);

    /// <returns>Null: the object has no checksum, or its part sizes are unknown.</returns>
    public static PartsCheck? For(StoredObject found, string place) => found switch
    {
        { Checksum: null } => null,
        { Checksum: { } kept } when Crc32C.IsOne(kept) =>
            new(found, kept, isWhole: true, _ => long.MaxValue, place) { IsCrc = true },
        { Checksum: { } kept } when !kept.Contains('-', StringComparison.Ordinal) =>
            new(found, kept, isWhole: true, _ => long.MaxValue, place),
        { Checksum: { } kept, Plan: { } plan } =>
            new(found, kept, isWhole: false, number => plan.SizeOf(number), place),
        _ => null,
    };

    // A CRC32C of the whole object, not an MD5.
    private bool IsCrc { get; init; }

    public void Append(ReadOnlySpan<byte> piece)
    {
        if (IsCrc)
        {
            _crc = Crc32C.Append(_crc, piece);
            return;
        }

        while (!piece.IsEmpty)
        {
            var now = (int)Math.Min(piece.Length, _left);
            _part.AppendData(piece[..now]);
            piece = piece[now..];
            _left -= now;
            if (_left == 0)
                EndPart();
        }
    }

    /// <summary>Called at the object's end, possibly more than once.</summary>
    /// <exception cref="FaultException"><c>storage.damaged</c>.</exception>
    public void Require()
    {
        if (_hasEnded)
            return;
        _hasEnded = true;
        if (!IsCrc && (isWhole || _left < sizeOf(_number)))
            EndPart();
        if ((IsCrc ? Crc32C.ToText(_crc) : _digest.ToText(isWhole)) is var read && read != kept)
            throw new FaultException(StorageFaults.Damaged(place, found.Key, kept, read));
    }

    public void Dispose() => _part.Dispose();

    private void EndPart()
    {
        _digest.Add(_number++, _part.GetHashAndReset());
        _left = sizeOf(_number);
    }
}
