using Godwit.PgArchive;

namespace Godwit.Copy.Rows;

/// <summary>Rows that are copied in one go, in one transaction: those of a table, or of a range of its pages.</summary>
/// <param name="Entry">The table's data.</param>
/// <param name="Number">From 0, of the parts of the table.</param>
/// <param name="Title">Whose rows they are, for people.</param>
/// <param name="Table">Quoted and qualified, one character per byte, as is all SQL here.</param>
/// <param name="Columns"><c>(id, name)</c>; empty for a table without columns.</param>
/// <param name="Rows">What stands behind COPY at the source: the table, or a query in parentheses.</param>
/// <param name="SourceBytes">What they take at the source.</param>
internal sealed record RowPart(TocEntry Entry, int Number, string Title, string Table, string Columns, string Rows, long SourceBytes)
{
    public bool IsBinary { get; init; }

    /// <summary>They are all of their table, and many: it is emptied in their transaction, and they come into it frozen, so that no later VACUUM has to.</summary>
    public bool IsWhole { get; init; }

    public string CopyOut => $"COPY {Rows} TO STDOUT (FORMAT {Format})";

    public string CopyIn => $"COPY {Table} {Columns} FROM STDIN (FORMAT {Format}{(IsWhole ? ", FREEZE" : "")})";

    private string Format => IsBinary ? "binary" : "text";
}
