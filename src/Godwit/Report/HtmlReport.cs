using Godwit.Faults;
using Godwit.Journal;

namespace Godwit.Report;

public static class HtmlReport
{
    public static string Write(RunReport report) => HtmlPage.Write(
        $"{Verdicts.Badge(report.Outcome)}: {report.From.Name} to {report.To.Name}", "migration report",
        report.RunId, Parts(report),
        Markup.Of($"""
            Written by Godwit {Words.Version(report.GodwitVersion)} from the journal of run {report.RunId}.
            All times are UTC.
            This page needs no network and holds no password.
            """));

    private static IEnumerable<Markup> Parts(RunReport report) =>
    [
        Verdict(report), Figures(report), Facts(report), Next(report),
        HtmlSections.PutBack(report), HtmlSections.Findings(report), HtmlSections.Steps(report),
        .. report.Proof is { } proof ? ProofSections.All(proof) : [HtmlSections.Tables(report)],
        HtmlSections.After(report),
    ];

    private static string Tone(RunOutcome outcome) => outcome switch
    {
        RunOutcome.Proven or RunOutcome.Rehearsed => "good",
        RunOutcome.NeedsAPerson => "bad",
        RunOutcome.FailedAndUndone or RunOutcome.Refused or RunOutcome.RehearsalDiffers => "care",
        _ => "calm",
    };

    private static Markup Verdict(RunReport report)
    {
        // Proven steps with differing tables do not make a green page.
        var tone = new Markup(report is { Outcome: RunOutcome.Proven, Comparison.IsProof: false }
            ? "care" : Tone(report.Outcome));
        var because = report.Because is { } why ? Markup.Of($"<p class=\"because lines\">{why}</p>") : Markup.None;
        return Markup.Of($"""
            <section class="verdict {tone}">
            <p class="badge">{Verdicts.Badge(report.Outcome)}</p>
            <h1>{Words.Name(report.Verdict)}</h1>{because}
            </section>

            """);
    }

    private static Markup Figures(RunReport report)
    {
        List<Markup> figures = [];
        void Add(string name, string value) => figures.Add(Markup.Of($"<div><dt>{name}</dt><dd>{value}</dd></div>\n"));
        if (report.Comparison.Compared > 0)
        {
            Add(report.Comparison.Different == 0 ? "tables, all equal" : "comparisons equal",
                report.Comparison.Different == 0
                    ? Words.Number(report.Comparison.Tables)
                    : $"{Words.Number(report.Comparison.Equal)} of {Words.Number(report.Comparison.Compared)}");
            Add("rows in the target", Words.Number(report.Comparison.TargetRows));
        }

        if (report.ExpectedDowntime is { } expected)
            Add("downtime, expected", Words.Duration(expected.Seconds));
        if (report.Downtime is { FrozenAt: not null, IsOver: true, Seconds: { } still })
            Add(report.Downtime.ThawedAt is null ? "downtime, at most" : "downtime", Words.Duration(still));
        else if (!report.Downtime.IsOver)
            Add("writes", "still stopped");
        Add("start to end", Words.Duration(report.Seconds));
        return Markup.Of($"<dl class=\"figures\">\n{figures}</dl>\n");
    }

    private static Markup Facts(RunReport report)
    {
        List<Markup> facts = [];
        void Add(string name, Markup value) => facts.Add(Markup.Of($"<dt>{name}</dt><dd>{value}</dd>\n"));
        Add("From", PlaceOf(report.From));
        Add("To", PlaceOf(report.To));
        if (report.AddOn is { } addOn)
            Add("Add-on", Markup.Of($"{Words.Name(addOn)}"));
        Add("Through", Markup.Of($"{Words.Name(report.Way)}"));
        Add("Started", Markup.Of($"{Words.Moment(report.StartedAt)}"));
        if (report.EndedAt is { } ended)
            Add("Ended", Markup.Of($"{Words.Moment(ended)}{Resumed(report)}"));
        else
            Add("Last sign of life", Markup.Of($"{Words.Moment(report.LastSignAt)}{Resumed(report)}"));
        Add("Downtime", Markup.Of(
            $"{report.Downtime.Sentence}{(report.Downtime.SpentOn is { } spent ? $" Spent on {spent}." : "")}"));
        return Markup.Of($"<dl class=\"facts\">\n{facts}</dl>\n");
    }

    private static string Resumed(RunReport report) => report.Resumes switch
    {
        0 => "",
        1 => ", resumed once",
        var times => $", resumed {Words.Number(times)} times",
    };

    private static Markup PlaceOf(Place place) => place.Name == place.GivenAs
        ? Markup.Of($"{Words.Name(place.Name)}")
        : Markup.Of($"{Words.Name(place.Name)} <span class=\"soft\">given as {Words.Name(place.GivenAs)}</span>");

    private static Markup Next(RunReport report) => Markup.When(report.NextSteps.Count > 0, () => Markup.Of($"""
        <h2>What to do now</h2>
        <ol class="next">
        {report.NextSteps.Select(step =>
            Markup.Of($"<li><span class=\"lines\">{step.Text}</span>{Command(step)}</li>\n"))}</ol>

        """));

    private static Markup Command(NextStep step) =>
        step.Command is { } command ? Markup.Of($"<pre>{Words.Name(command)}</pre>") : Markup.None;

    internal static Markup Card(string tone, string label, Fault fault) =>
        Card(tone, label, fault.Code, fault.What, fault.Why, fault.Remedy);

    internal static Markup Card(Finding finding)
    {
        var tone = finding switch
        {
            { IsAccepted: true } or { Severity: Severity.Warning } => "care",
            { Severity: Severity.Blocker } => "bad",
            _ => "calm",
        };
        return Card(tone, finding.IsAccepted is true ? "accepted" : finding.Severity.Word(), finding.Code,
            finding.What, finding.Why, finding.Remedy);
    }

    private static Markup Card(string tone, string label, string code, string what, string why, string remedy) =>
        Markup.Of($"""
            <div class="card {tone}">
            <p class="label"><b>{label}</b> <code>{code}</code></p>
            <h3>{what}</h3>
            <p class="lines"><span class="soft">Why:</span> {Words.Sentence(why)}</p>{NextLine(remedy)}
            </div>

            """);

    // Text below a line that ends with a colon is for pasting.
    private static Markup NextLine(string remedy)
    {
        if (remedy.Length == 0)
            return Markup.None;
        var (said, paste) = Words.Pasteable(remedy);
        return Markup.Of($"<p class=\"lines\"><span class=\"soft\">Next:</span> "
            + $"{said}</p>{Markup.When(paste.Length > 0, () => Markup.Of($"<pre>{paste}</pre>"))}");
    }
}
