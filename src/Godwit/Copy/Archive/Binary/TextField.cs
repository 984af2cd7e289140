using System.Buffers;

namespace Godwit.Copy.Archive.Binary;

/// <summary>Converts one value from COPY's text format to its binary format. Handles only what a type's output function
/// writes under pg_dump's settings, without rare cases. All else is sent as text, so no value is read differently than
/// by the server.</summary>
internal static class TextField
{
    /// <summary>The value is not handled here.</summary>
    public const int Strange = -1;

    /// <summary>Bytes that a value may need beyond the length of its text.</summary>
    public const int RoomBeside = 16;

    // The only format of jsonb. https://github.com/postgres/postgres/blob/REL_17_STABLE/src/backend/utils/adt/jsonb.c,
    // jsonb_recv
    private const byte JsonbVersion = 1;

    private static readonly SearchValues<byte> Special = SearchValues.Create("\\\r"u8);

    /// <param name="text">The escaped text of the line; not NULL.</param>
    /// <param name="into">As long as the text plus <see cref="RoomBeside"/>.</param>
    /// <returns>The number of bytes; <see cref="Strange"/>: the line must be sent as text.</returns>
    public static int Write(FieldKind kind, ReadOnlySpan<byte> text, Span<byte> into) => kind switch
    {
        FieldKind.Text => Unescape(text, into),
        FieldKind.Jsonb => Jsonb(text, into),
        FieldKind.Bytea => Bytea(text, into),
        FieldKind.Bool => Bool(text, into),
        FieldKind.Int2 => NumberField.Int2(text, into),
        FieldKind.Int4 => NumberField.Int4(text, into),
        FieldKind.Int8 => NumberField.Int8(text, into),
        FieldKind.Oid => NumberField.Oid(text, into),
        FieldKind.Float4 => NumberField.Float4(text, into),
        FieldKind.Float8 => NumberField.Float8(text, into),
        FieldKind.Numeric => NumericField.Write(text, into),
        FieldKind.Uuid => Uuid(text, into),
        FieldKind.Date => TimeField.Date(text, into),
        FieldKind.Timestamp => TimeField.Timestamp(text, into, hasOffset: false),
        FieldKind.TimestampTz => TimeField.Timestamp(text, into, hasOffset: true),
        _ => Strange,
    };

    // COPY writes some control characters as a letter, and a backslash twice. It reads numeric escapes but never writes
    // them. https://www.postgresql.org/docs/current/sql-copy.html#SQL-COPY-FILE-FORMATS
    private static int Unescape(ReadOnlySpan<byte> text, Span<byte> into)
    {
        var written = 0;
        for (int at; (at = text.IndexOfAny(Special)) >= 0;)
        {
            if (at + 1 == text.Length || Escaped(text[at], text[at + 1]) is not { } value)
                return Strange;
            text[..at].CopyTo(into[written..]);
            into[written + at] = value;
            written += at + 1;
            text = text[(at + 2)..];
        }

        text.CopyTo(into[written..]);
        return written + text.Length;
    }

    private static byte? Escaped(byte sign, byte letter) => sign != (byte)'\\' ? null : letter switch
    {
        (byte)'\\' => (byte)'\\',
        (byte)'n' => (byte)'\n',
        (byte)'t' => (byte)'\t',
        (byte)'r' => (byte)'\r',
        (byte)'b' => (byte)'\b',
        (byte)'f' => (byte)'\f',
        (byte)'v' => (byte)'\v',
        _ => null,
    };

    private static int Jsonb(ReadOnlySpan<byte> text, Span<byte> into)
    {
        into[0] = JsonbVersion;
        var written = Unescape(text, into[1..]);
        return written == Strange ? Strange : written + 1;
    }

    // Hexadecimal digits only; a role may have bytea_output = escape.
    private static int Bytea(ReadOnlySpan<byte> text, Span<byte> into)
    {
        var start = """\\x"""u8;
        return text.StartsWith(start) && Convert.FromHexString(text[start.Length..], into, out _,
            out var written) == OperationStatus.Done ? written : Strange;
    }

    private static int Bool(ReadOnlySpan<byte> text, Span<byte> into)
    {
        if (text is not ([(byte)'t'] or [(byte)'f']))
            return Strange;
        into[0] = text[0] == (byte)'t' ? (byte)1 : (byte)0;
        return 1;
    }

    // Five groups of hexadecimal digits.
    private static int Uuid(ReadOnlySpan<byte> text, Span<byte> into)
    {
        const int TextLength = 36;
        if (text.Length != TextLength || text[8] != (byte)'-' || text[13] != (byte)'-' || text[18] != (byte)'-'
            || text[23] != (byte)'-')
            return Strange;
        var written = 0;
        foreach (var group in (ReadOnlySpan<(int From, int To)>)[(0, 8), (9, 13), (14, 18), (19, 23), (24, TextLength)])
        {
            if (Convert.FromHexString(text[group.From..group.To], into[written..], out _,
                out var some) != OperationStatus.Done)
                return Strange;
            written += some;
        }

        return written;
    }
}
