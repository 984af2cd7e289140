using Godwit.App.Cli.Commands;
using Godwit.Journal;
using Godwit.Report;

namespace Godwit.Tests.Journal;

/// <summary>Runs of versions before this one, with the journals as these wrote them.</summary>
public sealed class OlderRunsTests
{
    public static string Folder(string run) => Path.Combine(Golden.Folder(), "Older", run);

    /// <summary>Their journals do not keep the traits of a step.</summary>
    [Theory]
    [InlineData("proven")]
    [InlineData("proven-created-app")]
    [InlineData("refused")]
    [InlineData("rehearsed")]
    public void A_run_is_told_as_its_own_version_told_it(string run)
    {
        var folder = Folder(run);
        var path = Path.Combine(folder, "journal.jsonl");

        var story = RunTeller.Tell(JournalReader.Read(path), path);

        Golden.Check($"Older/{run}/report.txt",
            TextReport.Write(RunReport.Of(story, folder, RunReports.After(story))));
    }
}
