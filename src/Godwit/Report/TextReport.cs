using System.Text;
using Godwit.Faults;
using Godwit.Journal;
using Godwit.Proof;

namespace Godwit.Report;

/// <summary>The report for a terminal, a mail or a ticket: plain text, 100 columns unless a name or a command is
/// longer.</summary>
public static class TextReport
{
    private const int Columns = 100;

    // Room for a hundred billion rows, with its commas.
    private const int NumberColumns = 15;

    public static string Write(RunReport report)
    {
        var text = new StringBuilder();
        Wrap(text, "", $"{Verdicts.Badge(report.Outcome).ToUpperInvariant()}. {Words.Name(report.Verdict)}");
        if (report.Because is { } because)
            Wrap(text, "", because);
        text.Append('\n');
        Facts(text, report);
        Next(text, report);
        Findings(text, report);
        Steps(text, report);
        Tables(text, report);
        if (report.Proof is { } proof)
            Proof(text, proof);
        After(text, report);
        text.Append('\n').Append("Written by Godwit ").Append(Words.Version(report.GodwitVersion))
            .Append(" from the journal of run ").Append(report.RunId).Append(".\n");
        return text.ToString();
    }

    private static void Facts(StringBuilder text, RunReport report)
    {
        void Add(string name, string value) => text.Append(name.PadRight(10)).Append(Words.Name(value)).Append('\n');
        Add("Run", report.RunId);
        Add("From", Place(report.From));
        Add("To", Place(report.To));
        if (report.AddOn is { } addOn)
            Add("Add-on", addOn);
        Add("Through", report.Way);
        Add("Started", Words.Moment(report.StartedAt));
        if (report.EndedAt is { } ended)
            Add("Ended", Words.Moment(ended));
        else
            Add("Last sign", Words.Moment(report.LastSignAt));
        Add("Took", Words.Duration(report.Seconds)
            + (report.Resumes > 0 ? $", with {Words.Count(report.Resumes, "resume")}" : ""));
        Add("Downtime", report.Downtime.Sentence);
        if (report.Downtime.SpentOn is { } spent)
            Add("", $"Spent on {spent}.");
    }

    private static string Place(Place place) =>
        place.Name == place.GivenAs ? place.Name : $"{place.Name}, given as {place.GivenAs}";

    private static void Next(StringBuilder text, RunReport report)
    {
        Heading(text, "What to do now");
        foreach (var (step, number) in report.NextSteps.Select((step, index) => (step, index + 1)))
        {
            Wrap(text, "   ", step.Text, first: $"{number}. ");
            if (step.Command is { } command)
                text.Append("     ").Append(Words.Name(command)).Append('\n');
        }
    }

    private static void Findings(StringBuilder text, RunReport report)
    {
        if (report.Findings.Count > 0)
            Heading(text, "What was found");
        foreach (var finding in report.Findings)
        {
            Wrap(text, "    ", $"{finding.What}: {Words.Sentence(finding.Why)} [{finding.Code}]",
                first: $"  {finding.Severity.Word()}: ");
            Wrap(text, "    ", finding.Remedy);
        }
    }

    private static void Steps(StringBuilder text, RunReport report)
    {
        Heading(text, "The steps, each with its proof");
        foreach (var step in report.Steps)
        {
            var took = step switch
            {
                { IsOfEarlierAttempt: true } => "of an earlier attempt; the last one did not come this far",
                { WasAlreadyDone: true } => "was already so",
                { Seconds: { } seconds } => Words.Duration(seconds),
                _ => "",
            };
            Wrap(text, "      ", $"{step.Name}: {step.Intent}{(took.Length > 0 ? $" ({took})" : "")}",
                first: $"  {Mark(step)} ");
            if (step.Claim is { } claim)
                Wrap(text, "      ", Words.Sentence(claim));
            if (step.Proof is { } proof)
                Wrap(text, "      ", proof);
            if (step.Fault is { } fault)
                Wrap(text, "      ", $"Failed: {Said(fault)}");
            if (step.UndoResult is { } putBack)
                Wrap(text, "      ", $"Put back: {Words.Sentence(putBack)}");
            if (step.UndoFault is { } left)
                Wrap(text, "      ", $"NOT put back: {Said(left)} {left.Remedy}");
        }
    }

