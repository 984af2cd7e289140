using Godwit.Journal;
using Godwit.Migration;

namespace Godwit.App.Cli;

/// <summary>The plan of a run, as <c>--dry-run</c> prints it.</summary>
internal static class PlanScreen
{
    public static void Show(IReadOnlyList<PlannedStep> plan, RunSettings settings, TextWriter writer)
    {
        writer.WriteLine(settings.IsDirect
            ? "The plan, on the route direct (from server to server), "
                + $"because {settings.RouteWhy ?? "you asked for it"}{RouteFlags.NotUsed(settings)}:"
            : $"The plan, on the route backup (through {settings.Via}):");
        var width = plan.Max(step => step.Name.Length);
        var number = 0;
        foreach (var step in plan)
        {
            writer.WriteLine($"  {++number,2}  {step.Name.PadRight(width)}  {step.Intent}");
            if (step.UndoIntent is { } undo)
                writer.WriteLine($"      {new string(' ', width)}  undo: {undo}");
        }

        writer.WriteLine(
            $"When a step up to '{Route.PointOfNoReturn}' fails, the steps before it are undone, last first.");
        writer.WriteLine();
    }
}
