using Godwit.Assess;
using Godwit.Report;

namespace Godwit.App.Cli;

/// <summary>An assessment, for people.</summary>
internal static class AssessScreen
{
    public static void Show(Assessment assessment, TextWriter writer)
    {
        writer.WriteLine($"Assessment of {Words.Name(assessment.Source)}");
        var width = assessment.Facts.Select(fact => fact.Key.Length).DefaultIfEmpty().Max();
        foreach (var (name, value) in assessment.Facts)
            writer.WriteLine($"  {name.PadRight(width)}  {Words.Name(value)}");
        foreach (var finding in assessment.Findings)
        {
            writer.WriteLine();
            writer.WriteLine($"{finding.Severity.Word()}  {Words.Name(finding.What)}  [{finding.Code}]");
            writer.WriteLine($"  because {Words.Name(finding.Why)}");
            if (finding.Remedy.Length > 0)
                writer.WriteLine($"  next: {Words.Block(finding.Remedy)}");
        }

        writer.WriteLine();
        var blockers = assessment.Blockers.Count();
        writer.WriteLine(blockers == 0 ? "Nothing stands in the way." : $"{Words.Count(blockers, "thing")} in the way.");
    }
}
