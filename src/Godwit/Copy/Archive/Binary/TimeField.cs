using System.Buffers.Binary;

namespace Godwit.Copy.Archive.Binary;

/// <summary>Days and microseconds since 2000-01-01, from texts in pg_dump's <c>DateStyle = ISO</c>. Years BC and years
/// of five digits are sent as text.</summary>
internal static class TimeField
{
    private const int DateLength = 10;
    private const int TimeLength = 8;
    private const int FractionDigits = 6;
    private const long MicrosecondsOfSecond = 1_000_000;
    private const long SecondsOfDay = 24 * 60 * 60;

    // The largest offset of a time zone.
    // https://github.com/postgres/postgres/blob/REL_17_STABLE/src/include/datatype/timestamp.h, MAX_TZDISP_HOUR
    private const int OffsetHoursMax = 15;

    private static ReadOnlySpan<byte> Infinity => "infinity"u8;

    private static ReadOnlySpan<byte> MinusInfinity => "-infinity"u8;

    private static readonly int Epoch = new DateOnly(2000, 1, 1).DayNumber;

    /// <inheritdoc cref="TextField.Write"/>
    public static int Date(ReadOnlySpan<byte> text, Span<byte> into)
    {
        var days = text.SequenceEqual(Infinity) ? int.MaxValue : int.MinValue;
        if (!IsInfinite(text) && (text.Length != DateLength || !TryDays(text, out days)))
            return TextField.Strange;
        BinaryPrimitives.WriteInt32BigEndian(into, days);
        return sizeof(int);
    }

    /// <inheritdoc cref="TextField.Write"/>
    /// <param name="hasOffset">True: with an offset from UTC, as in <c>timestamptz</c>.</param>
    public static int Timestamp(ReadOnlySpan<byte> text, Span<byte> into, bool hasOffset)
    {
        if (IsInfinite(text))
        {
            BinaryPrimitives.WriteInt64BigEndian(into, text.SequenceEqual(Infinity) ? long.MaxValue : long.MinValue);
            return sizeof(long);
        }

        if (text.Length < DateLength + 1 + TimeLength || text[DateLength] != (byte)' ' || !TryDays(text[..DateLength],
            out var days) || !TryTime(text.Slice(DateLength + 1, TimeLength), out var seconds))
            return TextField.Strange;
        var rest = text[(DateLength + 1 + TimeLength)..];
        if (!TryFraction(ref rest, out var microseconds))
            return TextField.Strange;
        var offset = 0;
        if (hasOffset ? !TryOffset(rest, out offset) : rest.Length > 0)
            return TextField.Strange;
        BinaryPrimitives.WriteInt64BigEndian(into,
            (((days * SecondsOfDay) + seconds - offset) * MicrosecondsOfSecond) + microseconds);
        return sizeof(long);
    }

    // Infinity is the largest or smallest number.
    // https://github.com/postgres/postgres/blob/REL_17_STABLE/src/include/datatype/timestamp.h, DT_NOEND
    private static bool IsInfinite(ReadOnlySpan<byte> text) =>
        text.SequenceEqual(Infinity) || text.SequenceEqual(MinusInfinity);

    private static bool TryDays(ReadOnlySpan<byte> text, out int days)
    {
        days = 0;
        if (text[4] != (byte)'-' || text[7] != (byte)'-' || !TryTwo(text, 0, out var century)
            || !TryTwo(text, 2, out var year) || !TryTwo(text, 5, out var month) || !TryTwo(text, 8, out var day))
            return false;
        year += century * 100;
        if (year == 0 || month is 0 or > 12 || day == 0 || day > DateTime.DaysInMonth(year, month))
            return false;
        days = new DateOnly(year, month, day).DayNumber - Epoch;
        return true;
    }

    private static bool TryTime(ReadOnlySpan<byte> text, out int seconds)
    {
        seconds = 0;
        if (text[2] != (byte)':' || text[5] != (byte)':' || !TryTwo(text, 0, out var hour) || !TryTwo(text, 3,
            out var minute) || !TryTwo(text, 6, out var second) || hour > 23 || minute > 59 || second > 59)
            return false;
        seconds = (((hour * 60) + minute) * 60) + second;
        return true;
    }

    // Removes the fraction from the text, if there is one.
    private static bool TryFraction(ref ReadOnlySpan<byte> text, out int microseconds)
    {
        microseconds = 0;
        if (text.Length == 0 || text[0] != (byte)'.')
            return true;
        var digits = 0;
        for (text = text[1..]; text.Length > 0 && text[0] is >= (byte)'0' and <= (byte)'9'; text = text[1..], digits++)
        {
            if (digits == FractionDigits)
                return false;
            microseconds = (microseconds * 10) + text[0] - '0';
        }

        for (var missing = digits; missing < FractionDigits; missing++)
            microseconds *= 10;
        return digits > 0;
    }

    // +02, -03:30, or in old times +00:19:32.
    private static bool TryOffset(ReadOnlySpan<byte> text, out int seconds)
    {
        seconds = 0;
        var (minute, second) = (0, 0);
        if (text.Length is not (3 or 6 or 9) || text[0] is not ((byte)'+' or (byte)'-')
            || !TryTwo(text, 1, out var hour) || hour > OffsetHoursMax
            || (text.Length >= 6 && (text[3] != (byte)':' || !TryTwo(text, 4, out minute) || minute > 59))
            || (text.Length == 9 && (text[6] != (byte)':' || !TryTwo(text, 7, out second) || second > 59)))
            return false;
        seconds = (((hour * 60) + minute) * 60) + second;
        seconds = text[0] == (byte)'-' ? -seconds : seconds;
        return true;
    }

    private static bool TryTwo(ReadOnlySpan<byte> text, int at, out int value)
    {
        var (tens, ones) = (text[at] - '0', text[at + 1] - '0');
        value = (tens * 10) + ones;
        return tens is >= 0 and <= 9 && ones is >= 0 and <= 9;
    }
}
