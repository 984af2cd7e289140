using Godwit.Journal;
using Godwit.Migration.After;
using Godwit.Report;

namespace Godwit.App.Cli.Commands;

/// <summary>A run's report with the list of what is left to do. Only that list knows providers and Heroku.</summary>
internal static class RunReports
{
    public static RunReport Of(RunStory story, RunFolder runs) =>
        RunReport.Of(story, runs.FilesOf(story.RunId), After(story));

    public static IReadOnlyList<AfterStep> After(RunStory story) =>
        [.. AfterList.Of(story).Select(one => new AfterStep(one.Key, one.Text, one.Commands))];
}
