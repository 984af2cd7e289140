namespace Godwit.Verify.Rows;

/// <summary>How the values of a column become bytes that are equal on both servers when, and only when, no client could
/// tell the values apart. docs/verify.md has the table of types.</summary>
internal enum ImageForm
{
    /// <summary>By the hash function of its own type: equal values of these types are the same bytes.</summary>
    Plain,

    /// <summary>As the server sends it to a client in binary.</summary>
    Sent,

    /// <summary>As it is written in SQL: where a part of the value would be sent with a number that each database gives
    /// out anew, or one of the servers cannot send it.</summary>
    Text,
}

/// <summary>A column of a table on one side.</summary>
/// <param name="Name">Not quoted.</param>
/// <param name="Type">As <c>format_type</c> writes it, qualified: what the column's domain is made of, in the
/// end.</param>
/// <param name="TypeOid">Of that.</param>
/// <param name="Kind"><c>pg_type.typtype</c> of that.</param>
/// <param name="ElementOid">Of an array's elements; 0: it is no array.</param>
/// <param name="IsDomain">The column's own type is a domain.</param>
/// <param name="IsBytewise">Texts are equal when their bytes are: its collation is deterministic.</param>
/// <param name="Send">The type's send function, quoted and qualified; null when it has none, or is not ours to
/// call.</param>
internal sealed record ColumnFacts(
    string Name, string Type, uint TypeOid, char Kind, uint ElementOid, bool IsDomain, bool IsBytewise, string? Send)
{
    /// <summary>Below it numbers of types are written down in PostgreSQL's source, and never change.
    /// https://www.postgresql.org/docs/current/system-catalog-initial-data.html#SYSTEM-CATALOG-OID-ASSIGNMENT</summary>
    private const uint AssignedBelow = 10_000;

    private const char EnumType = 'e';

    /// <summary>bool, bytea, "char", int8, int2, int4, text, oid, varchar, date, uuid. Not among them is what looks as
    /// if it belonged here: timestamps and times fold their 64 bits to 32 before they are hashed, floats take -0 for 0,
    /// char(n) leaves out spaces, and numeric and interval take 1.0 for 1.00 and a month for 30 days.</summary>
    private static readonly HashSet<uint> Exact = [16, 17, 18, 20, 21, 23, 25, 26, 1043, 1082, 2950];

    private const uint Int8 = 20, Float4 = 700, Float8 = 701, RefCursor = 1790;

    /// <summary>They are sent with more than can be written, which a dump does not carry: bits of a NaN (arrays of
    /// floats, and point, lseg, path, box, polygon, line, circle and their arrays), and how a query was put together
    /// (tsquery).</summary>
    private static readonly HashSet<uint> MoreThanWritten = [1021, 1022, 600, 601, 602, 603, 604, 628, 718, 1017, 1018,
        1019, 1020, 1027, 629, 719, 3615, 3645];

    /// <summary>In what is sent of an array: behind the four bytes of the number of its dimensions.</summary>
    private const int FlagsAt = 5;

    public bool IsWholeNumber => TypeOid is Int8 or 21 or 23;

    /// <summary>Its = is PostgreSQL's own, and so is found whatever the search path.</summary>
    public bool HasOwnEquality => TypeOid < AssignedBelow || Kind == EnumType;

    /// <summary>Its bytes depend on the database's encoding.</summary>
    private bool IsText => TypeOid is 25 or 1043;

    /// <summary>Without the schema, which may be another one on the other side.</summary>
    public string BareType => Type[(Type.LastIndexOf('.') + 1)..];

    /// <summary>regclass and its like send the number of an object, which each database gives out anew; as text it is
    /// the object's name. A type of the user's would have its schema before its name.</summary>
    private bool IsReference =>
        Type.StartsWith("reg", StringComparison.Ordinal) && !Type.Contains('.', StringComparison.Ordinal);

    /// <param name="isOneEncoding">Both databases keep texts in the same encoding.</param>
    public ImageForm Best(bool isOneEncoding)
    {
        if (Exact.Contains(TypeOid) && ((isOneEncoding && IsBytewise) || !IsText))
            return ImageForm.Plain;
        // A refcursor's function takes texts, and SQL may not give it a refcursor.
        if (Send is null || TypeOid == RefCursor || IsReference || MoreThanWritten.Contains(TypeOid))
            return ImageForm.Text;
        // Arrays, composites and ranges of one's own types send these types' numbers; and what an extension's type
        // sends beside what it writes, nobody here can know: what is written is what every dump carries.
        return TypeOid < AssignedBelow || Kind == EnumType ? ImageForm.Sent : ImageForm.Text;
    }

    /// <summary>SQL expressions over the column.</summary>
    public IEnumerable<string> In(ImageForm form, string quoted)
    {
        var value = IsDomain ? $"{quoted}::{Type}" : quoted;
        return form switch
        {
            // The hash of an int8 mixes its halves, so that -1 and 4294967295 are one; beside it the upper half
            // tells them apart.
            ImageForm.Plain when TypeOid == Int8 => [value, $"({value} OPERATOR(pg_catalog.>>) 32)"],
            ImageForm.Plain => [value],
            // An array is sent with whether it has room for NULLs, as one that was cut from another with NULLs has, and
            // its restored copy has not. Nothing else is lost with it: each element says for itself whether it is NULL.
            // https://www.postgresql.org/docs/current/arrays.html, array_send
            ImageForm.Sent when ElementOid != 0 =>
                [$"pg_catalog.overlay({Send}({value}), '\\x00000000'::pg_catalog.bytea, {FlagsAt})"],
            // NaN has many bits and one name: what was computed has others than what was read.
            ImageForm.Sent when TypeOid is Float4 or Float8 =>
                [$"{Send}(CASE WHEN {value} = 'NaN' THEN 'NaN' ELSE {value} END)"],
            ImageForm.Sent => [$"{Send}({value})"],
            // Sent too, and so in one encoding.
            _ => [$"pg_catalog.textsend({quoted}::pg_catalog.text)"],
        };
    }
}
