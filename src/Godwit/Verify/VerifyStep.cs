// Verify: proves that the target holds what the source holds, or says where they differ.
//
// Both sides are only read, each at one moment. A table that could not be compared is never counted as equal: silence is never
// success. What a dump left out on purpose is expected to differ, and said all the same.
using Godwit.Faults;
using Godwit.Pipeline;
using Godwit.Postgres;
using Godwit.Verify.Schema;

namespace Godwit.Verify;

/// <summary>Compares both sides, and stops the run before the cut-over when they differ.</summary>
/// <param name="expected">What a dump left out, known only when it is made.</param>
/// <param name="accept">Faults that a person has taken on, of <see cref="Acceptable"/>.</param>
/// <param name="verdictFile">Where everything that was found is written.</param>
public sealed class VerifyStep(
    PostgresAddress source, Func<CancellationToken, Task<PostgresAddress>> target, VerifyOptions options, Func<CancellationToken, Task<SchemaExpectations>> expected,
    IReadOnlyList<string> accept, string verdictFile, TimeProvider clock) : IStep
{
    private const string NotProvenCode = "verify.not_proven", SchemaCode = "verify.schema_different";

    /// <summary>Of the schema by where it is found, and of the data by what it does: one that is behind gives out numbers that are taken.</summary>
    private const string SequenceValue = "sequence value";

    /// <summary>Differences named in the fault, and things in a note; the report has them all.</summary>
    private const int NamedMax = 5;

    public static IReadOnlyList<string> Acceptable { get; } = [NotProvenCode, SchemaCode];

    public string Name => Verifier.StepName;

    public string Intent => options.Level switch
    {
        VerifyLevel.Counts => "Compare the number of rows of every table, the schema, the sequences and the large objects of both sides",
        VerifyLevel.Rows => "Compare every row of both sides one by one, the schema, the sequences and the large objects",
        _ => "Compare a checksum of every row of both sides, the schema, the sequences and the large objects",
    };

    /// <summary>What was equal before may not be now: a resume compares again.</summary>
    public Task<Evidence?> FindEvidenceAsync(CancellationToken ct) => Task.FromResult<Evidence?>(null);

    public async Task<Evidence> RunAsync(IProgress<StepEvent> progress, CancellationToken ct)
    {
        VerdictFile.Remove(verdictFile);
        var verdict = await new Verifier(source, await target(ct), options with { Expected = await expected(ct) }, clock).RunAsync(progress, ct);
        VerdictFile.Write(verdictFile, verdict);
        foreach (var note in Notes(verdict))
            progress.Report(note);
        Judge(verdict, progress);
        var tables = verdict.Tables.Where(table => table.Table != LargeObjects.Name).ToList();
        return new Evidence(
            $"The target has the same {Count(tables.Count, "table")} with the same {Count(tables.Sum(table => table.SourceRows ?? 0), "row")}",
            $"{Proof(verdict)}{(verdict.Overall == Overall.Proven ? "" : "; except for what is listed as not compared, decided before, or accepted")}");
    }

    private string Proof(Verdict verdict) => string.Join(", ", new[]
    {
        options.Level switch
        {
            VerifyLevel.Counts => "exact counts of every table on both sides; the contents of rows were not compared, as asked",
            VerifyLevel.Rows => "every row compared by 64 bits of all its values",
            _ => "64-bit checksums of all values of every row on both sides",
        },
        verdict.Tables.Any(table => table.Table == LargeObjects.Name) ? "large objects compared" : "",
        verdict.ObjectsCompared > 0 ? $"{Count(verdict.ObjectsCompared, "object")} of the schema compared" : "",
    }.Where(said => said.Length > 0));

    private void Judge(Verdict verdict, IProgress<StepEvent> progress)
    {
        if (verdict.Overall == Overall.Differs)
        {
            if (IsOfData(verdict))
                throw new FaultException(VerifyFaults.Different(Differences(verdict), Named(Differing(verdict)), verdictFile));
            RequireAccepted(VerifyFaults.SchemaDifferent(Differences(verdict), Named(Differing(verdict)), verdictFile), progress);
        }

        var unproven = NotCompared(verdict).Where(one => one.HoldsData).Select(one => $"{one.What} ({one.Because})").ToList();
        if (unproven.Count > 0)
            RequireAccepted(VerifyFaults.NotProven(Named(unproven), verdictFile), progress);
    }

    private void RequireAccepted(Fault fault, IProgress<StepEvent> progress)
    {
        if (!accept.Contains(fault.Code))
            throw new FaultException(fault);
        progress.Report(new Observed(Name, clock.GetUtcNow(), fault.Code, "warning", fault.What, fault.Why, $"You accepted this with --accept {fault.Code}."));
    }

    private static bool IsOfData(Verdict verdict) => verdict.Tables.Any(table => table.Outcome == Outcome.Different)
        || verdict.Objects.Any(one => one is { Outcome: Outcome.Different, Class: SequenceValue });

    private static string Differences(Verdict verdict)
    {
        var (tables, objects) = (verdict.Tables.Count(table => table.Outcome == Outcome.Different), verdict.Objects.Count(one => one.Outcome == Outcome.Different));
        List<string> parts = [];
        if (tables > 0)
            parts.Add($"{ServerCatalog.Number(tables)} of {Count(verdict.Tables.Count, "table")}");
        if (objects > 0)
            parts.Add($"{ServerCatalog.Number(objects)} of {Count(verdict.ObjectsCompared, "object")} of the schema");
        return string.Join(" and ", parts);
    }

    /// <summary>Tables first, those with the most rows that differ before the others.</summary>
    private static IReadOnlyList<string> Differing(Verdict verdict) =>
    [
        .. verdict.Tables.Where(table => table.Outcome == Outcome.Different).OrderByDescending(DifferingRows).ThenBy(table => table.Table, StringComparer.Ordinal).Select(Said),
        .. verdict.Objects.Where(one => one.Outcome == Outcome.Different).OrderBy(one => one.Class != SequenceValue)
            .Select(one => $"{one.Class} {one.Name}{(one.Target is null ? " (missing)" : one.Source is null ? " (only at the target)" : "")}"),
    ];

    private static long DifferingRows(TableVerdict table) => table.Rows is { } rows ? rows.Missing + rows.Extra + rows.Changed : 0;

    private static string Said(TableVerdict table) => table.SourceRows == table.TargetRows
        ? $"{table.Table} ({table.Why})"
        : $"{table.Table} ({Rows(table.SourceRows)} at the source, {Rows(table.TargetRows)} at the target)";

    private static string Rows(long? rows) => rows is { } known ? ServerCatalog.Number(known) : "missing";

    /// <summary>What is not plainly equal, in a line for each reason.</summary>
    private IEnumerable<Observed> Notes(Verdict verdict)
    {
        var expected = verdict.Tables.Where(table => table.Outcome == Outcome.Expected).Select(table => (What: table.Table, table.Why))
            .Concat(verdict.Objects.Where(one => one.Outcome == Outcome.Expected).Select(one => (What: $"{one.Class} {one.Name}", one.Why)));
        foreach (var reason in expected.GroupBy(one => one.Why, one => one.What))
            yield return Note("verify.expected", $"{Count(reason.Count(), "difference")} {(reason.Count() == 1 ? "was" : "were")} decided before: {Named([.. reason])}", reason.Key);
        foreach (var reason in NotCompared(verdict).GroupBy(one => one.Because, one => one.What))
            yield return Note("verify.not_compared", $"{Count(reason.Count(), "thing")} {(reason.Count() == 1 ? "was" : "were")} not compared: {Named([.. reason])}", reason.Key);
    }

    private Observed Note(string code, string what, string why) => new(Name, clock.GetUtcNow(), code, "note", what, why, "");

    private static IEnumerable<Omission> NotCompared(Verdict verdict) => verdict.Omissions
        .Concat(verdict.Tables.Where(table => table.Outcome == Outcome.NotCompared).Select(table => new Omission(table.Table, table.Why, HoldsData: true)))
        .Concat(verdict.Objects.Where(one => one.Outcome == Outcome.NotCompared).Select(one => new Omission($"{one.Class} {one.Name}", one.Why, HoldsData: false)));

    private static string Named(IReadOnlyList<string> all) =>
        string.Join("; ", all.Take(NamedMax)) + (all.Count > NamedMax ? $"; and {ServerCatalog.Number(all.Count - NamedMax)} more" : "");

    private static string Count(long number, string thing) => $"{ServerCatalog.Number(number)} {thing}{(number == 1 ? "" : "s")}";
}
