using System.Globalization;
using Godwit.Proof;

namespace Godwit.Report;

/// <summary>The sentences of a proof, the same on every face.</summary>
public static class ProofWords
{
    // Lines of an object's text shown around a differing one.
    private const int ContextLines = 1;

    // Longer texts are shown whole, one after the other: the work grows with the product of their lines.
    private const int DiffLinesMax = 400;

    public static string Badge(Verdict proof) => proof.Overall switch
    {
        Overall.Proven => "Proven",
        Overall.ProvenExcept => "Proven, except",
        Overall.Differs => "Differs",
        _ => "Not proven",
    };

    public static string Sentence(Verdict proof) => proof.Overall switch
    {
        Overall.Proven => $"Proven: the target holds what the source holds, {Held(proof)}.",
        Overall.ProvenExcept => $"Proven: the target holds what the source holds, {Held(proof)}; "
            + $"except for {Exceptions(proof)}, all of which {(Except(proof) == 1 ? "is" : "are")} listed.",
        Overall.Differs => $"The target differs from the source: {Differences(proof)}.",
        _ => "Equality could not be proven: no difference was found, "
            + $"but {Words.Count(proof.NotCompared.Count(one => one.HoldsData), "thing")} that "
            + $"{(proof.NotCompared.Count(one => one.HoldsData) == 1 ? "holds" : "hold")} data could not be compared.",
    };

    /// <summary>E.g. <c>45 of 46 tables are equal: 377,692 rows; and so are 4 large objects</c>.</summary>
    public static string Equal(Verdict proof)
    {
        var (tables, all) = (proof.Equal.Where(table => table.IsTable).ToList(),
            proof.Tables.Count(table => table.IsTable));
        var objects = proof.Equal.FirstOrDefault(table => !table.IsTable)?.SourceRows is { } number
            ? $"; and so are {Words.Count(number, "large object")}" : "";
        return $"{Words.Number(tables.Count)} of {Words.Count(all, "table")} {(tables.Count == 1 ? "is" : "are")} "
            + $"equal: {Words.Count(tables.Sum(table => table.RowsToHave ?? 0), "row")}{objects}";
    }

    /// <summary>Why these are equal although both sides have other rows.</summary>
    public const string FresherWhy = "The target has the rows that the view's query gives at the source now. "
        + "The source has those of its last REFRESH.";

    /// <summary>E.g. <c>12 rows at the source, 14 at the target</c>.</summary>
    public static string Fresher(TableVerdict table) => table.SourceRows is { } rows
        ? $"{Words.Count(rows, "row")} at the source, {Words.Number(table.TargetRows)} at the target"
        : $"never refreshed at the source, {Words.Count(table.TargetRows ?? 0, "row")} at the target";

    public static string Level(Verdict proof) => proof.Level switch
    {
        VerifyLevel.Counts => "the number of rows of each table; their contents were not looked at",
        VerifyLevel.Rows => "every row of every table, one by one",
        _ => "a checksum of every row of every table",
    };

    /// <summary>What the comparison did to both sides.</summary>
    public static string Changed(Verdict proof) => proof.DefinitionsPrinted == 0 ? "Both sides were only read."
        : $"Both sides were only read, and {Words.Count(proof.DefinitionsPrinted, "definition")} that both print "
            + $"differently {(proof.DefinitionsPrinted == 1 ? "was" : "were")} "
            + "made once more at the target, in a transaction that was rolled back.";

    public static string Name(Outcome outcome) => outcome switch
    {
        Outcome.Equal => "equal",
        Outcome.Expected => "as expected",
        Outcome.Different => "differs",
        _ => "not compared",
    };

