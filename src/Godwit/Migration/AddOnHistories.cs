using Godwit.Heroku;
using Godwit.Journal;
using Godwit.Load;

namespace Godwit.Migration;

/// <summary>What the journals of this machine tell about an add-on. Heroku names no two add-ons alike.</summary>
public static class AddOnHistories
{
    /// <param name="host">Of Heroku's API: another Heroku, such as a local one, has other add-ons.</param>
    public static AddOnHistory Of(IRunStore runs, string addOn, string host)
    {
        string? proven = null;
        var left = new HashSet<string>(StringComparer.Ordinal);
        foreach (var runId in runs.RunIds())
        {
            var story = runs.Tell(runId);
            var isThere = (story.Settings.Heroku.Host ?? host) == host;
            if (!isThere || story.Recall(RunStory.AddOnKey) != addOn)
                continue;
            if (story.Outcome == RunOutcome.Proven)
                proven ??= runId;
            if (story.Recall(EmptyingGuard.LeftKey) is { } state)
                left.Add(state);
        }

        return new(proven, left);
    }
}
