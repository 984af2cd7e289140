namespace Godwit.Assess.Checks.Rows;

internal enum ProbeKind
{
    /// <summary>Rows whose foreign key references no row.</summary>
    Orphans,

    /// <summary>Despite a unique index.</summary>
    Duplicates,

    /// <summary>1: a column's sequence will return a value that the column already contains.</summary>
    Behind,

    /// <summary>Rows that violate a constraint since its function changed, or a function that fails.</summary>
    Expressions,
}

/// <summary>A query on a table's rows that should return 0.</summary>
/// <param name="Shown">The checked object, for people.</param>
/// <param name="Count">Query that returns one number.</param>
/// <param name="Sample">The same on a sample; null: only the whole table.</param>
/// <param name="Look">Query that shows the wrong rows.</param>
/// <param name="Repair">Statement that repairs them; may be empty.</param>
/// <param name="Bytes">Read by the query, without indexes.</param>
internal sealed record RowProbe(
    ProbeKind Kind, string Shown, string Count, string? Sample, string Look, string Repair, long Bytes, bool Readable)
{
    /// <summary>Of the constraint.</summary>
    public uint Oid { get; init; }

    /// <summary>The table has no pages: no row can be wrong.</summary>
    public bool HasNoRows { get; private init; }

    /// <summary>The query would run another role's code with our rights.</summary>
    public bool RunsForeignCode { get; init; }

    public static RowProbe OfNoRows(ProbeKind kind, string shown) =>
        new(kind, shown, "", null, "", "", 0, Readable: true) { HasNoRows = true };
}

/// <param name="Count">Null: no result.</param>
/// <param name="Whole">False: only a sample was read.</param>
/// <param name="Obstacle">Why there is no result; null: out of time.</param>
/// <param name="IsRefused">The server refused access; else the evaluation failed.</param>
internal sealed record ProbeAnswer(RowProbe Probe, long? Count, bool Whole, string? Obstacle, bool IsRefused = true);
