namespace Godwit.Tests.PgArchive;

/// <summary>What happens to files, and what somebody who wants to do harm does to them. The same seed does the
/// same.</summary>
internal static class Mutations
{
    private const int MutationsMax = 4;

    /// <summary>Values a program trips over when it believes them.</summary>
    private static readonly int[] Attacks = [int.MaxValue, int.MaxValue - 5, int.MinValue, -1, -2, 0, 1, 1 << 16,
        1 << 24, 1 << 28, 255, 256, 65535, 65537];

    public static byte[] Mutated(byte[] archive, byte[] other, Random random)
    {
        var bytes = archive;
        for (var times = random.Next(1, MutationsMax + 1); times > 0; times--)
            bytes = Once(bytes, other, random);
        return bytes;
    }

    private static byte[] Once(byte[] bytes, byte[] other, Random random)
    {
        if (bytes.Length < 8)
            return [.. bytes, .. Some(other, random)];
        var at = random.Next(bytes.Length);
        var changed = bytes.ToArray();
        switch (random.Next(9))
        {
            case 0:
                changed[at] ^= (byte)(1 << random.Next(8));
                return changed;
            case 1:
                changed[at] = (byte)random.Next(256);
                return changed;
            case 2:
                return [.. bytes[..at], .. Noise(random), .. bytes[at..]];
            case 3:
                return [.. bytes[..at], .. bytes[Math.Min(bytes.Length, at + random.Next(1, 64))..]];
            case 4:
                return [.. bytes[..at], .. Some(other, random), .. bytes[at..]];
            case 5:
                return bytes[..at];
            case 6:
                return [.. bytes[..at], .. Some(bytes, random), .. bytes[at..]];
            default:
                return Lengthened(changed, at, random);
        }
    }

    /// <summary>Puts a value where a number stands already: a sign byte and three small bytes that look like a length
    /// or a count.</summary>
    private static byte[] Lengthened(byte[] bytes, int from, Random random)
    {
        var at = from;
        while (at + 5 <= bytes.Length && !(bytes[at] <= 1 && bytes[at + 3] == 0 && bytes[at + 4] == 0))
            at++;
        if (at + 5 > bytes.Length)
            return bytes;
        var value = Attacks[random.Next(Attacks.Length)];
        if (random.Next(4) == 0)
            value = BitConverter.ToInt32(bytes, at + 1) + random.Next(-3, 4);
        bytes[at] = value < 0 ? (byte)1 : (byte)0;
        BitConverter.TryWriteBytes(bytes.AsSpan(at + 1), value < 0 ? unchecked(-value) : value);
        return bytes;
    }

    private static byte[] Some(byte[] bytes, Random random)
    {
        var at = random.Next(bytes.Length);
        return bytes[at..Math.Min(bytes.Length, at + random.Next(1, 300))];
    }

    private static byte[] Noise(Random random)
    {
        var noise = new byte[random.Next(1, 64)];
        random.NextBytes(noise);
        return noise;
    }
}
