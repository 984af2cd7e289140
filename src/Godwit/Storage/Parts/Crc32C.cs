using System.Buffers.Binary;
using System.Numerics;

namespace Godwit.Storage.Parts;

/// <summary>The checksum that Google keeps with every object, however it was uploaded. It can be computed from the
/// checksums of the parts, which arrive in any order and are never in memory together.</summary>
/// <remarks>Castagnoli's polynomial, bits reflected, as in https://www.rfc-editor.org/rfc/rfc4960#appendix-B</remarks>
internal static class Crc32C
{
    private const uint Polynomial = 0x82F63B78;

    // The polynomial 1: the highest bit stands for x to the power of 0.
    private const uint One = 1u << 31;

    private const string Kind = "crc32c=";

    /// <summary>Whether the checksum has the format of <see cref="ToText"/>.</summary>
    public static bool IsOne(string checksum) => checksum.StartsWith(Kind, StringComparison.Ordinal);

    public static uint Of(ReadOnlySpan<byte> content) => Append(0, content);

    public static uint Append(uint crc, ReadOnlySpan<byte> content)
    {
        // Uses the processor's CRC instruction: some gigabytes per second.
        crc = ~crc;
        for (; content.Length >= sizeof(ulong); content = content[sizeof(ulong)..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(content));
        foreach (var one in content)
            crc = BitOperations.Crc32C(crc, one);
        return ~crc;
    }

    /// <summary>The CRC of two pieces, one after the other: the first CRC is multiplied by x for each bit of the second
    /// piece. Adding polynomials is exclusive or.</summary>
    public static uint Combine(uint first, uint second, long secondBytes) =>
        Multiply(first, PowerOfX(secondBytes * 8)) ^ second;

    /// <param name="base64">The CRC as services write it.</param>
    public static string Named(string base64) => Kind + base64;

    /// <summary>As in <c>x-goog-hash</c>: "crc32c=" and the big-endian bytes in Base64.</summary>
    public static string ToText(uint crc)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, crc);
        return Named(Convert.ToBase64String(bytes));
    }

    private static uint PowerOfX(long exponent)
    {
        var power = One;
        for (var square = One >> 1; exponent > 0; exponent >>= 1, square = Multiply(square, square))
        {
            if ((exponent & 1) != 0)
                power = Multiply(power, square);
        }

        return power;
    }

    // Product of two polynomials, modulo Castagnoli's.
    private static uint Multiply(uint left, uint right)
    {
        var product = 0u;
        for (; left != 0; left <<= 1)
        {
            if ((left & One) != 0)
                product ^= right;
            right = (right & 1) != 0 ? (right >> 1) ^ Polynomial : right >> 1;
        }

        return product;
    }
}