    /// <summary>E.g. <c>1 row is missing, 2 rows have other values</c>.</summary>
    public static string Rows(TableVerdict table)
    {
        if (table.Rows is not { } rows)
            return table.Why;
        var thing = table.IsTable ? "row" : "object";
        List<string> said = [];
        if (rows.Missing > 0)
            said.Add($"{Words.Count(rows.Missing, thing)} {(rows.Missing == 1 ? "is" : "are")} missing");
        if (rows.Extra > 0)
            said.Add($"{Words.Count(rows.Extra, thing)} {(rows.Extra == 1 ? "is" : "are")} there that the source "
                + "does not have");
        if (rows.Changed > 0)
            said.Add($"{Words.Count(rows.Changed, thing)} {(rows.Changed == 1 ? "has" : "have")} other "
                + $"{(thing == "row" ? "values" : "bytes")}");
        return said.Count > 0 ? string.Join(", ", said) : table.Why;
    }

    /// <summary>What is known of a table besides its differing rows: columns that one side lacks, why a materialized
    /// view differs and what to do. Empty: nothing.</summary>
    public static string MoreThanRows(TableVerdict table) =>
        table.Rows is { Missing: 0, Extra: 0, Changed: 0 } or null ? ""
            : table.Why.Split("; ", 2) is [_, var more] ? more : "";

    public static string Difference(TableVerdict table) =>
        MoreThanRows(table) is { Length: > 0 } more ? $"{Rows(table)}; {more}" : Rows(table);

    public static long Hidden(RowDifferences rows) =>
        Math.Max(0, rows.Missing + rows.Extra + rows.Changed - rows.Shown.Sum(row => row.Times));

    /// <summary>Sorted by key; keys that are numbers, as numbers.</summary>
    public static IEnumerable<RowDifference> Ordered(RowDifferences rows) => rows.Shown
        .OrderBy(row => row.Values.Count > 0 && decimal.TryParse(row.Values[0].Value, NumberStyles.Number,
            CultureInfo.InvariantCulture, out var number) ? number : decimal.MaxValue)
        .ThenBy(row => string.Join('\n', row.Values.Select(value => value.Value)), StringComparer.Ordinal);

    public static string Kind(RowDifference row) => row.Kind switch
    {
        RowDifferenceKind.Missing => "missing",
        RowDifferenceKind.Extra => "extra",
        _ => "changed",
    };

    public static string Hash(ulong? hash) => hash?.ToString("x16", CultureInfo.InvariantCulture) ?? "";

    public static string Value(string? value) => value is null ? "NULL" : $"'{Words.Name(value)}'";

    public static string Key(RowDifference row) =>
        string.Join(", ", row.Values.Select(value => $"{Words.Name(value.Column)} = {Value(value.Value)}"))
            + (row.Times > 1 ? $" ({Words.Number(row.Times)} times)" : "");

    /// <summary>Both texts of an object, line by line: <c>-</c> is only at the source, <c>+</c> only at the target. Of
    /// common lines, only those next to a difference are shown.</summary>
    public static IReadOnlyList<string> Difference(ObjectVerdict one)
    {
        var source = one.Source?.ReplaceLineEndings("\n").Split('\n') ?? [];
        var target = one.Target?.ReplaceLineEndings("\n").Split('\n') ?? [];
        if (source.Length > DiffLinesMax || target.Length > DiffLinesMax)
            return [.. source.Select(line => "- " + line), .. target.Select(line => "+ " + line)];
        var lines = Aligned(source, target);
        var shown = new List<string>();
        for (var i = 0; i < lines.Count; i++)
        {
            var isNear = Enumerable.Range(Math.Max(0, i - ContextLines), Math.Min(lines.Count, i + ContextLines + 1)
                - Math.Max(0, i - ContextLines)).Any(at => lines[at].Mark != ' ');
            if (isNear)
                shown.Add($"{lines[i].Mark} {lines[i].Text}");
            else if (shown.Count == 0 || shown[^1] != "  …")
                shown.Add("  …");
        }

        return shown;
    }

