using Godwit.PgArchive;

namespace Godwit.Copy.Rows;

/// <summary>Rows copied in one transaction: a table, a range of its pages, or some lines of an archive.</summary>
/// <param name="Table">Quoted and qualified, one character per byte, as all SQL here.</param>
/// <param name="Columns"><c>(id, name)</c>; empty for a table without columns.</param>
/// <param name="Rows">What follows COPY at the source: the table, or a query in parentheses; empty: no server is
/// read.</param>
internal sealed record RowPart(
    TocEntry Entry, int Number, string Title, string Table, string Columns, string Rows, long SourceBytes)
    : CopyPart(Entry, Number, Title, SourceBytes)
{
    public bool IsBinary { get; init; }

    /// <summary>All rows of a large enough table: the table is truncated in their transaction and they are copied with
    /// FREEZE, which saves a later VACUUM.</summary>
    public bool IsWhole { get; init; }

    /// <summary>The table existed before; null: the copy has created it.</summary>
    public ExistingTable? Existing { get; init; }

    /// <summary>Entries whose rows must arrive first.</summary>
    public IReadOnlyList<int> Needs { get => Existing?.Needs ?? field; init; } = [];

    /// <summary>SQL before the rows, in their transaction.</summary>
    public string Before => IsWhole ? $"TRUNCATE ONLY {Table};" : Existing?.Before ?? "";

    /// <summary>SQL after the rows, in their transaction.</summary>
    public string After => Existing?.After ?? "";

    public string CopyOut => $"COPY {Rows} TO STDOUT (FORMAT {Format})";

    public string CopyIn => $"COPY {Table} {Columns} FROM STDIN (FORMAT {Format}{(IsWhole ? ", FREEZE" : "")})";

    private string Format => IsBinary ? "binary" : "text";
}
