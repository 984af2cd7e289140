using Godwit.Report;

namespace Godwit.App.Cli.Screens;

/// <summary>The outcome and the next steps, in the report's sentences.</summary>
internal static class VerdictScreen
{
    public static void Show(RunReport report, bool showsNext, TextWriter writer)
    {
        writer.WriteLine(report.Verdict);
        if (report.Because is { } because && report.Fault is null)
            writer.WriteLine(because);
        writer.WriteLine($"Downtime  {report.Downtime.Sentence}");
        if (report.Downtime.SpentOn is { } spent)
            writer.WriteLine($"          Spent on {spent}.");
        if (!showsNext)
            return;
        writer.WriteLine("Next:");
        foreach (var step in report.NextSteps.Where(step => step.Text != report.Fault?.Remedy))
        {
            writer.WriteLine($"  {step.Text}");
            if (step.Command is { } command)
                writer.WriteWhole($"      {command}");
        }
    }
}
