// Proof: what a comparison of two databases found, for the stage that compares and for all who read or word it. The
// shape is the same in memory, in a run's folder and for programs. This room does not know how sides are compared.
using System.Text.Json.Serialization;
using Godwit.Faults;

namespace Godwit.Proof;

/// <summary>The result of comparing one thing.</summary>
public enum Outcome
{
    Equal,

    /// <summary>An intended difference: left out of the dump, or set by the target's platform.</summary>
    Expected,

    Different,

    /// <summary>Not known. Never counted as equal.</summary>
    NotCompared,
}

public enum Overall
{
    Proven,

    /// <summary>All that was compared is equal; something was not compared, or differs as expected.</summary>
    ProvenExcept,

    Differs,

    /// <summary>No difference was found, but something that holds data was not compared.</summary>
    NotProven,
}

/// <summary>How deeply rows are compared. The schema is always compared.</summary>
public enum VerifyLevel
{
    Counts,

    /// <summary>A checksum of every row's values; where it differs, the rows.</summary>
    Checksums,

    /// <summary>Row by row, in every table.</summary>
    Rows,
}

/// <summary>The properties are in the order of the JSON.</summary>
public sealed record Verdict
{
    [JsonRequired]
    public string Format { get; init; } = VerdictJson.Format;

    public Overall Overall
    {
        get
        {
            var outcomes = Tables.Select(one => one.Outcome).Concat(Objects.Select(one => one.Outcome))
                .Concat(Queries.Select(one => one.Outcome)).ToHashSet();
            if (outcomes.Contains(Outcome.Different))
                return Overall.Differs;
            if (NotCompared.Any(one => one.HoldsData))
                return Overall.NotProven;
            return Omissions.Count > 0 || outcomes.Contains(Outcome.Expected) || outcomes.Contains(Outcome.NotCompared)
                ? Overall.ProvenExcept : Overall.Proven;
        }
    }

    public required VerifyLevel Level { get; init; }

    /// <summary>Without its password, as is <see cref="Target"/>.</summary>
    public required string Source { get; init; }
    public required string Target { get; init; }
    public required DateTimeOffset BegunAt { get; init; }

    [JsonPropertyName(VerdictJson.Seconds), JsonConverter(typeof(SecondsConverter))]
    public required TimeSpan Took { get; init; }

    public required IReadOnlyList<TableVerdict> Tables { get; init; }

    /// <summary>Equal ones included.</summary>
    public required long ObjectsCompared { get; init; }

    /// <summary>Definitions that both sides print differently, made again at the target in a transaction that was
    /// rolled back. Verdicts of older versions lack this.</summary>
    public long DefinitionsPrinted { get; init; }

    /// <summary>Only those that are not equal.</summary>
    public required IReadOnlyList<ObjectVerdict> Objects { get; init; }
    public required IReadOnlyList<QueryVerdict> Queries { get; init; }
    public required IReadOnlyList<Omission> Omissions { get; init; }

    /// <summary>From before the comparison; null: none.</summary>
    public IReadOnlyList<Finding>? Notes { get; init; }

    /// <summary>Without the large objects.</summary>
    [JsonIgnore]
    public IReadOnlyList<TableVerdict> RealTables => [.. Tables.Where(table => table.IsTable)];

    [JsonIgnore]
    public IReadOnlyList<TableVerdict> Differing => [.. Tables.Where(table => table.Outcome == Outcome.Different)];

    [JsonIgnore]
    public IReadOnlyList<TableVerdict> Equal => [.. Tables.Where(table => table.Outcome == Outcome.Equal)];

    [JsonIgnore]
    public IReadOnlyList<TableVerdict> Fresher => [.. Tables.Where(table => table.IsFresher)];

    [JsonIgnore]
    public IReadOnlyList<ObjectVerdict> DifferingObjects =>
        [.. Objects.Where(one => one.Outcome == Outcome.Different)];

    [JsonIgnore]
    public IReadOnlyList<QueryVerdict> DifferingQueries =>
        [.. Queries.Where(one => one.Outcome == Outcome.Different)];

    /// <summary>Of all kinds.</summary>
    [JsonIgnore]
    public IReadOnlyList<Omission> NotCompared =>
    [
        .. Omissions,
        .. Tables.Where(table => table.Outcome == Outcome.NotCompared)
            .Select(table => new Omission(table.Table, table.Why, HoldsData: true)),
        .. ObjectsNotCompared.Select(one => new Omission($"{one.Class} {one.Name}", one.Why, HoldsData: false)),
        .. Queries.Where(one => one.Outcome == Outcome.NotCompared)
            .Select(one => new Omission($"the query {one.Query}", one.Why, HoldsData: true)),
    ];

    /// <summary>On both sides, with texts that could not be compared.</summary>
    [JsonIgnore]
    public IReadOnlyList<ObjectVerdict> ObjectsNotCompared =>
        [.. Objects.Where(one => one.Outcome == Outcome.NotCompared)];

    [JsonIgnore]
    public IReadOnlyList<(string What, string Why)> Expected =>
    [
        .. Tables.Where(table => table.Outcome == Outcome.Expected).Select(table => (table.Table, table.Why)),
        .. Objects.Where(one => one.Outcome == Outcome.Expected)
            .Select(one => ($"{one.Class} {one.Name}", one.Why)),
    ];
}
