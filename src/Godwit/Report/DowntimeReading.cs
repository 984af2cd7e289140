using Godwit.Journal;
using Godwit.Pipeline;
using Godwit.Requests;

namespace Godwit.Report;

/// <summary>How long writes were stopped, and what the time was spent on.</summary>
internal static class DowntimeReading
{
    // Seconds outside all steps. Fewer are only the moments between steps.
    private const double RestMin = 1;

    public static Downtime Of(RunStory story) => WithRollbacks(OfMigration(story), story.StoppedAgain);

    /// <summary>Without a later rollback's downtime.</summary>
    public static Downtime OfMigration(RunStory story)
    {
        if (story.Settings.Rehearsal is { } kind)
        {
            var expected = Said(Rehearsed(story), kind, hasStore: story.Settings.Store.Via.Length > 0);
            return new(null, null, null, IsOver: true, $"None: writes were never stopped. {expected}".TrimEnd());
        }


        var thawed = story.Recall(RunStory.ThawedAtKey);
        if (story.Recall(RunStory.FrozenAtKey) is not { } frozen)
        {
            return new(null, null, null, IsOver: true, story.Settings.Freeze.IsOn
                ? "None: writes were never stopped."
                : "Not measured: stopping the writes was left to you.");
        }

        // An undone freeze ended with its undo; no undone freeze has a thaw after a cut-over.
        if (story.StepThat(StepTraits.StopsWrites) is { UndoFault: null, UndoneAt: { } undone } && undone >= frozen)
            thawed = thawed >= frozen ? thawed : undone;

        // An older thaw belongs to an earlier attempt: the resumed run froze again.
        if (thawed >= frozen)
        {
            var seconds = ReportReading.Seconds(frozen, thawed.Value);
            return new(frozen, thawed, seconds, IsOver: true,
                $"{Words.Duration(seconds)}: writes were stopped at {Words.Clock(frozen)} and possible again at "
                + $"{Words.Clock(thawed.Value)}.")
            {
                Parts = [.. PartsOf(story, frozen, thawed.Value, seconds)],
            };
        }

        if (story.Outcome is RunOutcome.FailedAndUndone or RunOutcome.RolledBack && story.EndedAt is { } ended)
        {
            var most = ReportReading.Seconds(frozen, ended);
            return new(frozen, null, most, IsOver: true,
                $"At most {Words.Duration(most)}: "
                + $"writes were stopped at {Words.Clock(frozen)} and put back before {Words.Clock(ended)}.");
        }

        return new(frozen, null, null, IsOver: false,
            $"Not over: writes were stopped at {Words.Clock(frozen)} and are still stopped, "
            + "as far as the journal knows.");
    }

    private static Downtime WithRollbacks(Downtime first, IReadOnlyList<WritesStopped> again)
    {
        if (again.Count == 0 || !first.IsOver)
            return first;
        if (again[^1] is { Until: null } open)
        {
            return new(first.FrozenAt ?? open.From, null, null, IsOver: false,
                $"{first.Sentence} A rollback stopped them again at {Words.Clock(open.From)}, "
                + "and they are still stopped, as far as the journal knows.");
        }

        var (from, until) = (again[0].From, again[^1].Until!.Value);
        var seconds = again.Sum(one => ReportReading.Seconds(one.From, one.Until!.Value));
        var told = again.Count == 1
            ? $"A rollback stopped them again for {Words.Duration(seconds)}"
            : $"{Words.Number(again.Count)} rollbacks stopped them again for {Words.Duration(seconds)} in all";
        return first with
        {
            FrozenAt = first.FrozenAt ?? from,
            ThawedAt = until,
            Seconds = (first.Seconds ?? 0) + seconds,
            Sentence = $"{first.Sentence} {told}, between {Words.Clock(from)} and {Words.Clock(until)}.",
            Parts = [.. first.Parts, new("rollback", seconds)],
        };
    }

    /// <summary>Null: no rehearsal ran to its end.</summary>
    public static RehearsedDowntime? Rehearsed(RunStory story)
    {
        if (story.Outcome is not (RunOutcome.Rehearsed or RunOutcome.RehearsalDiffers))
            return null;
        var steps = MeasuredSteps.Of(story)
            .Select(one => new DowntimePart(one.Step, Math.Round(one.Took.TotalSeconds, 3))).ToList();
        return new(Math.Round(steps.Sum(step => step.Seconds), 3), steps);
    }

    private static string Said(RehearsedDowntime? expected, RehearsalKind kind, bool hasStore) =>
        expected is null ? "" :
        $"A migration is expected to stop them for about {Words.Duration(expected.Seconds)}: "
        + $"{string.Join(", ", expected.Steps.Select(step => $"{step.Step} {Words.Duration(step.Seconds)}"))}, "
        + "and some seconds to freeze and to switch. "
        + (kind == RehearsalKind.Local
            ? "That was measured on this machine; "
                + $"{(hasStore ? "Heroku's own restore" : "the way to Heroku's database")} may be faster or slower, "
                + "which --add-on measures."
            : "That was measured at Heroku.");

    // Of the last attempt; earlier attempts, and the pauses after them, are one part.
    private static IEnumerable<DowntimePart> PartsOf(
        RunStory story, DateTimeOffset frozen, DateTimeOffset thawed, double seconds)
    {
        var rest = seconds;
        foreach (var step in story.Steps)
        {
            if (step is not { StartedAt: { } started, EndedAt: { } ended } || ended <= frozen || started >= thawed)
                continue;
            var spent = ReportReading.Seconds(started < frozen ? frozen : started, ended > thawed ? thawed : ended);
            rest -= spent;
            yield return new(step.Name, spent);
        }

        if (rest >= RestMin)
        {
            var isBack = story.Outcome is RunOutcome.FailedAndUndone or RunOutcome.RolledBack
                && story.Recall(RunStory.ThawedAtKey) != thawed;
            var what = isBack ? "until it was put back"
                : story.Resumes > 0 ? "earlier attempts and pauses" : "between the steps";
            yield return new(what, Math.Round(rest, 3));
        }
    }
}
