using System.Text;
using Godwit.Faults;
using Godwit.Journal;

namespace Godwit.Report;

/// <summary>The report for a terminal, a mail or a ticket: plain text, 100 columns unless a name or a command is longer.</summary>
public static class TextReport
{
    private const int Columns = 100;

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
        text.Append('\n').Append("Written by Godwit ").Append(report.GodwitVersion).Append(" from the journal of run ").Append(report.RunId).Append(".\n");
        return text.ToString();
    }

    private static void Facts(StringBuilder text, RunReport report)
    {
        void Add(string name, string value) => text.Append(name.PadRight(10)).Append(Words.Name(value)).Append('\n');
        Add("Run", report.RunId);
        Add("From", Place(report.From));
        Add("To", Place(report.To));
        Add("Through", report.Via + (report.DumpBytes is { } bytes ? $" (a dump of {Words.Bytes(bytes)})" : ""));
        Add("Started", Words.Moment(report.StartedAt));
        if (report.EndedAt is { } ended)
            Add("Ended", Words.Moment(ended));
        else
            Add("Last sign", Words.Moment(report.LastSignAt));
        Add("Took", Words.Duration(report.Seconds) + (report.Resumes > 0 ? $", with {Words.Count(report.Resumes, "resume")}" : ""));
        Add("Downtime", report.Downtime.Sentence);
    }

    private static string Place(Place place) => place.Name == place.GivenAs ? place.Name : $"{place.Name}, given as {place.GivenAs}";

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
            Wrap(text, "    ", $"{finding.What}: {Words.Sentence(finding.Why)} [{finding.Code}]", first: $"  {finding.Severity}: ");
            Wrap(text, "    ", finding.Remedy);
        }
    }

    private static void Steps(StringBuilder text, RunReport report)
    {
        Heading(text, "The steps, each with its proof");
        foreach (var step in report.Steps)
        {
            var took = step.WasAlreadyDone ? "was done already" : step.Seconds is { } seconds ? Words.Duration(seconds) : "";
            Wrap(text, "      ", $"{step.Name}: {step.Intent}{(took.Length > 0 ? $" ({took})" : "")}", first: $"  {Mark(step)} ");
            if (step.Claim is { } claim)
                Wrap(text, "      ", Words.Sentence(claim));
            if (step.Proof is { } proof)
                Wrap(text, "      ", proof);
            if (step.Fault is { } fault)
                Wrap(text, "      ", $"Failed: {Said(fault)}");
            if (step.WhatWasPutBack is { } putBack)
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
        text.Append("  ").Append("source rows".PadLeft(13)).Append("target rows".PadLeft(15)).Append('\n');
        foreach (var table in report.Comparison.Tables)
        {
            text.Append(table.Equal ? "  " : "! ").Append(Words.Number(table.SourceRows).PadLeft(13)).Append(Words.Number(table.TargetRows).PadLeft(15))
                .Append(table.Equal ? "  equal    " : "  DIFFERS  ").Append(Words.Name(table.Table)).Append('\n');
        }

        text.Append("  ").Append(Words.Number(report.Comparison.SourceRows).PadLeft(13)).Append(Words.Number(report.Comparison.TargetRows).PadLeft(15))
            .Append("  ").Append(Words.Number(report.Comparison.Equal)).Append(" of ").Append(Words.Count(report.Comparison.Compared, "table")).Append(" equal\n");
    }

    private static string Said(Fault fault) => $"{fault.What}: {Words.Sentence(fault.Why)} [{fault.Code}]";

    private static string Mark(StepLine step) => step switch
    {
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
