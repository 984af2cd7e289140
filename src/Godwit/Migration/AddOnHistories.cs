using Godwit.Heroku;
using Godwit.Journal;
using Godwit.Targets;

namespace Godwit.Migration;

/// <summary>From this machine's journals. Add-on names are unique at Heroku.</summary>
public static class AddOnHistories
{
    /// <param name="host">Of Heroku's API. Another host, such as a local one, has other add-ons.</param>
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
            if (story.Recall(TargetGuard.LeftKey) is { } state)
                left.Add(state);
        }

        return new(proven, left);
    }
}
