using Godwit.Postgres;

namespace Godwit.Verify.Rows;

/// <summary>A table that both sides have.</summary>
internal sealed record TablePair(SideTable Source, SideTable Target, RowShape Shape)
{
    /// <summary>For messages and lookups; not for SQL.</summary>
    public string Title => Source.Title;

    /// <summary>Replaces the table's rows at the source; null: the rows themselves.</summary>
    public string? SourceQuery { get; init; }

    /// <summary>A materialized view on both sides.</summary>
    public bool IsView => Source.Kind == SideTable.MaterializedView && Target.Kind == SideTable.MaterializedView;

    public SideTable Of(bool isSource) => isSource ? Source : Target;

    /// <summary>The SQL after FROM.</summary>
    public string From(bool isSource, RowRange range) => isSource && SourceQuery is { } query
        ? $"({query}) AS fresh WHERE true" :
        $"ONLY {Of(isSource).Name} WHERE "
        + $"{range.Condition}{(Of(isSource).Filter is { } filter ? $" AND ({filter})" : "")}";

    /// <summary>As an SQL expression. Rows of a query have none.</summary>
    public string Place(bool isSource) => isSource && SourceQuery is not null ? "'(0,0)'::pg_catalog.tid" : "ctid";

    /// <summary>An SQL condition for the target; the values are as PostgreSQL prints them.</summary>
    public string HasKey(IReadOnlyList<string> values) => string.Join(" AND ", Shape.Key.Select((name, i) =>
        $"{ServerCatalog.Quote(name)} = {Literal(values[i])}::{Shape.Column(name, isSource: false).Type}"));

    private static string Literal(string text) => text.Contains('\\', StringComparison.Ordinal)
        ? $"E'{text.Replace("\\", @"\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)}'"
        : $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
