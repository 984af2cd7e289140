using Godwit.Faults;

namespace Godwit.Verify;

/// <summary>What came of comparing one thing.</summary>
public enum Outcome
{
    Equal,

    /// <summary>Somebody decided before that it shall be so: what a dump left out, what the target's platform sets
    /// itself.</summary>
    Expected,

    Different,

    /// <summary>Nobody could tell. Never counted as equal.</summary>
    NotCompared,
}

/// <summary>Of the whole comparison.</summary>
public enum Overall
{
    Proven,

    /// <summary>All that was compared is equal, and something was not compared, or is different as expected.</summary>
    ProvenExcept,

    Differs,

    /// <summary>No difference was found, and something that holds data could not be compared.</summary>
    NotProven,
}

/// <summary>How deep the rows are looked at. The schema is compared always.</summary>
public enum VerifyLevel
{
    /// <summary>How many rows each table has.</summary>
    Counts,

    /// <summary>A checksum of every row's values; where it differs, down to the rows.</summary>
    Checksums,

    /// <summary>Row by row, in every table.</summary>
    Rows,
}

/// <summary>One table, or the bytes of the large objects.</summary>
/// <param name="Table">Quoted and qualified.</param>
/// <param name="SourceRows">Null: it is not there, or could not be read.</param>
public sealed record TableVerdict(string Table, Outcome Outcome, long? SourceRows, long? TargetRows)
{
    /// <summary>At the source, with its TOAST table, without indexes; null when nobody looked.</summary>
    public long? Bytes { get; init; }

    /// <summary>The sum, modulo 2^64, over the hashes of all rows; null when only counted.</summary>
    public ulong? SourceHash { get; init; }

    public ulong? TargetHash { get; init; }

    /// <summary>From the first statement for it to the last.</summary>
    public TimeSpan Took { get; init; }

    /// <summary>As a clause: why it differs, was not compared, or is expected to differ. Empty when equal.</summary>
    public string Why { get; init; } = "";

    /// <summary>Null when the table is equal, or its rows could not be told apart.</summary>
    public RowDifferences? Rows { get; init; }

    /// <summary>Of a materialized view whose rows differ: how many rows its query gives at the source now. Null: nobody
    /// asked, or it could not be asked.</summary>
    public long? FreshRows { get; init; }

    /// <summary>The sum over the hashes of these.</summary>
    public ulong? FreshHash { get; init; }

    /// <summary>A materialized view whose rows at the target are what its query gives at the source now. Its rows at
    /// the source are those of its last REFRESH.</summary>
    public bool IsFresher => Outcome == Outcome.Equal && FreshRows is not null;

    /// <summary>What the target's rows were found equal to.</summary>
    internal long? RowsToHave => IsFresher ? FreshRows : SourceRows;
}

/// <summary>Which rows of a table differ.</summary>
/// <param name="Missing">At the source and not at the target: the exact number.</param>
/// <param name="Extra">At the target and not at the source.</param>
/// <param name="Changed">On both sides under the same key, with other values.</param>
/// <param name="Key">The columns that tell rows apart; empty: there is no key, whole rows were counted.</param>
/// <param name="Shown">At most as many as were asked for.</param>
public sealed record RowDifferences(
    long Missing, long Extra, long Changed, IReadOnlyList<string> Key, IReadOnlyList<RowDifference> Shown);

public enum RowDifferenceKind
{
    Missing,
    Extra,
    Changed,
}

/// <param name="Values">Column names with the key's values, or all values where the table has no key, as PostgreSQL
/// writes them; null for NULL.</param>
/// <param name="Times">How many such rows are missing or extra: more than one only where the table has no key.</param>
/// <param name="Columns">The columns that differ, of a changed row.</param>
public sealed record RowDifference(
    RowDifferenceKind Kind, IReadOnlyList<ColumnValue> Values, long Times, IReadOnlyList<ColumnDifference> Columns);

public sealed record ColumnValue(string Column, string? Value);

/// <summary>Values as PostgreSQL writes them, cut to a length that can be read; null for NULL.</summary>
/// <param name="How">Empty; or what is different where the two texts look alike, as a clause.</param>
public sealed record ColumnDifference(string Column, string? Source, string? Target, string How = "");

/// <summary>One object of the schema that is not the same on both sides.</summary>
/// <param name="Class">As PostgreSQL calls it: <c>index</c>, <c>foreign key constraint</c>.</param>
/// <param name="Name">With its schema, and its table where it belongs to one.</param>
/// <param name="Source">Its canonical text; null: not there.</param>
/// <param name="Why">Empty; or why it was to be expected, or was not compared, as a clause.</param>
public sealed record ObjectVerdict(
    string Class, string Name, Outcome Outcome, string? Source, string? Target, string Why = "");

/// <summary>A statement of the user's, on both sides.</summary>
/// <param name="Why">As a clause: where its results part.</param>
public sealed record QueryVerdict(string Query, Outcome Outcome, long SourceRows, long TargetRows, string Why = "");

/// <summary>Silence is never success: what was not compared, and why.</summary>
/// <param name="HoldsData">Rows or bytes of the user's: then nothing is proven.</param>
public sealed record Omission(string What, string Because, bool HoldsData);

/// <summary>What is known after both sides were compared.</summary>
/// <param name="Objects">Only those that are not equal, or are expected to differ.</param>
/// <param name="ObjectsCompared">How many were, equal ones included.</param>
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
    /// <summary>What was said before the comparison began.</summary>
    public IReadOnlyList<Finding> Notes { get; init; } = [];

    /// <summary>Definitions that were made once more at the target, in a transaction that was rolled back, because both
    /// sides print them differently.</summary>
    public long DefinitionsPrinted { get; init; }

    /// <summary>Without the large objects, which are no table.</summary>
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
