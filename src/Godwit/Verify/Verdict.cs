using Godwit.Postgres;

namespace Godwit.Verify;

/// <summary>The result of comparing one thing.</summary>
public enum Outcome
{
    Equal,

    /// <summary>Different on purpose: left out by the dump, or set by the target's platform.</summary>
    Expected,

    Different,

    /// <summary>Could not be compared. Never counted as equal.</summary>
    NotCompared,
}

/// <summary>The result of the whole comparison.</summary>
public enum Overall
{
    Proven,

    /// <summary>All that was compared is equal or different as expected, but something was not compared or is expected
    /// to differ.</summary>
    ProvenExcept,

    Differs,

    /// <summary>No difference was found, but something that holds data could not be compared.</summary>
    NotProven,
}

/// <summary>How closely rows are compared. The schema is always compared.</summary>
public enum VerifyLevel
{
    /// <summary>The number of rows of each table.</summary>
    Counts,

    /// <summary>A checksum of every row's values; where checksums differ, single rows.</summary>
    Checksums,

    /// <summary>Row by row, in every table.</summary>
    Rows,
}

/// <summary>One table, or the bytes of all large objects.</summary>
/// <param name="Table">Quoted and qualified.</param>
/// <param name="SourceRows">Null: the table is missing or could not be read.</param>
public sealed record TableVerdict(string Table, Outcome Outcome, long? SourceRows, long? TargetRows)
{
    /// <summary>Size at the source, with TOAST, without indexes; null: not measured.</summary>
    public long? Bytes { get; init; }

    /// <summary>The sum, modulo 2^64, over the hashes of all rows; null if rows were only counted.</summary>
    public ulong? SourceHash { get; init; }

    public ulong? TargetHash { get; init; }

    /// <summary>From the table's first statement to its last.</summary>
    public TimeSpan Took { get; init; }

    /// <summary>A clause: why the table differs, was not compared, or is expected to differ. Empty when
    /// equal.</summary>
    public string Why { get; init; } = "";

    /// <summary>Null if the table is equal, or its rows could not be compared one by one.</summary>
    public RowDifferences? Rows { get; init; }

    /// <summary>For a materialized view whose rows differ: how many rows its query returns at the source now. Null: the
    /// query was not run, or failed.</summary>
    public long? FreshRows { get; init; }

    /// <summary>The sum over the hashes of these rows.</summary>
    public ulong? FreshHash { get; init; }

    /// <summary>A materialized view whose target rows equal what its query returns at the source now. Its source rows
    /// are those of the last REFRESH.</summary>
    public bool IsFresher => Outcome == Outcome.Equal && FreshRows is not null;

    /// <summary>The number of rows that the target should have.</summary>
    internal long? RowsToHave => IsFresher ? FreshRows : SourceRows;
}

/// <summary>Which rows of a table differ.</summary>
/// <param name="Missing">At the source and not at the target: the exact number.</param>
/// <param name="Extra">At the target and not at the source.</param>
/// <param name="Changed">On both sides under the same key, with other values.</param>
/// <param name="Key">The columns that identify a row; empty: no key, whole rows were counted.</param>
/// <param name="Shown">At most <see cref="VerifyOptions.Show"/> rows.</param>
public sealed record RowDifferences(
    long Missing, long Extra, long Changed, IReadOnlyList<string> Key, IReadOnlyList<RowDifference> Shown);

public enum RowDifferenceKind
{
    Missing,
    Extra,
    Changed,
}

/// <param name="Values">The key's columns and values, or all columns if the table has no key, as PostgreSQL prints
/// them; null for NULL.</param>
/// <param name="Times">How many such rows are missing or extra: more than one only if the table has no key.</param>
/// <param name="Columns">The columns of a changed row that differ.</param>
public sealed record RowDifference(
    RowDifferenceKind Kind, IReadOnlyList<ColumnValue> Values, long Times, IReadOnlyList<ColumnDifference> Columns);

public sealed record ColumnValue(string Column, string? Value);

/// <summary>Values as PostgreSQL prints them, cut to a readable length; null for NULL.</summary>
/// <param name="How">A clause: the difference, if both texts look alike; else empty.</param>
public sealed record ColumnDifference(string Column, string? Source, string? Target, string How = "");

/// <summary>One object of the schema that is not the same on both sides.</summary>
/// <param name="Class">PostgreSQL's term: <c>index</c>, <c>foreign key constraint</c>.</param>
/// <param name="Name">With its schema, and with its table if it belongs to one.</param>
/// <param name="Source">Its canonical text; null: missing.</param>
/// <param name="Why">A clause: why it is expected to differ or was not compared; else empty.</param>
public sealed record ObjectVerdict(
    string Class, string Name, Outcome Outcome, string? Source, string? Target, string Why = "");

/// <summary>A user's statement, run on both sides.</summary>
/// <param name="Why">A clause: where its results first differ.</param>
public sealed record QueryVerdict(string Query, Outcome Outcome, long SourceRows, long TargetRows, string Why = "");

/// <summary>A thing that was not compared.</summary>
/// <param name="HoldsData">True if it holds the user's rows or bytes: then the copy is not proven.</param>
public sealed record Omission(string What, string Because, bool HoldsData);

/// <summary>The result of comparing both sides.</summary>
/// <param name="Objects">Only objects that are not equal, or are expected to differ.</param>
/// <param name="ObjectsCompared">Includes equal objects.</param>
public sealed record Verdict(
    VerifyLevel Level,
    string Source,
    string Target,
    IReadOnlyList<TableVerdict> Tables,
    IReadOnlyList<ObjectVerdict> Objects,
    long ObjectsCompared,
    IReadOnlyList<QueryVerdict> Queries,
    IReadOnlyList<Omission> Omissions,
    DateTimeOffset BegunAt,
    TimeSpan Took)
{
    /// <summary>Notes that were reported before the comparison began.</summary>
    public IReadOnlyList<StandbyNote> Notes { get; init; } = [];

    /// <summary>Definitions that both sides print differently: made again at the target, in a transaction that was
    /// rolled back.</summary>
    public long DefinitionsPrinted { get; init; }

    /// <summary>Without the entry for large objects.</summary>
    public IReadOnlyList<TableVerdict> RealTables => [.. Tables.Where(table => table.Table != LargeObjects.Name)];

    public Overall Overall
    {
        get
        {
            var outcomes = Tables.Select(one => one.Outcome).Concat(Objects.Select(one => one.Outcome))
                .Concat(Queries.Select(one => one.Outcome)).ToHashSet();
            if (outcomes.Contains(Outcome.Different))
                return Overall.Differs;
            if (Omissions.Any(one => one.HoldsData) || Tables.Any(one => one.Outcome == Outcome.NotCompared)
                || Queries.Any(one => one.Outcome == Outcome.NotCompared))
                return Overall.NotProven;
            return Omissions.Count > 0 || outcomes.Contains(Outcome.Expected) || outcomes.Contains(Outcome.NotCompared)
                ? Overall.ProvenExcept : Overall.Proven;
        }
    }
}
