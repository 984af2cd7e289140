using System.Buffers.Binary;

namespace Godwit.PgArchive;

/// <summary>Length and checksum of a part, needed to join it to others.</summary>
/// <param name="Bytes">Uncompressed.</param>
/// <param name="Adler32">RFC 1950 §8.2; 1 for an empty part.</param>
public readonly record struct PartSum(long Bytes, uint Adler32)
{
    private const uint Modulus = 65521;

    /// <summary>The sum of an empty part.</summary>
    public static PartSum Empty => new(0, 1);

    /// <summary>The sum of this part followed by <paramref name="next"/>. In Adler-32, A = 1 + Σ bᵢ, and B is the
    /// sum of all intermediate A, both modulo 65521. After a first part, the second one's A starts at A₁ instead of
    /// 1, so each of its bytes adds A₁ - 1 to B.</summary>
    public PartSum Then(PartSum next)
    {
        var (a1, b1) = (Adler32 & 0xffff, Adler32 >> 16);
        var (a2, b2) = (next.Adler32 & 0xffff, next.Adler32 >> 16);
        var a = (a1 + a2 + Modulus - 1) % Modulus;
        var b = (b1 + b2 + ((ulong)(next.Bytes % Modulus) * (a1 + Modulus - 1))) % Modulus;
        return new PartSum(Bytes + next.Bytes, ((uint)b << 16) | a);
    }
}

/// <summary>Makes an entry's deflated parts one zlib stream (RFC 1950).</summary>
internal static class ZlibJoin
{
    /// <summary>CMF and FLG: deflate with a window of 32 KiB, no dictionary.</summary>
    public static ReadOnlySpan<byte> Start => [0x78, 0x9c];

    /// <summary>An empty final block, then the checksum of all parts.</summary>
    public static byte[] End(PartSum sum)
    {
        byte[] end = [0x03, 0x00, 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt32BigEndian(end.AsSpan(2), sum.Adler32);
        return end;
    }
}