    // The longest common subsequence of the lines, by the table of its lengths.
    private static List<(char Mark, string Text)> Aligned(string[] source, string[] target)
    {
        var common = source.Append("").Select(_ => new int[target.Length + 1]).ToArray();
        for (var i = source.Length - 1; i >= 0; i--)
        {
            for (var j = target.Length - 1; j >= 0; j--)
                common[i][j] =
                    source[i] == target[j] ? common[i + 1][j + 1] + 1 : Math.Max(common[i + 1][j], common[i][j + 1]);
        }

        var lines = new List<(char, string)>();
        var (at, there) = (0, 0);
        while (at < source.Length || there < target.Length)
        {
            if (at < source.Length && there < target.Length && source[at] == target[there])
                (lines, at, there) = (Added(lines, ' ', source[at]), at + 1, there + 1);
            else if (at < source.Length && (there == target.Length || common[at + 1][there] >= common[at][there + 1]))
                lines.Add(('-', source[at++]));
            else
                lines.Add(('+', target[there++]));
        }

        return lines;
    }

    private static List<(char, string)> Added(List<(char, string)> lines, char mark, string text)
    {
        lines.Add((mark, text));
        return lines;
    }

    private static string Held(Verdict proof)
    {
        var tables = proof.Tables.Where(table => table.IsTable).ToList();
        var objects = proof.Tables.FirstOrDefault(table => !table.IsTable)?.SourceRows;
        List<string> held = [$"{Words.Count(tables.Count, "table")} with "
            + $"{Words.Count(tables.Sum(table => table.RowsToHave ?? 0), "row")}"];
        if (objects > 0)
            held.Add(Words.Count(objects.Value, "large object"));
        if (proof.ObjectsCompared > 0)
            held.Add(Words.Count(proof.ObjectsCompared, "object") + " of the schema");
        if (proof.Queries.Count > 0)
            held.Add(proof.Queries.Count == 1 ? "1 query" : $"{Words.Number(proof.Queries.Count)} queries");
        var counted = proof.Level == VerifyLevel.Counts ? "counted: " : "";
        return counted + (held.Count == 1 ? held[0] : $"{string.Join(", ", held[..^1])} and {held[^1]}");
    }

    private static int Except(Verdict proof) => proof.Expected.Count + proof.NotCompared.Count;

    private static string Exceptions(Verdict proof) => string.Join(" and ", new[]
    {
        proof.Expected.Count > 0 ? $"{Words.Count(proof.Expected.Count, "difference")} that "
            + $"{(proof.Expected.Count == 1 ? "was" : "were")} expected" : "",
        proof.NotCompared.Count > 0 ? $"{Words.Count(proof.NotCompared.Count, "thing")} that "
            + $"{(proof.NotCompared.Count == 1 ? "was" : "were")} not compared" : "",
    }.Where(text => text.Length > 0));

    private static string Differences(Verdict proof)
    {
        var tables = proof.Differing.Where(table => table.IsTable).ToList();
        var rows = tables.Sum(table => table.Rows is { } known ? known.Missing + known.Extra + known.Changed : 0);
        List<string> said = [];
        if (tables.Count > 0)
            said.Add($"{Words.Number(tables.Count)} of "
                + Words.Count(proof.Tables.Count(table => table.IsTable), "table")
                + (rows > 0 ? $", in {Words.Count(rows, "row")}" : ""));
        if (proof.Differing.FirstOrDefault(table => !table.IsTable) is { } large)
            said.Add(large.Rows is { } some ? Words.Count(some.Missing + some.Extra + some.Changed,
                "large object") : "the large objects");
        if (proof.DifferingObjects.Count > 0)
            said.Add($"{Words.Number(proof.DifferingObjects.Count)} of {Words.Count(proof.ObjectsCompared, "object")} "
                + "of the schema");
        if (proof.DifferingQueries.Count > 0)
            said.Add($"{Words.Number(proof.DifferingQueries.Count)} of "
                + $"{(proof.Queries.Count == 1 ? "1 query" : $"{Words.Number(proof.Queries.Count)} queries")}");
        return string.Join("; ", said);
    }
}
