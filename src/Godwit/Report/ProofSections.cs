using Godwit.Proof;

namespace Godwit.Report;

/// <summary>A proof on a page: what differs first, then what was not compared; all that is equal is folded.</summary>
internal static class ProofSections
{
    private static readonly Markup Nothing = new("<td></td>");

    public static IEnumerable<Markup> All(Verdict proof) => [Different(proof), Objects(proof), Queries(proof),
        Fresher(proof), NotCompared(proof), Expected(proof), Tables(proof)];

    private static Markup Different(Verdict proof)
    {
        var tables = proof.Differing;
        return Markup.When(tables.Count > 0, () => Markup.Of($"""
            <h2>Tables that differ</h2>
            <div class="different">{Table(tables, Markup.None)}</div>
            {tables.Where(table => table.Rows?.Shown.Count > 0).Select(Rows)}
            """));
    }

    private static Markup Rows(TableVerdict table) => Markup.Of($"""
        <div class="card bad">
        <p class="label"><b>rows</b> <bdi>{Words.Name(table.Table)}</bdi></p>
        <h3>{ProofWords.Rows(table)}</h3>{Markup.When(ProofWords.MoreThanRows(table).Length > 0, () =>
            Markup.Of($"\n<p>{ProofWords.MoreThanRows(table)}</p>"))}
        <div class="wide"><table>
        <thead><tr><th scope="col"></th><th scope="col">{(table.Rows!.Key.Count > 0 ? "Key" : "Row")}</th>
        <th scope="col">Column</th><th scope="col">At the source</th><th scope="col">At the target</th></tr></thead>
        <tbody>
        {ProofWords.Ordered(table.Rows).Select(Row)}</tbody>
        </table></div>{Markup.When(ProofWords.Hidden(table.Rows) > 0, () => Markup.Of(
            $"<p class=\"soft\">{Words.Number(ProofWords.Hidden(table.Rows))} more are not shown here.</p>"))}
        </div>

        """);

    private static Markup Row(RowDifference row)
    {
        var head = Markup.Of($"<td class=\"mark bad\">{ProofWords.Kind(row)}</td><td>{ProofWords.Key(row)}</td>");
        if (row.Columns.Count == 0)
            return Markup.Of($"<tr>{head}{Nothing}{Nothing}{Nothing}</tr>\n");
        var below = Markup.Of($"{Nothing}{Nothing}");
        var lines = row.Columns.Select((column, at) =>
            Markup.Of($"<tr>{(at == 0 ? head : below)}{Column(column)}</tr>\n"));
        return Markup.Of($"{lines}");
    }

    private static Markup Column(ColumnDifference column)
    {
        var how = Markup.When(column.How.Length > 0, () => Markup.Of($" <span class=\"soft\">{column.How}</span>"));
        return Markup.Of($"<td>{Words.Name(column.Column)}{how}</td>"
            + $"<td>{ProofWords.Value(column.Source)}</td><td>{ProofWords.Value(column.Target)}</td>");
    }

    private static Markup Objects(Verdict proof)
    {
        var objects = proof.DifferingObjects;
        return Markup.When(objects.Count > 0, () => Markup.Of($"""
            <h2>Objects of the schema that differ</h2>
            {objects.Select(Object)}<p class="said">A line that begins with − stands only at the source, one with + only
            at the target.</p>

            """));
    }

    private static Markup Object(ObjectVerdict one)
    {
        var where = one switch
        {
            { Outcome: Outcome.NotCompared } => "not compared",
            { Source: null } => "only at the target",
            { Target: null } => "missing at the target",
            _ => "differs",
        };
        var lines = string.Join('\n',
            ProofWords.Difference(one).Select(line => line.StartsWith('-') ? "−" + line[1..] : line));
        return Markup.Of($"""
            <div class="card {new Markup(one.Outcome == Outcome.NotCompared ? "care" : "bad")}">
            <p class="label"><b>{where}</b> {one.Class}</p>
            <h3><bdi>{Words.Name(one.Name)}</bdi></h3>{Markup.When(one.Why.Length > 0, () =>
                Markup.Of($"<p class=\"lines\">{one.Why}</p>"))}
            <pre>{lines}</pre>
            </div>

            """);
    }

    private static Markup Queries(Verdict proof) => Markup.When(proof.Queries.Count > 0, () => Markup.Of($"""
        <h2>Your queries</h2>
        <div class="wide"><table>
        <thead><tr><th scope="col">Query</th><th scope="col" class="count">Source rows</th>
        <th scope="col" class="count">Target rows</th><th scope="col"></th></tr></thead>
        <tbody>
        {proof.Queries.Select(Query)}</tbody>
        </table></div>

        """));

    private static Markup Query(QueryVerdict query)
    {
        var why = Markup.When(query.Why.Length > 0, () => Markup.Of($"<br><span class=\"soft\">{query.Why}</span>"));
        return Markup.Of($"<tr><td>{Words.Name(query.Query)}{why}</td>"
            + $"{Counts(query.SourceRows, query.TargetRows)}{Mark(query.Outcome)}</tr>\n");
    }

