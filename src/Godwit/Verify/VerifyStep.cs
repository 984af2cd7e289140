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
    private const string NotProvenCode = "verify.not_proven";

    /// <summary>Differences named in the fault, and things in a note; the report has them all.</summary>
    private const int NamedMax = 5;

    public static IReadOnlyList<string> Acceptable { get; } = [NotProvenCode];

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
            $"{Proof(verdict)}{(verdict.Overall == Overall.Proven ? "" : "; except for what is listed as not compared, or as decided before")}");
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
            throw new FaultException(Different(verdict));
        if (verdict.Overall != Overall.NotProven)
            return;
        var fault = VerifyFaults.NotProven(Named([.. NotCompared(verdict).Where(one => one.HoldsData).Select(one => $"{one.What} ({one.Because})")]), verdictFile);
        if (!accept.Contains(NotProvenCode))
            throw new FaultException(fault);
        progress.Report(new Observed(Name, clock.GetUtcNow(), fault.Code, "warning", fault.What, fault.Why, $"You accepted this with --accept {NotProvenCode}."));
    }

    /// <summary>Tables first, those with the most rows that differ before the others.</summary>
    private Fault Different(Verdict verdict)
    {
        var tables = verdict.Tables.Where(table => table.Outcome == Outcome.Different).OrderByDescending(DifferingRows).ThenBy(table => table.Table, StringComparer.Ordinal).ToList();
        var objects = verdict.Objects.Where(one => one.Outcome == Outcome.Different).ToList();
        List<string> parts = [];
        if (tables.Count > 0)
            parts.Add($"{ServerCatalog.Number(tables.Count)} of {Count(verdict.Tables.Count, "table")}");
        if (objects.Count > 0)
            parts.Add($"{ServerCatalog.Number(objects.Count)} of {Count(verdict.ObjectsCompared, "object")} of the schema");
        return VerifyFaults.Different(string.Join(" and ", parts),
            Named([.. tables.Select(Said), .. objects.Select(one => $"{one.Class} {one.Name}{(one.Target is null ? " (missing)" : one.Source is null ? " (only at the target)" : "")}")]), verdictFile);
    }

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
