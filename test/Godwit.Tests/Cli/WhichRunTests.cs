using Godwit.App.Cli;
using Godwit.Tests.Journal;

namespace Godwit.Tests.Cli;

/// <summary>Which run a rollback without a name is for.</summary>
public sealed class WhichRunTests : IDisposable
{
    private const string Older = "20260101-000000-aaaa", Newer = "20260102-000000-bbbb";

    private readonly ArchiveWorld _world = new();

    public WhichRunTests() => _world.Environment = name => name == "GODWIT_HOME" ? _world.FileOf("home") : null;

    public void Dispose() => _world.Dispose();

    /// <summary>In a hurry behind the cut-over of one app, nobody means what another one's run has left.</summary>
    [Fact]
    public async Task Where_the_newest_ended_well_and_an_older_one_is_unfinished_both_are_named_and_nothing_is_done()
    {
        Write(Older, isEnded: false);
        Write(Newer, isEnded: true);

        Assert.Equal(ExitCodes.Usage, await _world.GodwitAsync(["rollback"]));

        Assert.Contains($"godwit rollback {Newer}", _world.Error, StringComparison.Ordinal);
        Assert.Contains($"godwit rollback {Older}", _world.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_all_ended_well_the_newest_is_named()
    {
        Write(Older, isEnded: true);
        Write(Newer, isEnded: true);

        Assert.Equal(ExitCodes.Usage, await _world.GodwitAsync(["rollback"]));

        Assert.Contains($"godwit rollback {Newer}", _world.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(Older, _world.Error, StringComparison.Ordinal);
    }

    /// <summary>Of a run that was proven, or was killed right before its journal said so.</summary>
    private void Write(string runId, bool isEnded)
    {
        var lines = File.ReadAllLines(Path.Combine(OlderRunsTests.Folder("proven"), "journal.jsonl"));
        var folder = Directory.CreateDirectory(Path.Combine(_world.FileOf("home"), "runs", runId)).FullName;
        var was = System.Text.Json.Nodes.JsonNode.Parse(lines[0])!["run_id"]!.GetValue<string>();
        File.WriteAllLines(Path.Combine(folder, "journal.jsonl"),
            (isEnded ? lines : lines[..^1]).Select(line => line.Replace(was, runId, StringComparison.Ordinal)));
    }
}
