namespace Godwit.Copy.Archive.Binary;

/// <summary>How a type's values are written in COPY's binary format. Types that are written alike share one.</summary>
internal enum FieldKind
{
    /// <summary>It goes as text.</summary>
    Other,

    /// <summary>The text itself: <c>text</c>, <c>varchar</c>, <c>char(n)</c>, <c>json</c>, and the labels of an
    /// enum.</summary>
    Text,

    /// <summary>The text behind the number of a format.</summary>
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
