// Verify: proves that the target holds what the source holds, or says where they differ.
//
// Verify only reads both sides, each at one moment, with one exception: definitions that the two servers print
// differently are made again in a temporary schema at the target, in a transaction that is rolled back. What could not
// be compared never counts as equal. What a dump left out is expected to differ, and is reported. Verify does not know
// how the copy was made.
using Godwit.Faults;
using Godwit.Pipeline;
using Godwit.Postgres;
using Godwit.Proof;
using Godwit.Verify.Queries;
using Godwit.Verify.Schema;

namespace Godwit.Verify;

/// <summary>Stops the run before the cut-over when both sides differ.</summary>
/// <param name="expected">What the dump left out; known only after the dump.</param>
/// <param name="accept">Codes of <see cref="Acceptable"/>.</param>
/// <param name="snapshot">Of the source; null: the state when the step runs.</param>
/// <param name="queryFiles">Read when the step begins.</param>
/// <param name="verdictFile">For everything that was found.</param>
public sealed class VerifyStep(
    PostgresAddress source, Func<CancellationToken, Task<PostgresAddress>> target, VerifyOptions options,
    Func<CancellationToken, Task<SchemaExpectations>> expected,
    IReadOnlyList<string> accept, IReadOnlyList<string> queryFiles, string verdictFile, TimeProvider clock,
    Func<string?>? snapshot = null) : IStep
{
    internal const string NotProvenCode = "verify.not_proven", DifferentCode = "verify.different", SchemaCode =
        "verify.schema_different",
        QueriesCode = "verify.queries_different";

    private const string GoesOn = "the source went on counting: a sequence is read as it is, whatever the snapshot";

    public static IReadOnlyList<string> Acceptable { get; } = [NotProvenCode, SchemaCode, QueriesCode];

    /// <summary>The comparison finished, and did not find both sides equal.</summary>
    public static bool IsDifference(Fault fault) =>
        fault.Code is DifferentCode or SchemaCode or NotProvenCode or QueriesCode;

    public string Name => Verifier.StepName;

    public StepTraits Traits => StepTraits.Downtime | StepTraits.Proves;

    public string Intent => (options.Level switch
    {
        VerifyLevel.Counts =>
            "Compare the number of rows of every table, the schema, the sequences and the large objects of both sides",
        VerifyLevel.Rows =>
            "Compare every row of both sides one by one, the schema, the sequences and the large objects",
        _ => "Compare a checksum of every row of both sides, the schema, the sequences and the large objects",
    }) + (queryFiles.Count == 0 ? "" : $", and the results of the queries in {Phrase.List(queryFiles)}");

    /// <summary>Null: both sides may have changed since, so a resume compares again.</summary>
    public Task<Evidence?> FindEvidenceAsync(CancellationToken ct) => Task.FromResult<Evidence?>(null);

    public async Task<Evidence> RunAsync(IProgress<StepEvent> progress, CancellationToken ct)
    {
        VerdictFile.Remove(verdictFile);
        IReadOnlyList<UserQuery> queries = [.. queryFiles.SelectMany(QueryFile.Read)];
        var moment = snapshot?.Invoke();
        var different = await expected(ct);
        if (moment is not null)
            different = different with
            {
                Classes = new Dictionary<string, string>(different.Classes) { [VerdictWords.SequenceValue] = GoesOn },
            };
        var verdict = await new Verifier(source, await target(ct),
            options with { Expected = different, SourceSnapshot = moment, Queries = queries },
            clock).RunAsync(progress, ct);
        VerdictFile.Write(verdictFile, verdict);
        foreach (var note in Notes(verdict))
            progress.Report(note);
        Judge(verdict, progress);
        var tables = verdict.RealTables;
        return new Evidence(
            $"The target has the same {Phrase.Count(tables.Count, "table")} with the same "
            + $"{Phrase.Count(tables.Sum(table => table.RowsToHave ?? 0), "row")}",
            Proof(verdict) + (verdict.Overall == Overall.Proven ? ""
                : "; exceptions are listed: not compared, expected, or accepted"));
    }

    private string Proof(Verdict verdict) => string.Join(", ", new[]
    {
        options.Level switch
        {
            VerifyLevel.Counts =>
                "exact counts of every table on both sides; the contents of rows were not compared, as asked",
            VerifyLevel.Rows => "every row compared by 64 bits of all its values",
            _ => "64-bit checksums of all values of every row on both sides",
        },
        verdict.Tables.Any(table => table.Table == TableVerdict.LargeObjects) ? "large objects compared" : "",
        verdict.Fresher.Count is > 0 and var fresher
            ? $"{Phrase.Count(fresher, "materialized view")} fresher than at the source" : "",
        verdict.Queries.Count(query => query.Outcome == Outcome.Equal) is > 0 and var queries
            ? $"the results of {Phrase.Count(queries, "query", "queries")} compared" : "",
        verdict.ObjectsCompared > 0 ? $"{Phrase.Count(verdict.ObjectsCompared, "object")} of the schema compared" : "",
    }.Where(said => said.Length > 0));

    private void Judge(Verdict verdict, IProgress<StepEvent> progress)
    {
        var (differences, differing) = (VerdictWords.Differences(verdict),
            VerdictWords.Named(VerdictWords.Differing(verdict)));
        if (VerdictWords.IsOfData(verdict))
            throw new FaultException(VerifyFaults.Different(differences, differing, verdictFile));
        if (verdict.DifferingObjects.Count > 0)
            RequireAccepted(VerifyFaults.SchemaDifferent(differences, differing, verdictFile), progress);
        if (VerdictWords.DifferingQueries(verdict) is { Count: > 0 } queries)
            RequireAccepted(VerifyFaults.QueriesDifferent(VerdictWords.Named(queries), verdictFile), progress);

        var unproven = verdict.NotCompared.Where(one => one.HoldsData)
            .Select(one => $"{one.What} ({one.Because})").ToList();
        if (unproven.Count > 0)
            RequireAccepted(VerifyFaults.NotProven(VerdictWords.Named(unproven), verdictFile), progress);
    }

    private void RequireAccepted(Fault fault, IProgress<StepEvent> progress)
    {
        if (!accept.Contains(fault.Code))
            throw new FaultException(fault);
        progress.Report(new Observed(Name, clock.GetUtcNow(),
            Finding.Warning(fault, $"You accepted this with --accept {fault.Code}.")));
    }

    // One for each reason why something is not simply equal.
    private IEnumerable<Observed> Notes(Verdict verdict)
    {
        foreach (var reason in verdict.Expected.GroupBy(one => one.Why, one => one.What))
            yield return Note("verify.expected",
                $"{Phrase.Count(reason.Count(), "difference")} {(reason.Count() == 1 ? "was" : "were")} expected: "
                + $"{VerdictWords.Named([.. reason])}", reason.Key);
        if (verdict.Fresher.Select(table => table.Table).ToList() is { Count: > 0 } fresher)
        {
            yield return Note("verify.fresher",
                $"{Phrase.Count(fresher.Count, "materialized view is", "materialized views are")} fresher than at the "
                + $"source: {VerdictWords.Named(fresher)}",
                "the rows at the target are what the view's query gives at the source now; "
                + "those at the source are what its last REFRESH found");
        }

        foreach (var reason in verdict.NotCompared.GroupBy(one => one.Because, one => one.What))
            yield return Note("verify.not_compared",
                $"{Phrase.Count(reason.Count(), "thing")} {(reason.Count() == 1 ? "was" : "were")} not compared: "
                + $"{VerdictWords.Named([.. reason])}", reason.Key);
    }

    private Observed Note(string code, string what, string why) =>
        new(Name, clock.GetUtcNow(), code, Severity.Note, what, why, "");
}
