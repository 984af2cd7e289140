using Godwit.Postgres;
using Godwit.Proof;

namespace Godwit.Verify;

/// <summary>Differences in one line.</summary>
public static class VerdictWords
{
    /// <summary>Found with the schema, but a difference of data: a sequence that is behind gives out used numbers
    /// again.</summary>
    internal const string SequenceValue = "sequence value";

    internal static bool IsOfData(Verdict verdict) => verdict.Differing.Count > 0
        || verdict.Objects.Any(one => one is { Outcome: Outcome.Different, Class: SequenceValue });

    internal static string Differences(Verdict verdict)
    {
        var (tables, objects) = (verdict.RealTables.Count(table => table.Outcome == Outcome.Different),
            verdict.DifferingObjects.Count);
        List<string> parts = [];
        if (tables > 0)
            parts.Add($"{ServerCatalog.Number(tables)} of {Faults.Phrase.Count(verdict.RealTables.Count, "table")}");
        if (verdict.Tables.Any(one => one is { Table: TableVerdict.LargeObjects, Outcome: Outcome.Different }))
            parts.Add("the large objects");
        if (objects > 0)
            parts.Add($"{ServerCatalog.Number(objects)} of {Faults.Phrase.Count(verdict.ObjectsCompared, "object")} "
                + "of the schema");
        return parts.Count < 3 ? string.Join(" and ", parts) : $"{parts[0]}, {string.Join(" and ", parts[1..])}";
    }

    /// <summary>Tables first, those with the most differing rows before others.</summary>
    public static IReadOnlyList<string> Differing(Verdict verdict) =>
    [
        .. verdict.Differing.OrderByDescending(DifferingRows)
            .ThenBy(table => table.Table, StringComparer.Ordinal).Select(Said),
        .. verdict.DifferingObjects.OrderBy(one => one.Class != SequenceValue)
            .Select(one => $"{one.Class} {one.Name}"
                + (one.Target is null ? " (missing)" : one.Source is null ? " (only at the target)" : "")),
    ];

    /// <summary>Changes at the target since it was proven equal to the source.</summary>
    /// <param name="accept">Fault codes that the user accepted then.</param>
    public static IReadOnlyList<string> Losses(Verdict verdict, IReadOnlyList<string> accept)
    {
        var differing = verdict with
        {
            Objects = accept.Contains(VerifyStep.SchemaCode) ? [.. verdict.Objects.Where(one =>
                one.Class == SequenceValue)] : verdict.Objects,
        };
        return
        [
            .. Differing(differing),
            .. accept.Contains(VerifyStep.NotProvenCode) ? [] : verdict.NotCompared.Where(one => one.HoldsData)
                .Select(one => $"{one.What} (cannot be compared: {one.Because})"),
        ];
    }

    internal static IReadOnlyList<string> DifferingQueries(Verdict verdict) =>
        [.. verdict.DifferingQueries.Select(query => $"{query.Query} ({query.Why})")];

    private static long DifferingRows(TableVerdict table) =>
        table.Rows is { } rows ? rows.Missing + rows.Extra + rows.Changed : 0;

    private static string Said(TableVerdict table) => table.SourceRows == table.TargetRows
        ? $"{table.Table} ({table.Why})"
        : $"{table.Table} ({Rows(table.SourceRows)} at the source, {Rows(table.TargetRows)} at the target)";

    private static string Rows(long? rows) => rows is { } known ? ServerCatalog.Number(known) : "missing";

    /// <summary>The report lists all.</summary>
    public static string Named(IReadOnlyList<string> all) => Faults.Phrase.ListClauses(all);
}