    private static void Tables(StringBuilder text, RunReport report)
    {
        if (report.Comparison.Compared == 0)
            return;
        Heading(text, "The tables, side by side");
        text.Append("  ").Append("source rows".PadLeft(NumberColumns))
            .Append("target rows".PadLeft(NumberColumns)).Append('\n');
        foreach (var item in report.Comparison.Items)
        {
            text.Append(item.Equal ? "  " : "! ").Append(Numbers(item.SourceRows, item.TargetRows))
                .Append(item.Equal ? "  equal    " : "  DIFFERS  ")
                .Append(Words.Name(Verdicts.Plain(item))).Append('\n');
        }

        var (all, equal) = (Words.Count(report.Comparison.Compared, "comparison"),
            Words.Number(report.Comparison.Equal));
        text.Append("  ").Append(Numbers(report.Comparison.SourceRows, report.Comparison.TargetRows))
            .Append("  ").Append(Words.Count(report.Comparison.Tables, "table")).Append("; ").Append(equal)
            .Append(" of ").Append(all).Append(" equal\n");
    }

    // What differs beyond the numbers above; the rows themselves are on the page.
    private static void Proof(StringBuilder text, Verdict proof)
    {
        void Section(string title, IEnumerable<string> lines)
        {
            foreach (var (line, at) in lines.Select((line, at) => (line, at)))
            {
                if (at == 0)
                    Heading(text, title);
                Wrap(text, "    ", line, first: "  ");
            }
        }

        Section("What differs", [
            .. proof.Differing.Select(table => $"{Words.Name(table.Table)}: {ProofWords.Difference(table)}"),
            .. proof.DifferingObjects.Select(one => $"{one.Class} {Words.Name(one.Name)}: "
                + (one.Target is null ? "missing at the target"
                    : one.Source is null ? "only at the target" : "differs"))]);
        Section("Fresher than at the source",
            proof.Fresher.Select(one => $"{Words.Name(one.Table)}: {ProofWords.Fresher(one)}"));
        Section("Not compared", proof.NotCompared.Select(one => $"{Words.Name(one.What)}: {one.Because}"));
        Section("Different, as expected", proof.Expected.Select(one => $"{Words.Name(one.What)}: {one.Why}"));
    }

    private static void After(StringBuilder text, RunReport report)
    {
        if (report.AfterTheMove.Count > 0)
            Heading(text, Verdicts.AfterTheMove);
        foreach (var (step, number) in report.AfterTheMove.Select((step, index) => (step, index + 1)))
        {
            Wrap(text, "    ", step.Text, first: $"{number,2}. ");
            foreach (var command in step.Commands)
                text.Append("      ").Append(Words.Name(command)).Append('\n');
        }

        if (report.AfterTheMove.Count > 0)
            Wrap(text, "", $"To see which of them are done: godwit after {report.RunId}");
    }

    private static string Numbers(long? source, long? target) =>
        Words.Number(source).PadLeft(NumberColumns) + Words.Number(target).PadLeft(NumberColumns);

    private static string Said(Fault fault) => $"{fault.What}: {Words.Sentence(fault.Why)} [{fault.Code}]";

    private static string Mark(StepLine step) => step switch
    {
        { IsOfEarlierAttempt: true, UndoFault: null } => "…",
        { UndoFault: not null } or { State: StepState.Failed } => "✗",
        { State: StepState.Done } => "✓",
        { State: StepState.Undone } => "↶",
        _ => "…",
    };

    private static void Heading(StringBuilder text, string title) => text.Append('\n').Append(title).Append('\n');

    private static void Wrap(StringBuilder text, string indent, string words, string? first = null)
    {
        foreach (var line in Words.Block(words).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var start = text.Length;
            text.Append(first ?? indent);
            first = null;
            var empty = true;
            foreach (var word in line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                if (!empty && text.Length - start + 1 + word.Length > Columns)
                {
                    text.Append('\n');
                    start = text.Length;
                    text.Append(indent);
                    empty = true;
                }

                if (!empty)
                    text.Append(' ');
                text.Append(word);
                empty = false;
            }

            text.Append('\n');
        }
    }
}
