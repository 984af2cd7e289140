namespace Godwit.Assess.Checks.Rows;

internal enum ProbeKind
{
    /// <summary>Rows whose foreign key leads nowhere.</summary>
    Orphans,

    /// <summary>Keys that stand in several rows although an index says that they are unique.</summary>
    Duplicates,

    /// <summary>1: the sequence behind a column will give a value that the column has already.</summary>
    Behind,

    /// <summary>Rows that break a constraint whose function thinks otherwise by now; or a function that cannot be
    /// computed at all.</summary>
    Expressions,
}

/// <summary>One question to the rows of a table, whose good answer is 0.</summary>
/// <param name="Shown">What is asked about, for people.</param>
/// <param name="Count">A query for one number.</param>
/// <param name="Sample">One for the same number among some pages of a large table; null: all or nothing.</param>
/// <param name="Look">A query that shows what is wrong.</param>
/// <param name="Repair">What puts it right, as far as that can be known.</param>
/// <param name="Bytes">To be read for the answer, without indexes.</param>
internal sealed record RowProbe(
    ProbeKind Kind, string Shown, string Count, string? Sample, string Look, string Repair, long Bytes, bool Readable)
{
    /// <summary>Of the constraint.</summary>
    public uint Oid { get; init; }

    /// <summary>A table without a single page has no row that could be wrong.</summary>
    public bool HasNoRows { get; private init; }

    /// <summary>Asking it would run what another role wrote, with rights that role has not.</summary>
    public bool RunsForeignCode { get; init; }

    public static RowProbe OfNoRows(ProbeKind kind, string shown) =>
        new(kind, shown, "", null, "", "", 0, Readable: true) { HasNoRows = true };
}

/// <summary>What came of a question.</summary>
/// <param name="Count">Null: there was no answer.</param>
/// <param name="Whole">False: only a sample was looked at.</param>
/// <param name="Obstacle">Why there was none; null: the time was over.</param>
/// <param name="IsRefused">The server would not let us look, rather than failed to compute the answer.</param>
internal sealed record ProbeAnswer(RowProbe Probe, long? Count, bool Whole, string? Obstacle, bool IsRefused = true);
