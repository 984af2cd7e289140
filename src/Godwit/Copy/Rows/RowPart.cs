using Godwit.PgArchive;

namespace Godwit.Copy.Rows;

/// <summary>Rows that are copied in one go: those of a table, of a range of its pages, or some lines of an
/// archive.</summary>
/// <param name="Title">Whose rows they are, for people.</param>
/// <param name="Table">Quoted and qualified, one character per byte, as is all SQL here.</param>
/// <param name="Columns"><c>(id, name)</c>; empty for a table without columns.</param>
/// <param name="Rows">What stands behind COPY at the source: the table, or a query in parentheses; empty where no
/// server is asked.</param>
internal sealed record RowPart(
    TocEntry Entry, int Number, string Title, string Table, string Columns, string Rows, long SourceBytes)
    : CopyPart(Entry, Number, Title, SourceBytes)
{
    public bool IsBinary { get; init; }

    /// <summary>They are all of their table, and many: it is emptied in their transaction, and they come into it
    /// frozen, so that no later VACUUM has to.</summary>
    public bool IsWhole { get; init; }

    /// <summary>The table was there before; null: the copy has made it.</summary>
    public ExistingTable? Existing { get; init; }

    /// <summary>Entries whose rows must be there before.</summary>
    public IReadOnlyList<int> Needs { get => Existing?.Needs ?? field; init; } = [];

    /// <summary>SQL before the rows, in their transaction.</summary>
    public string Before => IsWhole ? $"TRUNCATE ONLY {Table};" : Existing?.Before ?? "";

    /// <summary>And behind them.</summary>
    public string After => Existing?.After ?? "";

    public string CopyOut => $"COPY {Rows} TO STDOUT (FORMAT {Format})";

    public string CopyIn => $"COPY {Table} {Columns} FROM STDIN (FORMAT {Format}{(IsWhole ? ", FREEZE" : "")})";

    private string Format => IsBinary ? "binary" : "text";
}
