using Godwit.Faults;
using Godwit.Proof;

namespace Godwit.Report;

public static class ProofPage
{
    public static string Write(Verdict proof, string godwitVersion) => HtmlPage.Write(
        $"{ProofWords.Badge(proof)}: {proof.Source} and {proof.Target}", "verification", Words.Moment(proof.BegunAt),
        [Verdict(proof), Figures(proof), Facts(proof), .. ProofSections.All(proof)],
        Markup.Of($"""
            Written by Godwit {Words.Version(godwitVersion)}. All times are UTC.
            This page needs no network and holds no password; the rows that differ are on it.
            """));

    /// <summary>Writes the page for its owner alone: it names hosts and tables, and shows values.</summary>
    /// <exception cref="FaultException"><c>report.page_not_written</c>.</exception>
    public static async Task WriteAsync(Verdict proof, string godwitVersion, string path, CancellationToken ct)
    {
        try
        {
            await ReportFiles.PutAsync(path, Write(proof, godwitVersion), ct);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FaultException(ReportFaults.PageNotWritten(path, e.Message.TrimEnd('.')), e);
        }
    }

    private static Markup Verdict(Verdict proof) => Markup.Of($"""
        <section class="verdict {new Markup(proof.Overall switch
    {
        Overall.Differs => "bad",
        Overall.NotProven => "care",
        _ => "good",
    })}">
        <p class="badge">{ProofWords.Badge(proof)}</p>
        <h1>{ProofWords.Sentence(proof)}</h1>
        </section>

        """);

    private static Markup Figures(Verdict proof)
    {
        List<Markup> figures = [];
        void Add(string name, string value) => figures.Add(Markup.Of($"<div><dt>{name}</dt><dd>{value}</dd></div>\n"));
        Add("tables equal",
            $"{Words.Number(proof.Equal.Count(table => table.IsTable))} of "
            + $"{Words.Number(proof.Tables.Count(table => table.IsTable))}");
        Add("rows at the source",
            Words.Number(proof.Tables.Where(table => table.IsTable).Sum(table => table.SourceRows ?? 0)));
        if (proof.ObjectsCompared > 0)
            Add("objects that differ", Words.Number(proof.DifferingObjects.Count));
        if (proof.NotCompared.Count > 0)
            Add("not compared", Words.Number(proof.NotCompared.Count));
        Add("took", Words.Duration(proof.Took.TotalSeconds));
        return Markup.Of($"<dl class=\"figures\">\n{figures}</dl>\n");
    }

    private static Markup Facts(Verdict proof) => Markup.Of($"""
        <dl class="facts">
        <dt>Source</dt><dd>{Words.Name(proof.Source)}</dd>
        <dt>Target</dt><dd>{Words.Name(proof.Target)}</dd>
        <dt>Compared</dt><dd>{ProofWords.Level(proof)}</dd>
        <dt>Bytes</dt><dd>{Words.Bytes(proof.Tables.Sum(table => table.Bytes ?? 0))} of tables at the source</dd>
        </dl>

        """);
}
