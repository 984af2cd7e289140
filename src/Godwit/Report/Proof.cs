using System.Text.Json;
using System.Text.Json.Serialization;
using Godwit.Journal;

namespace Godwit.Report;

/// <summary>What a comparison of two databases found, read from the verdict that it wrote: the words of three faces are
/// made of this.</summary>
public sealed record Proof
{
    private const string Format1 = "godwit.verdict/1";

    public required string Format { get; init; }
    public required ProofOverall Overall { get; init; }
    public required string Level { get; init; }

    /// <summary>Without passwords.</summary>
    public required string Source { get; init; }
    public required string Target { get; init; }
    public required DateTimeOffset BegunAt { get; init; }
    public required double Seconds { get; init; }
    public required IReadOnlyList<ProvenTable> Tables { get; init; }
    public required long ObjectsCompared { get; init; }

    /// <summary>Definitions that the target printed anew, in a transaction that was rolled back. Verdicts of older
    /// versions do not have it.</summary>
    public long DefinitionsPrinted { get; init; }

    /// <summary>Only those that differ, or were expected to.</summary>
    public required IReadOnlyList<ProvenObject> Objects { get; init; }
    public required IReadOnlyList<ProvenQuery> Queries { get; init; }
    public required IReadOnlyList<ProvenOmission> Omissions { get; init; }

    [JsonIgnore]
    public IReadOnlyList<ProvenTable> Differing => [.. Tables.Where(table => table.Outcome == ProofOutcome.Different)];

    [JsonIgnore]
    public IReadOnlyList<ProvenTable> Equal => [.. Tables.Where(table => table.Outcome == ProofOutcome.Equal)];

    /// <summary>Materialized views: equal to what they would be at the source after a REFRESH.</summary>
    [JsonIgnore]
    public IReadOnlyList<ProvenTable> Fresher =>
        [.. Tables.Where(table => table is { Outcome: ProofOutcome.Equal, Fresher: true })];

    [JsonIgnore]
    public IReadOnlyList<ProvenObject> DifferingObjects =>
        [.. Objects.Where(one => one.Outcome == ProofOutcome.Different)];

    [JsonIgnore]
    public IReadOnlyList<ProvenQuery> DifferingQueries =>
        [.. Queries.Where(one => one.Outcome == ProofOutcome.Different)];

    /// <summary>What was not compared, of all kinds, with the reason.</summary>
    [JsonIgnore]
    public IReadOnlyList<ProvenOmission> NotCompared =>
    [
        .. Omissions,
        .. Tables.Where(table => table.Outcome == ProofOutcome.NotCompared)
            .Select(table => new ProvenOmission(table.Table, table.Why, HoldsData: true)),
        .. Objects.Where(one => one.Outcome == ProofOutcome.NotCompared)
            .Select(one => new ProvenOmission($"{one.Class} {one.Name}", one.Why, HoldsData: false)),
        .. Queries.Where(one => one.Outcome == ProofOutcome.NotCompared)
            .Select(one => new ProvenOmission($"the query {one.Query}", one.Why, HoldsData: true)),
    ];

    /// <summary>Both sides have them, with texts that could not be compared.</summary>
    [JsonIgnore]
    public IReadOnlyList<ProvenObject> UntoldObjects =>
        [.. Objects.Where(one => one.Outcome == ProofOutcome.NotCompared)];

    /// <summary>A difference that was expected.</summary>
    [JsonIgnore]
    public IReadOnlyList<(string What, string Why)> Expected =>
    [
        .. Tables.Where(table => table.Outcome == ProofOutcome.Expected).Select(table => (table.Table, table.Why)),
        .. Objects.Where(one => one.Outcome == ProofOutcome.Expected)
            .Select(one => ($"{one.Class} {one.Name}", one.Why)),
    ];

    /// <exception cref="JsonException">It is none.</exception>
    public static Proof Parse(string json) =>
        JsonSerializer.Deserialize<Proof>(json, JournalJson.Options) is { Format: Format1 } proof
            ? proof : throw new JsonException($"it is no {Format1}");

    /// <summary>Of a run; null when it has none, or one of another version of Godwit.</summary>
    public static Proof? In(string folder)
    {
        try
        {
            return Parse(File.ReadAllText(Path.Combine(folder, RunStory.VerdictFile)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }
}

public enum ProofOverall
{
    Proven,
    ProvenExcept,
    Differs,
    NotProven,
}

public enum ProofOutcome
{
    Equal,
    Expected,
    Different,
    NotCompared,
}

public sealed record ProvenTable(
    string Table, ProofOutcome Outcome, string Why, long? SourceRows, long? TargetRows, long? Bytes, string? SourceHash,
    string? TargetHash, double Seconds, ProvenRows? Rows)
{
    /// <summary>A materialized view with the rows that its query gives at the source now; null: it is none. The
    /// source's rows are those of its last REFRESH.</summary>
    public bool? Fresher { get; init; }

    /// <summary>Rows of that query, of a materialized view whose rows are not the source's; null: nobody
    /// asked.</summary>
    public long? FreshRows { get; init; }

    public string? FreshHash { get; init; }

    /// <summary>What the target has to hold to be equal; null: nobody knows.</summary>
    [JsonIgnore]
    public long? RowsToHave => Fresher == true ? FreshRows : SourceRows;

    /// <summary>What is none, the large objects, stands in parentheses.</summary>
    [JsonIgnore]
    public bool IsTable => !Table.StartsWith('(');
}

public sealed record ProvenRows(
    long Missing, long Extra, long Changed, IReadOnlyList<string> Key, IReadOnlyList<ProvenRow> Shown);

/// <param name="Kind"><c>missing</c>, <c>extra</c> or <c>changed</c>.</param>
public sealed record ProvenRow(
    string Kind, IReadOnlyList<ProvenValue> Values, long Times, IReadOnlyList<ProvenColumn> Columns);

/// <param name="Value">Null: NULL.</param>
public sealed record ProvenValue(string Column, string? Value);

public sealed record ProvenColumn(string Column, string? Source, string? Target, string How);

/// <param name="Source">Null: not there.</param>
public sealed record ProvenObject(
    string Class, string Name, ProofOutcome Outcome, string? Source, string? Target, string Why);

public sealed record ProvenQuery(string Query, ProofOutcome Outcome, long SourceRows, long TargetRows, string Why);

public sealed record ProvenOmission(string What, string Because, bool HoldsData);
