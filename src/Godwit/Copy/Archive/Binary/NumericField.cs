using System.Buffers.Binary;

namespace Godwit.Copy.Archive.Binary;

/// <summary>A <c>numeric</c> is sent as base-10,000 digits, with the weight of the first one and the display scale.
/// https://github.com/postgres/postgres/blob/REL_17_STABLE/src/backend/utils/adt/numeric.c, numeric_recv</summary>
internal static class NumericField
{
    private const int DecimalsOfDigit = 4;
    private const int HeadBytes = 4 * sizeof(short);
    private const short Positive = 0;
    private const short Negative = 0x4000;

    // Longer numbers are rare, and the format has limits.
    private const int LengthMax = 1000;

    /// <inheritdoc cref="TextField.Write"/>
    public static int Write(ReadOnlySpan<byte> text, Span<byte> into)
    {
        var isNegative = text.Length > 0 && text[0] == (byte)'-';
        var number = isNegative ? text[1..] : text;
        var point = number.IndexOf((byte)'.');
        var whole = point < 0 ? number : number[..point];
        var fraction = point < 0 ? [] : number[(point + 1)..];
        // NaN and infinity are rejected at their first letter.
        if (whole.IsEmpty || number.Length > LengthMax || (point >= 0 && fraction.IsEmpty))
            return TextField.Strange;

        var (digitsOfWhole, digitsOfFraction) = (DigitsFor(whole), DigitsFor(fraction));
        var padding = (digitsOfWhole * DecimalsOfDigit) - whole.Length;
        var (count, used, leading) = (0, 0, 0);
        for (var place = 0; place < digitsOfWhole + digitsOfFraction; place++)
        {
            var digit = Digit(whole, fraction, (place * DecimalsOfDigit) - padding);
            if (digit < 0)
                return TextField.Strange;
            if (digit == 0 && count == 0)
            {
                leading++;
                continue;
            }

            BinaryPrimitives.WriteInt16BigEndian(into[(HeadBytes + (count * sizeof(short)))..], (short)digit);
            count++;
            used = digit == 0 ? used : count;
        }

        BinaryPrimitives.WriteInt16BigEndian(into, (short)used);
        BinaryPrimitives.WriteInt16BigEndian(into[2..], (short)(used == 0 ? 0 : digitsOfWhole - 1 - leading));
        BinaryPrimitives.WriteInt16BigEndian(into[4..], isNegative && used > 0 ? Negative : Positive);
        BinaryPrimitives.WriteInt16BigEndian(into[6..], (short)fraction.Length);
        return HeadBytes + (used * sizeof(short));
    }

    private static int DigitsFor(ReadOnlySpan<byte> decimals) =>
        (decimals.Length + DecimalsOfDigit - 1) / DecimalsOfDigit;

    /// <param name="at">Index of its first decimal; decimals before and after the number are zeros.</param>
    /// <returns>-1: not a decimal.</returns>
    private static int Digit(ReadOnlySpan<byte> whole, ReadOnlySpan<byte> fraction, int at)
    {
        var digit = 0;
        for (var end = at + DecimalsOfDigit; at < end; at++)
        {
            var behind = at - whole.Length;
            var one = at < 0 || behind >= fraction.Length
                ? 0u : (uint)((behind < 0 ? whole[at] : fraction[behind]) - '0');
            if (one > 9)
                return -1;
            digit = (digit * 10) + (int)one;
        }

        return digit;
    }
}
