using Godwit.Journal;

namespace Godwit.Report;

/// <summary>How long writes will be stopped, known before they are: from the newest run that moved the same source,
/// else from what an assessment measured.</summary>
/// <param name="Seconds">Null: only the words are known.</param>
/// <param name="RunId">The measured run; null: none.</param>
public sealed record ExpectedDowntime(string Sentence, double? Seconds, string? RunId)
{
    /// <param name="source">Its name, as runs remember it.</param>
    /// <param name="newestFirst">Runs of this machine.</param>
    /// <param name="estimate">The assessment's, as a clause; null: the database is too small for one.</param>
    public static ExpectedDowntime Of(string source, IEnumerable<RunStory> newestFirst, string? estimate)
    {
        foreach (var story in newestFirst.Where(one => one.Outcome is RunOutcome.Proven or RunOutcome.Rehearsed
            && one.Recall(RunStory.SourceKey) == source))
        {
            // A run that stopped nothing (a rehearsal) is measured by its steps.
            var (seconds, how) = DowntimeReading.OfMigration(story).Seconds is { } measured
                ? (measured, "it was with")
                : (Math.Round(MeasuredSteps.Of(story).Sum(step => step.Took.TotalSeconds), 3),
                    "the steps in which it would have been stopped took with");
            return new(
                $"about {Words.Duration(seconds)}, which {how} run {story.RunId} ({Words.Moment(story.StartedAt)})",
                seconds, story.RunId);
        }

        return new(estimate ?? "less than a minute, as the database is small", null, null);
    }
}
