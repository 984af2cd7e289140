using Godwit.Pipeline;

namespace Godwit.Journal;

/// <summary>Durations of the steps during which a migration stops the writes.</summary>
public static class MeasuredSteps
{
    /// <summary>In the order of the plan; only steps that ended, also with a fault. A rehearsal does not freeze, switch
    /// or thaw.</summary>
    public static IReadOnlyList<(string Step, TimeSpan Took)> Of(RunStory story) =>
    [
        .. from step in story.Steps
           where step.Traits.HasFlag(StepTraits.Downtime) && !step.WasAlreadyDone
           let took = step.EndedAt - step.StartedAt
           where took is not null
           select (step.Name, took.Value < TimeSpan.Zero ? TimeSpan.Zero : took.Value),
    ];
}
