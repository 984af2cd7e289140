namespace Godwit.Verify.Rows;

/// <summary>How the values of a column become bytes that are equal on both servers when, and only when, no client could tell the values apart.</summary>
internal enum ImageForm
{
    /// <summary>As the server sends it to a client in binary, with the number of its type, which is the same everywhere.</summary>
    Binary,

    /// <summary>The same, for types whose number each database gives out anew: what the type's own send function returns.</summary>
    Sent,

    /// <summary>As it is written in SQL: where parts of the value would be sent with such numbers, or one of the servers cannot send it.</summary>
    Text,
}

/// <summary>A column of a table on one side.</summary>
/// <param name="Name">Not quoted.</param>
/// <param name="Type">As <c>format_type</c> writes it, qualified: what the column's domain is made of, in the end.</param>
/// <param name="TypeOid">Of that.</param>
/// <param name="Kind"><c>pg_type.typtype</c> of that.</param>
/// <param name="ElementOid">Of an array's elements; 0: it is no array.</param>
/// <param name="IsDomain">The column's own type is a domain.</param>
/// <param name="Send">The type's send function, quoted and qualified; null when it has none.</param>
internal sealed record ColumnFacts(string Name, string Type, uint TypeOid, char Kind, uint ElementOid, bool IsDomain, string? Send)
{
    /// <summary>Below it numbers of types are written down in PostgreSQL's source, and never change.
    /// https://www.postgresql.org/docs/current/system-catalog-initial-data.html#SYSTEM-CATALOG-OID-ASSIGNMENT</summary>
    private const uint AssignedBelow = 10_000;

    private const char BaseType = 'b', EnumType = 'e';

    /// <summary>regclass and its like send the number of an object, which each database gives out anew; as text it is the object's name.
    /// A type of the user's would have its schema before its name.</summary>
    private bool IsReference => Type.StartsWith("reg", StringComparison.Ordinal) && !Type.Contains('.', StringComparison.Ordinal);

    public bool IsWholeNumber => Type is "smallint" or "integer" or "bigint";

    /// <summary>Without the schema, which may be another one on the other side.</summary>
    public string BareType => Type[(Type.LastIndexOf('.') + 1)..];

    /// <summary>The best that this side can do.</summary>
    public ImageForm Best
    {
        get
        {
            if (Send is null || IsReference)
                return ImageForm.Text;
            if (TypeOid < AssignedBelow)
                return ImageForm.Binary;
            // An array and a composite send the numbers of their parts' types, and a range may be one of these.
            return ElementOid == 0 && Kind is BaseType or EnumType ? ImageForm.Sent : ImageForm.Text;
        }
    }

    /// <summary>An SQL expression over the column.</summary>
    public string In(ImageForm form, string quoted) => form switch
    {
        ImageForm.Binary => IsDomain ? $"{quoted}::{Type}" : quoted,
        ImageForm.Sent => $"{Send}({(IsDomain ? $"{quoted}::{Type}" : quoted)})",
        _ => $"{quoted}::pg_catalog.text",
    };
}