    private static Markup Fresher(Verdict proof) => Markup.When(proof.Fresher.Count > 0, () => Markup.Of($"""
        <h2>Materialized views that are fresher than at the source</h2>
        <div class="wide"><table>
        <thead><tr><th scope="col">Materialized view</th><th scope="col">Rows</th></tr></thead>
        <tbody>
        {proof.Fresher.Select(one => Markup.Of(
            $"<tr><td><bdi>{Words.Name(one.Table)}</bdi></td><td>{ProofWords.Fresher(one)}</td></tr>\n"))}</tbody>
        </table></div>
        <p class="said">{ProofWords.FresherWhy}</p>

        """));

    private static Markup NotCompared(Omission one)
    {
        var empty = one.HoldsData ? "" : " (no data of its own)";
        return Markup.Of($"<tr><td><bdi>{Words.Name(one.What)}</bdi></td><td>{one.Because}{empty}</td></tr>\n");
    }

    private static Markup NotCompared(Verdict proof) => Markup.When(proof.NotCompared.Count > 0, () => Markup.Of($"""
        <h2>Not compared</h2>
        <div class="wide"><table>
        <thead><tr><th scope="col">What</th><th scope="col">Because</th></tr></thead>
        <tbody>
        {proof.NotCompared.Select(NotCompared)}</tbody>
        </table></div>
        {proof.ObjectsNotCompared.Select(Object)}
        """));

    private static Markup Expected(Verdict proof) => Markup.When(proof.Expected.Count > 0, () => Markup.Of($"""
        <h2>Different, as expected</h2>
        <details>
        <summary>{Words.Count(proof.Expected.Count, "difference")}</summary>
        <div class="wide"><table>
        <thead><tr><th scope="col">What</th><th scope="col">Why</th></tr></thead>
        <tbody>
        {proof.Expected.Select(one => Markup.Of(
            $"<tr><td><bdi>{Words.Name(one.What)}</bdi></td><td>{one.Why}</td></tr>\n"))}</tbody>
        </table></div>
        </details>

        """));

    private static Markup Tables(Verdict proof)
    {
        if (proof.Tables.Count == 0)
            return Markup.None;
        var tables = proof.Tables.Where(table => table.IsTable).ToList();
        var rows = Counts(tables.Sum(table => table.SourceRows ?? 0), tables.Sum(table => table.TargetRows ?? 0));
        var total = Markup.Of($"<tfoot><tr><td>{Words.Count(tables.Count, "table")}</td>{rows}"
            + $"{Nothing}{Nothing}{Nothing}{Nothing}</tr></tfoot>\n");
        return Markup.Of($"""
            <h2>The tables, side by side</h2>
            <details>
            <summary>{ProofWords.Equal(proof)}</summary>
            {Table(proof.Tables, total)}</details>
            <p class="said">Godwit compared {ProofWords.Level(proof)}. Every table counts for itself: one with
            partitions or heirs does not count theirs. The hash is the sum, modulo 2⁶⁴, over the hashes of all rows;
            where it differs, that of the target stands below.</p>

            """);
    }

    private static Markup Table(IReadOnlyList<TableVerdict> tables, Markup total) => Markup.Of($"""
        <div class="wide"><table>
        <thead><tr><th scope="col">Table</th><th scope="col" class="count">Source rows</th>
        <th scope="col" class="count">Target rows</th><th scope="col" class="count">Bytes</th><th scope="col">Hash</th>
        <th scope="col" class="count">Took</th><th scope="col"></th></tr></thead>
        <tbody>
        {tables.Select(Line)}</tbody>{total}
        </table></div>
        """);

    private static Markup Line(TableVerdict table)
    {
        var isTold = table is { Outcome: Outcome.Equal } or { Rows.Shown.Count: > 0 };
        var rows = Markup.When(!isTold, () => Markup.Of($"<br><span class=\"soft\">{ProofWords.Rows(table)}</span>"));
        var fresher = Markup.When(table.IsFresher, () =>
            Markup.Of($"<br><span class=\"soft\">fresher than at the source</span>"));
        var otherHash = Markup.When(table.SourceHash != table.TargetHash, () =>
            Markup.Of($"<br>{ProofWords.Hash(table.TargetHash)}"));
        var bytes = table.Bytes is { } known ? Words.Bytes(known) : "";
        return Markup.Of($"""
            <tr><td><bdi>{Words.Name(table.Table)}</bdi>{rows}{fresher}</td>
            {Counts(table.SourceRows, table.TargetRows)}<td class="count" data-side="bytes">{bytes}</td>
            <td><code>{ProofWords.Hash(table.SourceHash)}{otherHash}</code></td>
            <td class="count" data-side="took">{Words.Duration(table.Took.TotalSeconds)}</td>{Mark(table.Outcome)}</tr>

            """);
    }

    private static Markup Counts(long? source, long? target) => Markup.Of($"""
        <td class="count" data-side="source">{Words.Number(source)}</td>
        <td class="count" data-side="target">{Words.Number(target)}</td>
        """);

    private static Markup Mark(Outcome outcome)
    {
        var tone = outcome switch
        {
            Outcome.Equal => "good",
            Outcome.Different => "bad",
            _ => "care",
        };
        return Markup.Of($"<td class=\"mark {tone}\">{ProofWords.Name(outcome)}</td>");
    }
}
