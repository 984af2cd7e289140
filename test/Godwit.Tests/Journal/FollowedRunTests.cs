using System.Text.Json;
using Godwit.Journal;

namespace Godwit.Tests.Journal;

/// <summary>What another process can see of a run while it goes.</summary>
public sealed class FollowedRunTests : IDisposable
{
    private static readonly DateTimeOffset At = new(2026, 11, 23, 1, 2, 3, TimeSpan.Zero);

    private readonly string _root = Directory.CreateTempSubdirectory("godwit-followed-").FullName;
    private readonly RunFolder _folder;
    private readonly string _runId;
    private readonly string _path;

    public FollowedRunTests()
    {
        _folder = new RunFolder(_root);
        using var journal = _folder.Create(TimeProvider.System);
        (_runId, _path) = (journal.RunId, _folder.JournalOf(journal.RunId));
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void The_process_that_works_on_a_run_is_known_while_it_does()
    {
        Assert.False(_folder.IsHeld(_runId));
        using (RunJournal.Open(_path, TimeProvider.System))
        {
            Assert.Equal(Environment.ProcessId, _folder.ProcessOf(_runId)?.ProcessId);
            Assert.True(_folder.IsHeld(_runId));
        }

        Assert.Null(_folder.ProcessOf(_runId));
        Assert.False(_folder.IsHeld(_runId));
    }

    [Theory]
    [InlineData(1, "", "")]
    [InlineData(0, "another-boot", "")]
    [InlineData(0, "", "pid:[1]")]
    public void A_note_of_another_process_with_the_same_id_proves_nothing_and_gets_no_signal(
        long ticks, string boot, string space)
    {
        var self = RunProcess.Of(Environment.ProcessId)!;
        var other = self with
        {
            StartedAtTicks = self.StartedAtTicks - ticks,
            Boot = boot.Length > 0 ? boot : self.Boot,
            Namespace = space.Length > 0 ? space : self.Namespace,
        };
        File.WriteAllText(Path.Combine(_folder.FilesOf(_runId), "process.json"),
            JsonSerializer.Serialize(other, JournalJson.Options));

        Assert.Null(_folder.ProcessOf(_runId));
        Assert.False(_folder.IsHeld(_runId));
        Assert.False(other.AskToStop());
    }

    [Fact]
    public void A_run_whose_process_cannot_be_seen_is_held_as_long_as_its_lock_is()
    {
        using var journal = RunJournal.Open(_path, TimeProvider.System);
        File.Delete(Path.Combine(_folder.FilesOf(_runId), "process.json"));

        Assert.Null(_folder.ProcessOf(_runId));
        Assert.True(_folder.IsHeld(_runId));
    }

    [Fact]
    public void A_line_is_told_once_and_when_it_is_whole()
    {
        var tail = new JournalTail(_path);
        var line = JsonSerializer.Serialize<JournalLine>(new Remembered(At, "a", "ä"), JournalJson.Options) + "\n";
        File.WriteAllText(_path, line + line[..20]);
        Assert.Equal([new Remembered(At, "a", "ä")], tail.ReadNew());
        Assert.Empty(tail.ReadNew());

        File.AppendAllText(_path, line[20..]);

        Assert.Equal([new Remembered(At, "a", "ä")], tail.ReadNew());
        Assert.Empty(tail.ReadNew());
    }
}
