using Godwit.Faults;

namespace Godwit.Report;

public static class AssessmentPage
{
    public static string Write(AssessmentReport report) => HtmlPage.Write(
        $"{Badge(report)}: {report.From}", "assessment", Words.Moment(report.At),
        [Verdict(report), Figures(report), Facts(report), Findings(report), Checks(report)],
        Markup.Of($"""
            Written by Godwit {Words.Version(report.GodwitVersion)}, which only read. All times are UTC.
            This page needs no network and holds no password.
            """));

    /// <summary>Writes the page for its owner alone: it names hosts and tables.</summary>
    /// <exception cref="FaultException"><c>report.page_not_written</c>.</exception>
    public static async Task WriteAsync(AssessmentReport report, string path, CancellationToken ct)
    {
        try
        {
            await ReportFiles.PutAsync(path, Write(report), ct);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FaultException(ReportFaults.PageNotWritten(path, e.Message.TrimEnd('.')), e);
        }
    }

    private static string Badge(AssessmentReport report) =>
        report.Blockers > 0 ? "Not ready" : report.Warnings > 0 ? "Ready, with care" : "Ready";

    private static Markup Verdict(AssessmentReport report) => Markup.Of($"""
        <section class="verdict {new Markup(report.Blockers > 0 ? "bad" : report.Warnings > 0 ? "care" : "good")}">
        <p class="badge">{Badge(report)}</p>
        <h1>{Words.Name(report.Verdict)}</h1>
        </section>

        """);

    private static Markup Figures(AssessmentReport report)
    {
        List<Markup> figures = [];
        void Add(string name, long value) =>
            figures.Add(Markup.Of($"<div><dt>{name}</dt><dd>{Words.Number(value)}</dd></div>\n"));
        Add("in the way", report.Blockers);
        Add("warnings", report.Warnings);
        Add("notes", report.Notes);
        Add("checks that looked", report.Checks.Count(check => check.CouldLook));
        return Markup.Of($"<dl class=\"figures\">\n{figures}</dl>\n");
    }

    private static Markup Facts(AssessmentReport report)
    {
        List<Markup> facts = [];
        void Add(string name, string value) =>
            facts.Add(Markup.Of($"<dt>{Capital(name)}</dt><dd>{Words.Name(value)}</dd>\n"));
        Add("from", report.From);
        if (report.To is { } to)
            Add("to", to);
        if (report.Via is { } via)
            Add("through", via);
        foreach (var fact in report.Facts)
            Add(fact.Name, fact.Value);
        return Markup.Of($"<dl class=\"facts\">\n{facts}</dl>\n");
    }

    private static string Capital(string name) => name.Length == 0 ? name : char.ToUpperInvariant(name[0]) + name[1..];

    private static Markup Findings(AssessmentReport report)
    {
        Markup Section(string title, Func<Finding, bool> which) =>
            AssessmentPage.Section(title, [.. report.Findings.Where(which)]);
        var inTheWay = Section("What stands in the way",
            one => one is { IsAccepted: not true, Severity: Severity.Blocker });
        return Markup.Of($"{inTheWay}{Section("What was accepted", one => one.IsAccepted is true)}"
            + $"{Section("What needs care", one => one.Severity == Severity.Warning)}"
            + $"{Section("Worth knowing", one => one.Severity == Severity.Note)}");
    }

    private static Markup Section(string title, IReadOnlyList<Finding> findings) =>
        Markup.When(findings.Count > 0, () => Markup.Of($"""
            <h2>{title}</h2>
            {findings.Select(HtmlReport.Card)}
            """));

    private static Markup Checks(AssessmentReport report) => Markup.Of($"""
        <h2>What was looked at</h2>
        <details>
        <summary>{Words.Count(report.Checks.Count, "check")} in {Words.Duration(report.Seconds)}{(
            report.Checks.Any(check => !check.CouldLook) ? ", not all of which could look" : "")}</summary>
        <div class="wide"><table>
        <thead><tr><th scope="col">Check</th><th scope="col" class="count">Took</th><th scope="col"></th></tr></thead>
        <tbody>
        {report.Checks.Select(Row)}</tbody>
        </table></div>
        </details>

        """);

    private static Markup Row(AssessedCheck check) => Markup.Of($"""
        <tr><td>{check.Name}</td><td class="count" data-side="took">{Words.Duration(check.Seconds)}</td>{(
            check.CouldLook ? Looked : NotLooked)}</tr>

        """);

    private static readonly Markup Looked = new("<td class=\"mark good\">looked</td>");
    private static readonly Markup NotLooked = new("<td class=\"mark bad\">could not</td>");
}
