using Godwit.Faults;
using Godwit.Journal;

namespace Godwit.Report;

/// <summary>The page's lower half: what was restored, what was found, the steps, the tables.</summary>
internal static class HtmlSections
{
    private static readonly Markup Check = new("<path d=\"M2.5 7.5 5.5 10.5 11.5 3.5\"/>");
    private static readonly Markup Cross = new("<path d=\"M3 3 11 11M11 3 3 11\"/>");
    private static readonly Markup Back = new("<path d=\"M5.5 2 2.5 5 5.5 8M2.5 5H8a3.5 3.5 0 0 1 0 7H5\"/>");
    private static readonly Markup Dots = new("<path d=\"M2.5 7h.01M7 7h.01M11.5 7h.01\"/>");

    public static Markup PutBack(RunReport report)
    {
        var undone = report.Steps.Where(step => step.UndoResult is not null).ToList();
        var left = report.Steps.Where(step => step.UndoFault is not null).ToList();
        var title = (undone.Count, left.Count) switch
        {
            (_, 0) => "What was put back",
            (0, _) => "What could not be put back",
            _ => "What was put back, and what was not",
        };
        return Markup.When(undone.Count + left.Count > 0, () => Markup.Of($"""
            <h2>{title}</h2>
            {left.Select(NotUndone)}{undone.Select(Undone)}
            """));
    }

    private static Markup NotUndone(StepLine step) =>
        HtmlReport.Card("bad", $"not put back: {step.Name}", step.UndoFault!);

    public static Markup Findings(RunReport report)
    {
        var loud = report.Findings.Where(finding => finding.Severity != Severity.Note).ToList();
        var quiet = report.Findings.Except(loud).ToList();
        return Markup.When(report.Findings.Count > 0, () => Markup.Of($"""
            <h2>What was found</h2>
            {loud.Select(one => HtmlReport.Card(one.Finding))}{Markup.When(quiet.Count > 0, () => Markup.Of($"""
            <details><summary>{Words.Count(quiet.Count, "note")}</summary><div class="inside">
            {quiet.Select(one => HtmlReport.Card(one.Finding))}</div></details>

            """))}
            """));
    }

    public static Markup Steps(RunReport report) => Markup.When(report.Steps.Count > 0, () => Markup.Of($"""
        <h2>The steps, each with its proof</h2>
        <ol class="steps">
        {report.Steps.Select(Step)}</ol>

        """));

    public static Markup Tables(RunReport report)
    {
        var all = report.Comparison;
        if (all.Compared == 0)
            return Markup.None;
        var different = all.Items.Where(item => !item.Equal).ToList();
        var summary = different.Count == 0
            ? $"All {Words.Count(all.Tables, "table")}, {Words.Count(all.SourceRows, "row")}: equal"
            : $"All {Words.Count(all.Compared, "comparison")}: "
                + $"{Words.Number(all.Equal)} equal, {Words.Number(all.Different)} different";
        return Markup.Of($"""
            <h2>The tables, side by side</h2>
            {Different(different)}<details>
            <summary>{summary}</summary>
            {Table(all.Items, Total(all))}</details>
            <p class="said">Equal means the same exact number of rows on both sides.
            Every table counts for itself: one with partitions or heirs does not count theirs.</p>

            """);
    }

    public static Markup After(RunReport report) => Markup.When(report.AfterTheMove.Count > 0, () => Markup.Of($"""
        <h2>{Verdicts.AfterTheMove}</h2>
        <ol class="next">
        {report.AfterTheMove.Select(Left)}</ol>
        <p class="said">To see which of them are done: <code>godwit after {report.RunId}</code></p>

        """));

    private static Markup Left(AfterStep step) => Markup.Of($"""
        <li><span class="lines">{step.Text}</span>{step.Commands.Select(Pasted)}</li>

        """);

    private static Markup Pasted(string command) => Markup.Of($"<pre>{Words.Name(command)}</pre>");

    private static Markup Different(IReadOnlyList<ComparedItem> different) =>
        Markup.When(different.Count > 0,
            () => Markup.Of($"<div class=\"different\">{Table(different, Markup.None)}</div>\n"));

    private static Markup Undone(StepLine step) => Markup.Of($"""
        <div class="card good">
        <p class="label"><b>put back</b> {step.Name}</p>
        <p class="lines">{Words.Sentence(step.UndoResult!)}</p>
        </div>

        """);

