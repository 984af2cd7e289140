using System.Buffers.Binary;
using System.Numerics;

namespace Godwit.Storage.Parts;

/// <summary>The checksum Google keeps with every object, whichever way it came. Its great merit: that of a whole can be
/// computed from those of its parts, which arrive in any order and are never in memory together.</summary>
/// <remarks>Castagnoli's polynomial, bits reflected, as in https://www.rfc-editor.org/rfc/rfc4960#appendix-B</remarks>
internal static class Crc32C
{
    private const uint Polynomial = 0x82F63B78;

    /// <summary>The polynomial 1: the highest bit stands for x to the power of 0.</summary>
    private const uint One = 1u << 31;

    private const string Kind = "crc32c=";

    /// <summary>Whether a checksum is one of these, as <see cref="ToText"/> writes it.</summary>
    public static bool IsOne(string checksum) => checksum.StartsWith(Kind, StringComparison.Ordinal);

    public static uint Of(ReadOnlySpan<byte> content) => Append(0, content);

    /// <summary>Of what <paramref name="crc"/> is of, and <paramref name="content"/> behind it.</summary>
    public static uint Append(uint crc, ReadOnlySpan<byte> content)
    {
        // The processor has an instruction for it: some gigabytes in a second.
        crc = ~crc;
        for (; content.Length >= sizeof(ulong); content = content[sizeof(ulong)..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(content));
        foreach (var one in content)
            crc = BitOperations.Crc32C(crc, one);
        return ~crc;
    }

    /// <summary>Of two pieces together.</summary>
    /// <remarks>What stands before is multiplied by x for every bit behind it, and sums of polynomials are exclusive
    /// ors.</remarks>
    public static uint Combine(uint first, uint second, long secondBytes) =>
        Multiply(first, PowerOfX(secondBytes * 8)) ^ second;

    /// <param name="base64">As services write it by itself.</param>
    public static string Named(string base64) => Kind + base64;

    /// <summary>As <c>x-goog-hash</c> has it: the bytes from the most significant one, in base 64, behind the name of
    /// the kind.</summary>
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

    /// <summary>Product of two polynomials, modulo Castagnoli's.</summary>
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
