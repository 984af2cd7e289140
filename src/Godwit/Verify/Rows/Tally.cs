using System.Numerics;

namespace Godwit.Verify.Rows;

/// <summary>Hashes are summed modulo 2^64. Independent of order; repeated rows count each time.</summary>
internal readonly record struct Tally(long Rows, ulong Hash)
{
    public static Tally operator +(Tally one, Tally other) =>
        new(one.Rows + other.Rows, unchecked(one.Hash + other.Hash));

    /// <param name="sum">PostgreSQL's, of signed hashes, of any size.</param>
    public static Tally Of(long rows, BigInteger sum) => new(rows, (ulong)(sum & ulong.MaxValue));
}
