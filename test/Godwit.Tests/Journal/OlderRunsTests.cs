using System.Text.Json;
using Godwit.App.Cli.Commands;
using Godwit.Dump;
using Godwit.Faults;
using Godwit.Journal;
using Godwit.Proof;
using Godwit.Report;
using Godwit.Requests;
using Godwit.Storage;

namespace Godwit.Tests.Journal;

/// <summary>Runs of versions before this one, with the journals as these wrote them.</summary>
public sealed class OlderRunsTests
{
    public static string Folder(string run) => Path.Combine(Golden.Folder(), "Older", run);

    /// <summary>Their journals do not keep the traits of a step.</summary>
    [Theory]
    [InlineData("every-setting")]
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

    /// <summary>The version before can read what this one writes, and the other way round.</summary>
    [Fact]
    public void What_a_run_was_told_is_written_as_it_was_read_to_the_byte()
    {
        var lines = Directory.GetFiles(Path.Combine(Golden.Folder(), "Older"), "journal.jsonl",
            SearchOption.AllDirectories).SelectMany(File.ReadLines)
            .Where(line => line.Contains("\"settings\":{", StringComparison.Ordinal)).ToList();

        Assert.All(lines, line => Assert.Equal(line,
            JsonSerializer.Serialize(JsonSerializer.Deserialize<JournalLine>(line, JournalJson.Options),
                JournalJson.Options)));
        Assert.True(lines.Count > 5);
    }

    [Fact]
    public void Words_of_a_later_version_are_read_as_the_usual_ones_and_its_store_is_kept()
    {
        var settings = JsonSerializer.Deserialize<RunSettings>("""
            {"from":"env:A","to":"heroku:a","via":"newer://b","freeze_how":"x","verify":"x","engine":"x","route":"x"}
            """, JournalJson.Options)!;

        Assert.Equal((FreezeHow.ReadOnly, VerifyLevel.Checksums, DumpEngineKind.Godwit, "x"),
            (settings.Freeze.How, settings.Verify.Level, settings.Dump.Engine, settings.Route));
        Assert.Equal("newer://b", settings.Store.Via);
        Assert.Equal("storage.address_malformed", Assert.Throws<FaultException>(() =>
            ObjectStores.Open(settings.Store.Address!, new(), null!, TimeProvider.System)).Fault.Code);
    }
}
