using Godwit.Pipeline;

namespace Godwit.Journal;

/// <summary>How long the steps took during which a migration has the writes stopped.</summary>
public static class MeasuredSteps
{
    /// <summary>In the order of the plan; only those that came to their end, also where they found something. A
    /// rehearsal has none of those that freeze, switch and thaw.</summary>
    public static IReadOnlyList<(string Step, TimeSpan Took)> Of(RunStory story) =>
    [
        .. from step in story.Steps
           where step.Traits.HasFlag(StepTraits.Downtime) && !step.WasAlreadyDone
           let took = step.EndedAt - step.StartedAt
           where took is not null
           select (step.Name, took.Value < TimeSpan.Zero ? TimeSpan.Zero : took.Value),
    ];
}
