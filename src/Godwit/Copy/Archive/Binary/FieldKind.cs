namespace Godwit.Copy.Archive.Binary;

/// <summary>How a type is written in COPY's binary format. Types with the same form share a kind.</summary>
internal enum FieldKind
{
    /// <summary>Sent as text.</summary>
    Other,

    /// <summary>The text itself: <c>text</c>, <c>varchar</c>, <c>char(n)</c>, <c>json</c>, and enum labels.</summary>
    Text,

    /// <summary>A format number, then the text.</summary>
    Jsonb,

    Bytea,
    Bool,
    Int2,
    Int4,
    Int8,
    Oid,
    Float4,
    Float8,
    Numeric,
    Uuid,
    Date,
    Timestamp,
    TimestampTz,
}
