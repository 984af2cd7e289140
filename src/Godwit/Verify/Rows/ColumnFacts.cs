namespace Godwit.Verify.Rows;

/// <summary>How a column's values become bytes: equal on both servers exactly when no client can tell the values apart.
/// docs/verify.md has the table of types.</summary>
internal enum ImageForm
{
    /// <summary>By the type's own hash function, for which equal values have equal bytes.</summary>
    Plain,

    /// <summary>The binary form that the server sends to clients.</summary>
    Sent,

    /// <summary>The SQL text: the binary form would contain an OID of this database, or one server has none.</summary>
    Text,
}

/// <param name="Name">Not quoted.</param>
/// <param name="Type">From <c>format_type</c>, qualified; for a domain, its base type.</param>
/// <param name="TypeOid">Of that type.</param>
/// <param name="Kind"><c>pg_type.typtype</c> of that type.</param>
/// <param name="ElementOid">Of an array's element type; 0: no array.</param>
/// <param name="IsDomain">The column's own type is one.</param>
/// <param name="IsBytewise">The collation is deterministic: texts are equal exactly when their bytes are.</param>
/// <param name="Send">The type's send function, quoted and qualified; null: none, or not executable by this
/// role.</param>
internal sealed record ColumnFacts(
    string Name, string Type, uint TypeOid, char Kind, uint ElementOid, bool IsDomain, bool IsBytewise, string? Send)
{
    // PostgreSQL's source fixes smaller OIDs of types.
    // https://www.postgresql.org/docs/current/system-catalog-initial-data.html#SYSTEM-CATALOG-OID-ASSIGNMENT
    private const uint AssignedBelow = 10_000;

    private const char EnumType = 'e';

    // bool, bytea, "char", int8, int2, int4, text, oid, varchar, date, uuid. Other types do not qualify: timestamps and
    // times fold 64 bits to 32 before hashing, floats hash -0 as 0, char(n) ignores trailing spaces, numeric hashes 1.0
    // as 1.00, and interval a month as 30 days.
    private static readonly HashSet<uint> Exact = [16, 17, 18, 20, 21, 23, 25, 26, 1043, 1082, 2950];

    private const uint Int8 = 20, Float4 = 700, Float8 = 701, RefCursor = 1790;

    // The binary form holds more than the text, which is all that a dump carries: NaN bits (arrays of floats; point,
    // lseg, path, box, polygon, line, circle and their arrays), and how a query was composed (tsquery).
    private static readonly HashSet<uint> MoreThanWritten = [1021, 1022, 600, 601, 602, 603, 604, 628, 718, 1017, 1018,
        1019, 1020, 1027, 629, 719, 3615, 3645];

    // Of the flags in an array's binary form: behind the four bytes of the number of dimensions.
    private const int FlagsAt = 5;

    public bool IsWholeNumber => TypeOid is Int8 or 21 or 23;

    /// <summary>The type's = is PostgreSQL's own, found with any search path.</summary>
    public bool HasOwnEquality => TypeOid < AssignedBelow || Kind == EnumType;

    // The bytes depend on the database's encoding.
    private bool IsText => TypeOid is 25 or 1043;

    /// <summary>The schema may differ on the other side.</summary>
    public string BareType => Type[(Type.LastIndexOf('.') + 1)..];

    // regclass and the like send an OID, which differs between databases; their text is the object's name. A user's
    // type would have its schema before its name.
    private bool IsReference =>
        Type.StartsWith("reg", StringComparison.Ordinal) && !Type.Contains('.', StringComparison.Ordinal);

    public ImageForm Best(bool isOneEncoding)
    {
        if (Exact.Contains(TypeOid) && ((isOneEncoding && IsBytewise) || !IsText))
            return ImageForm.Plain;
        // A refcursor's send function takes text: SQL cannot pass a refcursor to it.
        if (Send is null || TypeOid == RefCursor || IsReference || MoreThanWritten.Contains(TypeOid))
            return ImageForm.Text;
        // Arrays, composites and ranges of user-defined types send those types' OIDs. The binary form of an extension's
        // type may hold anything; its text is what every dump carries.
        return TypeOid < AssignedBelow || Kind == EnumType ? ImageForm.Sent : ImageForm.Text;
    }

    /// <summary>As SQL expressions.</summary>
    public IEnumerable<string> In(ImageForm form, string quoted)
    {
        var value = IsDomain ? $"{quoted}::{Type}" : quoted;
        return form switch
        {
            // The hash of an int8 mixes its halves: -1 and 4294967295 are equal. The upper half tells them apart.
            ImageForm.Plain when TypeOid == Int8 => [value, $"({value} OPERATOR(pg_catalog.>>) 32)"],
            ImageForm.Plain => [value],
            // An array's flags say whether it may hold NULLs. They stay set in an array cut from one with NULLs, but
            // not in its restored copy. Overwriting them loses nothing: each element says whether it is NULL.
            // https://www.postgresql.org/docs/current/arrays.html, array_send
            ImageForm.Sent when ElementOid != 0 =>
                [$"pg_catalog.overlay({Send}({value}), '\\x00000000'::pg_catalog.bytea, {FlagsAt})"],
            // NaN has many bit patterns: a computed one has other bits than one read from text.
            ImageForm.Sent when TypeOid is Float4 or Float8 =>
                [$"{Send}(CASE WHEN {value} = 'NaN' THEN 'NaN' ELSE {value} END)"],
            ImageForm.Sent => [$"{Send}({value})"],
            // textsend gives the client's encoding, the same on both sides.
            _ => [$"pg_catalog.textsend({quoted}::pg_catalog.text)"],
        };
    }
}
