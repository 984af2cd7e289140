using System.Buffers.Binary;
using System.Globalization;

namespace Godwit.Copy.Archive.Binary;

/// <summary>Integers and floats.</summary>
internal static class NumberField
{
    // Any number with so many digits fits into eight bytes.
    private const int DigitsMax = 18;

    public static int Int2(ReadOnlySpan<byte> text, Span<byte> into)
    {
        if (!TryWhole(text, out var value) || value is < short.MinValue or > short.MaxValue)
            return TextField.Strange;
        BinaryPrimitives.WriteInt16BigEndian(into, (short)value);
        return sizeof(short);
    }

    public static int Int4(ReadOnlySpan<byte> text, Span<byte> into)
    {
        if (!TryWhole(text, out var value) || value is < int.MinValue or > int.MaxValue)
            return TextField.Strange;
        BinaryPrimitives.WriteInt32BigEndian(into, (int)value);
        return sizeof(int);
    }

    public static int Int8(ReadOnlySpan<byte> text, Span<byte> into)
    {
        if (!TryWhole(text, out var value)
            && !long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value))
            return TextField.Strange;
        BinaryPrimitives.WriteInt64BigEndian(into, value);
        return sizeof(long);
    }

    public static int Oid(ReadOnlySpan<byte> text, Span<byte> into)
    {
        if (!TryWhole(text, out var value) || value is < uint.MinValue or > uint.MaxValue)
            return TextField.Strange;
        BinaryPrimitives.WriteUInt32BigEndian(into, (uint)value);
        return sizeof(uint);
    }

    public static int Float4(ReadOnlySpan<byte> text, Span<byte> into)
    {
        if (!IsDecimal(text) || !float.TryParse(text, Styles, CultureInfo.InvariantCulture, out var value)
            || !IsInRange(value, text))
            return TextField.Strange;
        BinaryPrimitives.WriteSingleBigEndian(into, value);
        return sizeof(float);
    }

    public static int Float8(ReadOnlySpan<byte> text, Span<byte> into)
    {
        if (!IsDecimal(text) || !double.TryParse(text, Styles, CultureInfo.InvariantCulture, out var value)
            || !IsInRange(value, text))
            return TextField.Strange;
        BinaryPrimitives.WriteDoubleBigEndian(into, value);
        return sizeof(double);
    }

    private const NumberStyles Styles = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint
        | NumberStyles.AllowExponent;

    // False for NaN and infinity, whose bits the server decides.
    private static bool IsDecimal(ReadOnlySpan<byte> text) => text.Length > 0 && (char.IsAsciiDigit((char)text[^1]));

    // False if a too large number became infinite, or a too small one zero; the server refuses both.
    private static bool IsInRange(double value, ReadOnlySpan<byte> text) =>
        double.IsFinite(value) && (value != 0 || text.IndexOfAnyInRange((byte)'1', (byte)'9') < 0);

    private static bool TryWhole(ReadOnlySpan<byte> text, out long value)
    {
        value = 0;
        var isNegative = text.Length > 0 && text[0] == (byte)'-';
        var digits = isNegative ? text[1..] : text;
        if (digits.Length is 0 or > DigitsMax)
            return false;
        foreach (var digit in digits)
        {
            var one = (uint)(digit - '0');
            if (one > 9)
                return false;
            value = (value * 10) + one;
        }

        value = isNegative ? -value : value;
        return true;
    }
}
