using Godwit.Journal;
using Godwit.Pipeline;
using Godwit.Proof;

namespace Godwit.Report;

internal static class ReportReading
{
    public static RunReport Of(RunStory story, Verdict? found)
    {
        var proof = story.StepThat(StepTraits.Proves) is { } verify
            && !story.IsOfEarlierAttempt(verify) ? found : null;
        var comparison = Compare(story, proof);
        var downtime = DowntimeReading.Of(story);
        var from = new Place(story.Source, story.Settings.From);
        var to = new Place(story.Target, story.Settings.To);
        var (verdict, because) = Verdicts.Of(story, comparison, proof, from, to);
        return new RunReport
        {
            RunId = story.RunId,
            GodwitVersion = story.GodwitVersion,
            Outcome = story.Outcome,
            Verdict = verdict,
            Because = because,
            From = from,
            To = to,
            AddOn = story.Recall(RunStory.AddOnKey),
            Via = story.Settings.Store.Via,
            Route = story.Settings.RouteOrUsual,
            RouteWhy = story.Settings.RouteWhy,
            StartedAt = story.StartedAt,
            EndedAt = story.EndedAt,
            LastSignAt = story.LastLineAt,
            Seconds = Seconds(story.StartedAt, story.EndedAt ?? story.LastLineAt),
            Resumes = story.Resumes,
            Downtime = downtime,
            ExpectedDowntime = DowntimeReading.Rehearsed(story),
            DumpBytes = story.Recall(RunStory.DumpBytesKey),
            Fault = story.Outcome is RunOutcome.Proven or RunOutcome.Rehearsed
                ? null : RehearsalWords.Of(story, story.Fault),
            NextSteps = [.. NextSteps.Of(story, downtime)],
            Findings = [.. story.Observations.OrderBy(seen => seen.Severity)],
            Steps = [.. story.Steps.Select(step => Line(step, story))],
            Comparison = comparison,
            Proof = proof,
        };
    }

    private static StepLine Line(StepStory step, RunStory story) => new(step.Name, step.Intent, step.State)
    {
        StartedAt = step.StartedAt,
        Seconds = step is { StartedAt: { } started, EndedAt: { } ended } ? Seconds(started, ended) : null,
        WasAlreadyDone = step.WasAlreadyDone,
        IsOfEarlierAttempt = story.IsOfEarlierAttempt(step),
        Claim = step.Evidence?.Claim,
        Proof = step.Evidence?.Proof,
        Fault = step.Fault,
        UndoResult = step.UndoResult,
        UndoFault = step.UndoFault,
    };

    // Of the last attempt only: an earlier one may have compared another dump.
    private static Comparison Compare(RunStory story, Verdict? proof)
    {
        if (proof is not null)
        {
            return new([.. proof.Tables.Select(table => new ComparedItem(table.Table, table.SourceRows,
                table.TargetRows, table.Outcome is Outcome.Equal or Outcome.Expected))
                .OrderBy(item => !item.IsTable).ThenBy(item => item.Name, StringComparer.Ordinal)]);
        }

        var outdated = story.Steps.Where(story.IsOfEarlierAttempt).Select(step => step.Name)
            .ToHashSet(StringComparer.Ordinal);
        return new([.. story.Comparisons.Where(item => !outdated.Contains(item.Step))
            .Select(item => new ComparedItem(item.Table, item.SourceRows, item.TargetRows))
            .OrderBy(item => !item.IsTable).ThenBy(item => item.Name, StringComparer.Ordinal)]);
    }

    /// <summary>Rounded to the millisecond; never negative, even if the clock was set back between two lines.</summary>
    internal static double Seconds(DateTimeOffset from, DateTimeOffset to) =>
        Math.Round(Math.Max(0, (to - from).TotalSeconds), 3);
}