    private static Markup Step(StepLine step)
    {
        var (tone, icon, state) = Look(step);
        var took = step.Seconds is { } seconds && !step.WasAlreadyDone
            ? Markup.Of($"<span class=\"took\">{Words.Duration(seconds)}</span>")
            : Markup.None;
        return Markup.Of($"""
            <li class="{tone}"><svg viewBox="0 0 14 14" aria-hidden="true">{icon}</svg>
            <div class="line">
            <h3>{step.Name} <span>{step.Intent}</span><span class="unseen">: {state}</span></h3>{took}</div>
            {StepBody(step)}</li>

            """);
    }

    private static Markup StepBody(StepLine step)
    {
        List<Markup> lines = [];
        if (step.Claim is { } claim)
            lines.Add(Markup.Of($"<p class=\"claim lines\">{Words.Sentence(claim)}</p>\n"));
        if (step.Proof is { } proof)
            lines.Add(Markup.Of($"<p class=\"proof lines\">{proof}</p>\n"));
        if (step.IsOfEarlierAttempt)
            lines.Add(Markup.Of(
                $"<p class=\"again\">Of an earlier attempt; the last one did not come this far.</p>\n"));
        else if (step.WasAlreadyDone)
            lines.Add(Markup.Of($"<p class=\"again\">It was already so; nothing had to be done.</p>\n"));
        if (step.Fault is { } fault)
            lines.Add(Markup.Of($"<p class=\"trouble lines\">{fault.What}: "
                + $"{Words.Sentence(fault.Why)} <code>{fault.Code}</code></p>\n"));
        if (step.UndoResult is { } putBack)
            lines.Add(Markup.Of($"<p class=\"proof lines\">Put back: {Words.Sentence(putBack)}</p>\n"));
        if (step.UndoFault is { } left)
        {
            lines.Add(Markup.Of($"<p class=\"trouble lines\">Not put back: {left.What}: "
                + $"{Words.Sentence(left.Why)} <code>{left.Code}</code></p>\n"));
        }

        return Markup.Of($"{lines}");
    }

    private static (Markup Tone, Markup Icon, string State) Look(StepLine step) => step switch
    {
        { IsOfEarlierAttempt: true, UndoFault: null } => (new("calm"), Dots, "of an earlier attempt"),
        { UndoFault: not null } => (new("bad"), Cross, "could not be put back"),
        { State: StepState.Done } => (new("good"), Check, "done"),
        { State: StepState.Failed } => (new("bad"), Cross, "failed"),
        { State: StepState.Undone, Fault: not null } => (new("bad"), Back, "failed and put back"),
        { State: StepState.Undone } => (new("calm"), Back, "put back"),
        { State: StepState.Running } => (new("calm"), Dots, "not ended"),
        _ => (new("calm"), Dots, "not started"),
    };

    private static Markup Table(IReadOnlyList<ComparedItem> items, Markup total) => Markup.Of($"""
        <div class="wide"><table>
        <thead><tr><th scope="col">Table</th>
        <th scope="col" class="count">Source rows</th><th scope="col" class="count">Target rows</th>
        <th scope="col"></th></tr></thead>
        <tbody>
        {items.Select(Row)}</tbody>{total}
        </table></div>
        """);

    private static Markup Row(ComparedItem item) => Markup.Of($"""
        <tr><td>{NameOf(item)}</td>{Numbers(item.SourceRows, item.TargetRows)}{(
            item.Equal ? EqualMark : DifferentMark)}</tr>

        """);

    private static Markup NameOf(ComparedItem item) => item.IsTable
        ? Markup.Of($"<bdi>{Words.Name(item.Name)}</bdi>")
        : Markup.Of($"<span class=\"soft\">{Words.Name(Verdicts.Plain(item))}</span>");

    private static Markup Numbers(long? source, long? target) => Markup.Of($"""
        <td class="count" data-side="source">{Words.Number(source)}</td>
        <td class="count" data-side="target">{Words.Number(target)}</td>
        """);

    private static readonly Markup EqualMark = new("<td class=\"mark good\">equal</td>");
    private static readonly Markup DifferentMark = new("<td class=\"mark bad\">differs</td>");

    private static Markup Total(Comparison all) => Markup.Of($"""
        <tfoot><tr><td>{Words.Count(all.Tables, "table")}</td>
        {Numbers(all.SourceRows, all.TargetRows)}<td></td></tr></tfoot>
        """);
}
