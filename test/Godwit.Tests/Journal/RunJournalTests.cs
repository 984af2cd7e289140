using Godwit.Faults;
using Godwit.Journal;
using Godwit.Pipeline;
using Godwit.Requests;
using Godwit.Tests.Cli;

namespace Godwit.Tests.Journal;

public sealed class RunJournalTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("godwit-journal-").FullName;
    private readonly RunFolder _folder;
    private readonly string _runId;
    private readonly string _path;

    public RunJournalTests()
    {
        _folder = new RunFolder(_root);
        using var journal = _folder.Create(TimeProvider.System);
        (_runId, _path) = (journal.RunId, _folder.JournalOf(journal.RunId));
        journal.Append(new RunStarted(TimeProvider.System.GetUtcNow(), _runId, "1.0", Settings()));
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void What_was_remembered_is_known_after_the_process_died()
    {
        using (var journal = Open())
            journal.Remember("freeze.epoch", "one");
        using var again = Open();
        Assert.Equal("one", again.Recall("freeze.epoch"));
    }

    [Fact]
    public void Runs_of_one_second_sort_in_the_order_they_were_made()
    {
        var clock = new HandClock();
        var made = new List<string>();
        for (var i = 0; i < 8; i++)
        {
            using var journal = _folder.Create(clock);
            journal.Append(new RunStarted(clock.GetUtcNow(), journal.RunId, "1", Settings()));
            made.Add(journal.RunId);
        }

        Assert.Equal(Enumerable.Reverse(made), _folder.RunIds().Take(made.Count));
    }

    [Fact]
    public void What_was_forgotten_is_not_known()
    {
        using (var journal = Open())
        {
            journal.Remember("a", "1");
            journal.Remember("a", null);
        }

        using var again = Open();
        Assert.Null(again.Recall("a"));
    }

    [Fact]
    public void A_line_torn_by_a_kill_is_cut_off_and_the_journal_goes_on()
    {
        File.AppendAllText(_path, "{\"kind\":\"remembered\",\"key\":\"half");
        using (var journal = Open())
            journal.Remember("after", "yes");
        Assert.Equal("yes", _folder.Tell(_runId).Memory["after"]);
    }

    [Fact]
    public void A_line_damaged_in_the_middle_is_a_fault_with_its_number()
    {
        File.AppendAllText(_path, "not json\n");
        var fault = Assert.Throws<FaultException>(() => _folder.Tell(_runId)).Fault;
        Assert.Equal("journal.damaged", fault.Code);
        Assert.Contains("line 2", fault.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void A_second_writer_is_refused_while_readers_are_not()
    {
        using var journal = Open();
        Assert.Equal("journal.busy", Assert.Throws<FaultException>(Open).Fault.Code);
        Assert.Equal(_runId, _folder.Tell(_runId).RunId);
    }

    [Fact]
    public void The_journal_and_its_folder_are_readable_by_their_owner_alone()
    {
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_path));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            File.GetUnixFileMode(_folder.FilesOf(_runId)));
    }

    [Fact]
    public void What_was_seen_when_a_step_was_done_is_still_told_when_a_resume_finds_it_done()
    {
        var at = TimeProvider.System.GetUtcNow();
        Observed Seen(string code) => new("dump", at, code, "note", "w", "y", "");
        StepStarted started = new("dump", at, "Dump it");
        StepDone Done(bool wasAlreadyDone) => new("dump", at, new Evidence("c", "p"), wasAlreadyDone);
        using var journal = Open();
        foreach (StepEvent one in
            new StepEvent[] { started, Seen("first"), Done(false), started, Done(true), started, Done(true) })
            journal.Append(new Happened(at, one));
        Assert.Equal(["first"], _folder.Tell(_runId).Observations.Select(one => one.Code));

        foreach (StepEvent one in new StepEvent[] { started, Seen("second"), Done(false) })
            journal.Append(new Happened(at, one));
        Assert.Equal(["second"], _folder.Tell(_runId).Observations.Select(one => one.Code));
    }

    [Fact]
    public void Every_event_comes_back_as_it_was_written()
    {
        var at = TimeProvider.System.GetUtcNow();
        StepEvent[] events =
        [
            new StepStarted("dump", at, "Dump it"),
            new StateChanged("target", at, "postgresql-flat-1", "provisioned"),
            new ItemCompared("verify", at, "public.\"odd\nname\"", 3, null, 1, 2),
            new Observed("restore", at, "heroku.restore_warnings", "warning", "w", "y", "r"),
            new StepFailed("dump", at, new Fault("a.b", FaultKind.Transient, "w", "y", "r")),
            new StepUndone("freeze", at, "thawed"),
            new StepDone("dump", at, new Evidence("c", "p"), true),
        ];
        using (var journal = Open())
        {
            foreach (var one in events)
                journal.Append(new Happened(at, one));
        }

        Assert.Equal(events, JournalReader.Read(_path).OfType<Happened>().Select(line => line.Event));
    }

    [Fact]
    public void Two_runs_on_one_target_are_refused()
    {
        using var held = _folder.LockTarget("heroku:app");
        Assert.Equal("journal.target_busy",
            Assert.Throws<FaultException>(() => _folder.LockTarget("heroku:app")).Fault.Code);
        _folder.LockTarget("heroku:other").Dispose();
    }

    [Theory]
    [InlineData("../../etc")]
    [InlineData("no-such-run")]
    public void A_run_that_is_not_there_is_a_fault(string runId) =>
        Assert.Equal("journal.no_such_run", Assert.Throws<FaultException>(() => _folder.JournalOf(runId)).Fault.Code);

    private RunJournal Open() => RunJournal.Open(_path, TimeProvider.System);

    private static RunSettings Settings() =>
        new() { From = "env:SOURCE_URL", To = "heroku:app", Store = new() { Via = "disk:/tmp/x" } };
}
