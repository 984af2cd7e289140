using System.Text.Json.Serialization;

namespace Godwit.Proof;

/// <summary>One table, or the bytes of all large objects.</summary>
/// <param name="Table">Quoted and qualified.</param>
/// <param name="SourceRows">Null: the table is missing, or could not be read.</param>
public sealed record TableVerdict(
    [property: JsonPropertyOrder(-1)] string Table, [property: JsonPropertyOrder(-1)] Outcome Outcome,
    long? SourceRows, long? TargetRows)
{
    public const string LargeObjects = "(large objects)";

    /// <summary>A clause; empty: equal.</summary>
    [JsonPropertyOrder(-1)]
    public string Why { get; init; } = "";

    /// <summary>At the source, with TOAST, without indexes; null: not measured.</summary>
    public long? Bytes { get; init; }

    /// <summary>The sum, modulo 2^64, of all rows' hashes; null: rows were only counted.</summary>
    [JsonConverter(typeof(HashConverter))]
    public ulong? SourceHash { get; init; }

    [JsonConverter(typeof(HashConverter))]
    public ulong? TargetHash { get; init; }

    /// <summary>From the table's first statement to its last.</summary>
    [JsonPropertyName(VerdictJson.Seconds), JsonConverter(typeof(SecondsConverter))]
    public TimeSpan Took { get; init; }

    /// <summary>Null: the table is equal, or its rows could not be told apart.</summary>
    public RowDifferences? Rows { get; init; }

    /// <summary>A materialized view whose rows at the target are what its query gives at the source now. The source's
    /// rows are those of its last REFRESH.</summary>
    [JsonPropertyName("fresher"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsFresher => Outcome == Outcome.Equal && FreshRows is not null;

    /// <summary>Of a materialized view that differs: how many rows its query gives at the source now. Null: not asked,
    /// or that failed.</summary>
    public long? FreshRows { get; init; }

    [JsonConverter(typeof(HashConverter))]
    public ulong? FreshHash { get; init; }

    /// <summary>How many rows the target's were found equal to; null: unknown.</summary>
    [JsonIgnore]
    public long? RowsToHave => IsFresher ? FreshRows : SourceRows;

    /// <summary>False for the large objects, whose name is in parentheses.</summary>
    [JsonIgnore]
    public bool IsTable => !Table.StartsWith('(');
}

/// <param name="Missing">At the source only: the exact number.</param>
/// <param name="Extra">At the target only.</param>
/// <param name="Changed">Same key, other values.</param>
/// <param name="Key">The columns that identify a row; empty: no key, whole rows were counted.</param>
/// <param name="Shown">At most <c>--show</c> rows.</param>
public sealed record RowDifferences(
    long Missing, long Extra, long Changed, IReadOnlyList<string> Key, IReadOnlyList<RowDifference> Shown);

public enum RowDifferenceKind
{
    Missing,
    Extra,
    Changed,
}

/// <param name="Values">Of the key, or of all columns if the table has no key, as PostgreSQL prints them; null:
/// NULL.</param>
/// <param name="Times">More than one only if the table has no key.</param>
/// <param name="Columns">Of a changed row.</param>
public sealed record RowDifference(
    RowDifferenceKind Kind, IReadOnlyList<ColumnValue> Values, long Times, IReadOnlyList<ColumnDifference> Columns);

public sealed record ColumnValue(string Column, string? Value);

/// <summary>Values as PostgreSQL prints them, cut to a readable length; null: NULL.</summary>
/// <param name="How">A clause: the difference, if both texts look alike; else empty.</param>
public sealed record ColumnDifference(string Column, string? Source, string? Target, string How = "");

/// <summary>An object of the schema that is not the same on both sides.</summary>
/// <param name="Class">PostgreSQL's term: <c>index</c>, <c>foreign key constraint</c>.</param>
/// <param name="Name">With its schema, and its table if it has one.</param>
/// <param name="Source">Its canonical text; null: missing.</param>
/// <param name="Why">A clause: why it is expected to differ or was not compared; else empty.</param>
public sealed record ObjectVerdict(
    string Class, string Name, Outcome Outcome, string? Source, string? Target, string Why = "");

/// <summary>A user's statement, run on both sides.</summary>
/// <param name="Why">A clause: where its results first differ.</param>
public sealed record QueryVerdict(string Query, Outcome Outcome, long SourceRows, long TargetRows, string Why = "");

/// <summary>A thing that was not compared.</summary>
/// <param name="HoldsData">It holds the user's rows or bytes: the copy is not proven.</param>
public sealed record Omission(string What, string Because, bool HoldsData);
