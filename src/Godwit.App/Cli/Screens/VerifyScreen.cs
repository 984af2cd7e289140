using Godwit.Faults;
using Godwit.Proof;
using Godwit.Report;

namespace Godwit.App.Cli.Screens;

/// <summary>A proof for people: differences first, the summary last, where the user looks at the end.</summary>
internal sealed class VerifyScreen(TextWriter writer)
{
    // Equal tables that are listed by default; five hundred would hide the two that differ.
    private const int EqualMax = 15;

    // For omissions and expected differences. The JSON and the page have all.
    private const int ListMax = 30;

    // A longer name only shifts its own line's numbers.
    private const int NameMax = 40;

    private const int ValueMax = 100;

    /// <param name="listsAll">Also equal tables, however many.</param>
    public void Show(Verdict proof, bool listsAll)
    {
        writer.WriteLine($"Source    {Words.Name(proof.Source)}");
        writer.WriteLine($"Target    {Words.Name(proof.Target)}");
        writer.WriteLine($"Compared  {ProofWords.Level(proof)}");
        Equal(proof, listsAll);
        Fresher(proof);
        Expected(proof);
        NotCompared(proof);
        Queries(proof);
        Objects(proof);
        Different(proof);
        writer.WriteLine();
        writer.WriteLine(ProofWords.Sentence(proof));
        writer.WriteLine($"{Words.Bytes(proof.Tables.Sum(table => table.Bytes ?? 0))} of tables in "
            + $"{Words.Duration(proof.Took.TotalSeconds)}. {ProofWords.Changed(proof)}");
    }

    private void Different(Verdict proof)
    {
        if (!Begin("Tables that differ", proof.Differing.Count))
            return;
        Head(proof.Differing);
        foreach (var table in proof.Differing)
        {
            Line("✗", table, proof.Differing);
            writer.WriteLine($"    {Words.Block(ProofWords.Rows(table))}");
            if (ProofWords.MoreThanRows(table) is { Length: > 0 } more)
                writer.WriteLine($"    {Words.Block(more)}");
            if (table.Rows is not { } rows)
                continue;
            foreach (var row in ProofWords.Ordered(rows))
                Row(row);
            if (ProofWords.Hidden(rows) is > 0 and var hidden)
                writer.WriteLine($"      … and {Words.Number(hidden)} more (--show)");
        }
    }

    private void Row(RowDifference row)
    {
        writer.WriteLine($"      {ProofWords.Kind(row),-7}  {Cut(ProofWords.Key(row))}");
        foreach (var column in row.Columns)
        {
            writer.WriteLine(
                $"               {Words.Name(column.Column)}{(column.How.Length > 0 ? $" ({column.How})" : "")}");
            writer.WriteLine($"                 source  {Cut(ProofWords.Value(column.Source))}");
            writer.WriteLine($"                 target  {Cut(ProofWords.Value(column.Target))}");
        }
    }

    private void Objects(Verdict proof)
    {
        if (!Begin("Objects of the schema that differ", proof.DifferingObjects.Count))
            return;
        foreach (var one in proof.DifferingObjects)
        {
            var where = one switch
            {
                { Source: null } => "only at the target",
                { Target: null } => "missing at the target",
                _ => "- source, + target",
            };
            writer.WriteLine($"✗ {one.Class} {Words.Name(one.Name)} ({where})");
            if (one.Why.Length > 0)
                writer.WriteLine($"    {Words.Name(one.Why)}");
            foreach (var line in ProofWords.Difference(one))
                writer.WriteLine($"    {Words.Name(line)}");
        }
    }

    private void Queries(Verdict proof)
    {
        if (!Begin("Queries", proof.Queries.Count))
            return;
        foreach (var query in proof.Queries)
        {
            var mark = query.Outcome switch { Outcome.Equal => "✓", Outcome.Different => "✗", _ => "!" };
            var rows = query.Outcome == Outcome.Equal
                ? Words.Count(query.SourceRows, "row") : Words.Name(query.Why);
            writer.WriteLine($"{mark} {Words.Name(query.Query)}: {ProofWords.Name(query.Outcome)}, {rows}");
        }
    }

    private void NotCompared(Verdict proof)
    {
        if (!Begin("Not compared", proof.NotCompared.Count))
            return;
        foreach (var one in proof.NotCompared.OrderBy(one => !one.HoldsData).Take(ListMax))
            writer.WriteLine(
                $"! {Words.Name(one.What)}: {Words.Name(one.Because)}{(one.HoldsData ? "" : " (no data of its own)")}");
        More(proof.NotCompared.Count);
        foreach (var one in proof.ObjectsNotCompared.Take(ListMax))
        {
            writer.WriteLine($"! {one.Class} {Words.Name(one.Name)} (- source, + target)");
            foreach (var line in ProofWords.Difference(one))
                writer.WriteLine($"    {Words.Name(line)}");
        }
    }

    private void Fresher(Verdict proof)
    {
        if (!Begin("Materialized views that are fresher than at the source", proof.Fresher.Count))
            return;
        foreach (var table in proof.Fresher.Take(ListMax))
            writer.WriteLine($"✓ {Words.Name(table.Table)}: {ProofWords.Fresher(table)}");
        More(proof.Fresher.Count);
        writer.WriteLine($"  {ProofWords.FresherWhy}");
    }

    private void Expected(Verdict proof)
    {
        if (!Begin("Different, as expected", proof.Expected.Count))
            return;
        foreach (var (what, why) in proof.Expected.Take(ListMax))
            writer.WriteLine($"  {Words.Name(what)}: {Words.Name(why)}");
        More(proof.Expected.Count);
    }

    private void Equal(Verdict proof, bool listsAll)
    {
        var equal = proof.Equal;
        writer.WriteLine();
        writer.WriteLine(ProofWords.Equal(proof) + (equal.Count > EqualMax && !listsAll ? " (--all lists them)" : ""));
        if (equal.Count == 0 || (equal.Count > EqualMax && !listsAll))
            return;
        Head(equal);
        foreach (var table in equal)
            Line("✓", table, equal);
    }

    private bool Begin(string title, int count)
    {
        if (count == 0)
            return false;
        writer.WriteLine();
        writer.WriteLine($"{title} ({Words.Number(count)})");
        return true;
    }

    private void More(int count)
    {
        if (count > ListMax)
            writer.WriteLine($"  … and {Words.Number(count - ListMax)} more (--json and --page have all)");
    }

    private void Head(IReadOnlyList<TableVerdict> tables) =>
        writer.WriteLine(($"  {"".PadRight(Width(tables))}  {"source rows",14}  {"target rows",14}  {"bytes",9}"
            + $"  {"hash",-16}  {"took",8}").TrimEnd());

    private void Line(string mark, TableVerdict table, IReadOnlyList<TableVerdict> all) => writer.WriteLine(
        $"{mark} {Words.Name(table.Table).PadRight(Width(all))}  {Words.Number(table.SourceRows),14}  "
        + $"{Words.Number(table.TargetRows),14}  "
        + $"{(table.Bytes is { } bytes ? Phrase.Bytes(bytes) : ""),9}  {ProofWords.Hash(table.SourceHash),-16}  "
        + $"{TerminalWords.Duration(table.Took),8}");

    private static int Width(IReadOnlyList<TableVerdict> tables) =>
        Math.Min(NameMax, tables.Max(table => Words.Name(table.Table).Length));

    private static string Cut(string text) => text.Length <= ValueMax ? text : text[..(ValueMax - 1)] + "…";
}
