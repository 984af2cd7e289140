using Godwit.Journal;

namespace Godwit.Report;

/// <summary>How long writes will be stopped, told before anything is: from the newest run that moved the same source, else from what an assessment measured.</summary>
/// <param name="Seconds">Null: only the words are known.</param>
/// <param name="RunId">The run that was measured; null: none was.</param>
public sealed record ExpectedDowntime(string Sentence, double? Seconds, string? RunId)
{
    /// <summary>The steps that pass while nobody may write. A run that stopped nothing (a rehearsal) shows by them how long it would have been.</summary>
    private static readonly string[] Frozen = ["freeze", "dump", "link", "restore", "settings", "verify", "accept", "cutover", "thaw"];

    /// <param name="source">As runs remember it.</param>
    /// <param name="newestFirst">Runs of this machine.</param>
    /// <param name="estimate">What the assessment thinks, as a clause; null: it is too small to think about.</param>
    public static ExpectedDowntime Of(string source, IEnumerable<RunStory> newestFirst, string? estimate)
    {
        foreach (var story in newestFirst.Where(one => one.Outcome is RunOutcome.Proven or RunOutcome.Rehearsed && one.Memory.GetValueOrDefault(RunStory.SourceKey) == source))
        {
            var report = RunReport.Of(story);
            var (seconds, how) = report.Downtime.Seconds is { } measured
                ? (measured, "it was with")
                : (report.Steps.Where(step => Frozen.Contains(step.Name)).Sum(step => step.Seconds ?? 0), "the steps in which it would have been stopped took with");
            return new($"about {Words.Duration(seconds)}, which {how} run {story.RunId} ({Words.Moment(story.StartedAt)})", seconds, story.RunId);
        }

        return new(estimate ?? "less than a minute, as the database is small", null, null);
    }
}
