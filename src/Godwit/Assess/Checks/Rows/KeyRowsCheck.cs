// Checks.Rows: rows that violate a constraint, texts, values, and numbers near their maximum.
using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Assess.Checks.Rows;

/// <summary>A restore builds every key again and fails at the first row that violates it.</summary>
internal sealed class KeyRowsCheck : ICheck
{
    public string Name => "keys and their rows";

    public IReadOnlyList<string> Acceptable => [];

    public async Task RunAsync(AssessWorld world, IAssessNotes notes, CancellationToken ct)
    {
        var probes = await RowProbes.FindAsync(world.Source, ct);
        var answers = await new ProbeRun(world.Source, world.Parts.Clock, world.Request.IsDeep).AskAsync(probes, ct);
        if (Wrong(answers, ProbeKind.Orphans) is { Count: > 0 } orphans)
            notes.Add(KeyRowsFindings.Orphans(Counted(orphans, "row"), Looks(orphans),
                Wording.Statements(await RowProbes.UnprovenAsync(world.Source,
                    orphans.Select(answer => answer.Probe), ct))));
        if (Wrong(answers, ProbeKind.Duplicates) is { Count: > 0 } twice)
            notes.Add(KeyRowsFindings.Duplicates(Counted(twice, "key"), Looks(twice), Repairs(twice)));
        if (Wrong(answers, ProbeKind.Behind) is { Count: > 0 } behind)
            notes.Add(KeyRowsFindings.Behind(Phrase.List([.. behind.Select(answer => answer.Probe.Shown)]),
                Repairs(behind)));
        await ExpressionsAsync(world.Source, answers, notes, ct);
        if (answers.Where(answer => answer.Obstacle is not null
            && (answer.IsRefused || answer.Probe.Kind != ProbeKind.Expressions)).ToList() is { Count: > 0 } refused)
            notes.Add(KeyRowsFindings.Unread(Phrase.List([.. refused.Select(answer =>
                $"{answer.Probe.Shown}: {answer.Obstacle}")])));
        Sum(answers, notes);
    }

    private static async Task ExpressionsAsync(
        PostgresSession source, IReadOnlyList<ProbeAnswer> answers, IAssessNotes notes, CancellationToken ct)
    {
        if (Wrong(answers, ProbeKind.Expressions) is { Count: > 0 } broken)
            notes.Add(KeyRowsFindings.Violations(Counted(broken, "row"), Looks(broken)));
        var failed = answers.Where(answer =>
            answer.Probe.Kind == ProbeKind.Expressions && answer is { Obstacle: not null, IsRefused: false }).ToList();
        if (failed.Count > 0)
        {
            notes.Add(KeyRowsFindings.Expressions(
                Phrase.List([.. failed.Select(answer => $"{answer.Probe.Shown}: {answer.Obstacle}")]),
                Wording.Statements([.. failed.Select(answer => answer.Probe.Repair).Where(repair => repair.Length > 0)
                    .Distinct(StringComparer.Ordinal)])));
        }

        if (await ExpressionProbes.ReadingAsync(source, ct) is { Count: > 0 } reading)
            notes.Add(KeyRowsFindings.Reading(Phrase.List([.. reading.Select(one => one.Shown)]),
                Wording.Statements([.. reading.Select(one => one.Repair)])));
    }

    // How many keys were checked completely; reports the others.
    private static void Sum(IReadOnlyList<ProbeAnswer> answers, IAssessNotes notes)
    {
        var (foreign, unique) = (Of(ProbeKind.Orphans), Of(ProbeKind.Duplicates));
        if (foreign.Count + unique.Count == 0)
            return;
        notes.AddFact("keys",
            $"{Whole(foreign)} of {ServerCatalog.Number(foreign.Count)} foreign keys and {Whole(unique)} of "
            + $"{ServerCatalog.Number(unique.Count)} unique indexes checked against all rows");
        var sampled = answers.Count(answer => answer is { Count: not null, Whole: false });
        var late = answers.Where(answer => answer is { Count: null, Obstacle: null }).ToList();
        if (sampled + late.Count > 0)
            notes.Add(KeyRowsFindings.Sampled(sampled, late.Count));

        List<ProbeAnswer> Of(ProbeKind kind) => [.. answers.Where(answer => answer.Probe.Kind == kind)];
        static string Whole(List<ProbeAnswer> of) =>
            ServerCatalog.Number(of.Count(answer => answer is { Count: not null, Whole: true }));
    }

    private static List<ProbeAnswer> Wrong(IEnumerable<ProbeAnswer> answers, ProbeKind kind) =>
        [.. answers.Where(answer => answer.Probe.Kind == kind && answer.Count > 0)];

    private static string Counted(IEnumerable<ProbeAnswer> answers, string thing) => Phrase.List(
        [.. answers.Select(answer =>
            $"{answer.Probe.Shown} {(answer.Whole ? "" : "at least ")}{ServerCatalog.Number(answer.Count!.Value)} "
            + $"{thing}{(answer.Count == 1 ? "" : "s")}")]);

    private static string Looks(IEnumerable<ProbeAnswer> answers) =>
        Wording.Statements([.. answers.Select(answer => answer.Probe.Look)]);

    private static string Repairs(IEnumerable<ProbeAnswer> answers) =>
        Wording.Statements([.. answers.Select(answer => answer.Probe.Repair)]);
}
