using Godwit.Migration;
using Godwit.Migration.Plans;
using Godwit.Pipeline;
using Godwit.Requests;

namespace Godwit.App.Cli.Screens;

/// <summary>As <c>--dry-run</c> prints it.</summary>
internal static class PlanScreen
{
    public static void Show(IReadOnlyList<PlannedStep> plan, RunSettings settings, TextWriter writer)
    {
        var route = Route.Of(settings);
        writer.WriteLine(route.UsesStore
            ? $"The plan, on the route {route.Name} (through {settings.Store.Via}):"
            : $"The plan, on the route {route.Name} ({route.Way}), "
                + $"because {settings.RouteWhy ?? "you asked for it"}{RouteChoice.NotUsed(settings.Dump)}:");
        var width = plan.Max(step => step.Name.Length);
        var number = 0;
        foreach (var step in plan)
        {
            writer.WriteLine($"  {++number,2}  {step.Name.PadRight(width)}  {step.Intent}");
            if (step.UndoIntent is { } undo)
                writer.WriteLine($"      {new string(' ', width)}  undo: {undo}");
        }

        if (plan.FirstOrDefault(step => step.Traits.HasFlag(StepTraits.PointOfNoReturn)) is { } last)
            writer.WriteLine($"When a step up to '{last.Name}' fails, the steps before it are undone, last first.");
        writer.WriteLine();
    }
}
