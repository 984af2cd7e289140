using System.Numerics;

namespace Godwit.Verify.Rows;

/// <summary>How many rows, and the sum of their hashes modulo 2^64: whatever their order, and with each row as often as
/// it is there.</summary>
internal readonly record struct Tally(long Rows, ulong Hash)
{
    public static Tally operator +(Tally one, Tally other) =>
        new(one.Rows + other.Rows, unchecked(one.Hash + other.Hash));

    /// <param name="sum">Of signed hashes, as PostgreSQL adds them up: without end.</param>
    public static Tally Of(long rows, BigInteger sum) => new(rows, (ulong)(sum & ulong.MaxValue));
}
