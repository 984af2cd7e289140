using System.Text.Json;
using System.Text.RegularExpressions;
using Godwit.App.Cli.Commands;
using Godwit.Faults;
using Godwit.Journal;
using Godwit.Pipeline;
using Godwit.Report;
using Godwit.Requests;

namespace Godwit.Tests.Report;

public sealed partial class ReportTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string> Names => [.. All.Keys];

    private static Dictionary<string, RunStory> All { get; } = new()
    {
        ["proven"] = Stories.Proven(),
        ["failed-and-undone"] = Stories.FailedAndUndone(),
        ["needs-a-person"] = Stories.NeedsAPerson(),
        ["failed-after-the-cut-over"] = Stories.FailedAfterTheCutOver(),
        ["failed-earlier-than-before"] = Stories.FailedEarlierThanBefore(),
        ["refused"] = Stories.Refused(),
        ["rolled-back"] = Stories.RolledBack(),
        ["rolled-back-behind-the-cut-over"] = Stories.RolledBackBehindTheCutOver(),
        ["open"] = Stories.Open(),
        ["drop-failed"] = Stories.DropFailed(),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void The_text_of_every_outcome_is_as_it_was_read(string name) =>
        Golden.Check($"report-{name}.txt", TextReport.Write(Whole(name)));

    [Theory]
    [InlineData("proven")]
    [InlineData("needs-a-person")]
    public void The_page_and_the_JSON_are_as_they_were_read(string name)
    {
        Golden.Check($"report-{name}.html", HtmlReport.Write(Whole(name)));
        Golden.Check($"report-{name}.json", JsonReport.Write(Whole(name)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_page_asks_for_nothing_and_runs_nothing(string name)
    {
        var page = HtmlReport.Write(Whole(name));
        Assert.DoesNotMatch(Reaching(), page);
        Assert.Contains("default-src 'none'", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_s_name_cannot_become_an_element()
    {
        var page = HtmlReport.Write(RunReport.Of(Stories.Proven()));
        Assert.DoesNotContain("<b>Tea", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.Contains("&lt;b&gt;Tea&lt;/b&gt; &amp; &quot;&quot;Biscuits&quot;&quot; &#39;n&#39; &lt;script&gt;",
            page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_cannot_colour_a_terminal_break_a_line_or_turn_the_reading_direction()
    {
        var text = TextReport.Write(RunReport.Of(Stories.Proven()));
        Assert.DoesNotContain('\u001b', text);
        Assert.DoesNotContain('\u202e', text);
        Assert.Contains(".\"turned⟨U+202E⟩round⟨U+001B⟩[31m\"", text, StringComparison.Ordinal);
        Assert.Contains(".\"line⟨U+000A⟩break\"", text, StringComparison.Ordinal);
    }

    [Fact]
    public void JSON_keeps_names_as_they_are()
    {
        using var json = JsonDocument.Parse(JsonReport.Write(RunReport.Of(Stories.Proven())));
        var tables = json.RootElement.GetProperty("comparison").GetProperty("items").EnumerateArray()
            .Select(item => item.GetProperty("name").GetString());
        Assert.Contains("\"Odd Names\".\"line\nbreak\"", tables);
        Assert.Contains(Stories.OddTable, tables);
    }

    [Fact]
    public void Nothing_is_called_proven_that_was_not_compared()
    {
        var report = RunReport.Of(Stories.Tell(new RunEnded(default, RunOutcome.Proven)));
        Assert.Contains("not proven equal", report.Because, StringComparison.Ordinal);
        Assert.Contains("class=\"verdict care\"", HtmlReport.Write(report), StringComparison.Ordinal);
    }

    [Fact]
    public void A_side_that_has_none_is_equal_to_nothing()
    {
        Assert.False(new ComparedItem("t", null, null).Equal);
        Assert.False(new ComparedItem("t", 0, null).Equal);
        Assert.True(new ComparedItem("t", 0, 0).Equal);
    }

    [Fact]
    public void What_is_not_a_table_is_compared_but_adds_no_rows()
    {
        var comparison = RunReport.Of(Stories.Proven()).Comparison;
        Assert.Equal((12, 13, 1_430_325), (comparison.Tables, comparison.Compared, comparison.SourceRows));
        Assert.False(new Comparison([new("(large objects)", 4, 4)]).IsProof);
        Assert.False(new Comparison([new("t", 4, 4), new("(large objects)", 4, 3)]).IsProof);
    }

    [Fact]
    public void A_comparison_of_an_earlier_attempt_proves_nothing()
    {
        var report = RunReport.Of(Stories.FailedEarlierThanBefore());
        Assert.Equal("load.restore_failed", report.Fault?.Code);
        Assert.Empty(report.Comparison.Items);
        Assert.Equal(["verify"],
            report.Steps.Where(step => step.IsOfEarlierAttempt && step.Fault is not null).Select(step => step.Name));
    }

    [Theory]
    [InlineData(11, 108, true, 97.0)]
    [InlineData(11, 5, false, null)]
    [InlineData(11, null, false, null)]
    [InlineData(null, null, true, null)]
    public void Downtime_is_over_only_when_a_thaw_follows_the_freeze(
        int? frozen, int? thawed, bool over, double? seconds)
    {
        var start = new DateTimeOffset(2026, 11, 21, 6, 0, 0, TimeSpan.Zero);
        var lines = new[] { (Key: RunStory.FrozenAtKey.Name, At: frozen), (Key: RunStory.ThawedAtKey.Name, At: thawed) }
            .Where(moment => moment.At is not null)
            .Select(moment => new Remembered(start, moment.Key, start.AddSeconds(moment.At!.Value).ToString("O")));
        var downtime = RunReport.Of(Stories.Tell([.. lines])).Downtime;
        Assert.Equal((over, seconds), (downtime.IsOver, downtime.Seconds));
    }

    [Fact]
    public void An_undone_freeze_ends_the_downtime_and_an_undone_dump_does_not()
    {
        Assert.Equal((true, 82.0), Told(Stories.FailedAndUndone()));
        Assert.Equal((true, 88.5), Told(Stories.FailedEarlierThanBefore()));
        Assert.Equal((false, null), Told(Stories.NeedsAPerson()));

        static (bool, double?) Told(RunStory story) =>
            RunReport.Of(story).Downtime is var downtime ? (downtime.IsOver, downtime.Seconds) : default;
    }

    /// <summary>A rollback that was killed, too; and a resume is no rollback any more.</summary>
    [Fact]
    public void A_rollback_that_was_to_destroy_the_database_is_offered_with_that_again()
    {
        const string Command = "godwit rollback 20261121-061400-k7qx --drop-target --confirm limosa-coffee";
        Assert.Contains(Command, Offered(Stories.DropFailed()));
        Assert.DoesNotContain("godwit rollback 20261121-061400-k7qx", Offered(Stories.DropFailed()));
        Assert.Contains(Command, Offered(Stories.Tell(new RollbackStarted(default, DropsTarget: true))));
        Assert.DoesNotContain(Command, Offered(Stories.NeedsAPerson()));

        static IEnumerable<string?> Offered(RunStory story) =>
            RunReport.Of(story).NextSteps.Select(next => next.Command);
    }

    /// <summary>97 seconds of the migration; 49 of a rollback; 11 of one that was refused.</summary>
    [Fact]
    public void What_a_rollback_behind_the_cut_over_stops_the_writes_for_is_downtime_too()
    {
        Assert.Equal((true, 97.0 + 49), Told(Stories.RolledBackBehindTheCutOver()));
        Assert.Equal((true, 97.0 + 49 + 11), Told(Stories.RefusedAndRolledBack()));
        Assert.Equal((false, null), Told(Stories.KilledGoingBack()));
        Assert.Equal((true, 88.5), Told(Stories.FailedEarlierThanBefore()));

        static (bool, double?) Told(RunStory story) =>
            RunReport.Of(story).Downtime is var downtime ? (downtime.IsOver, downtime.Seconds) : default;
    }

    [Fact]
    public void A_rollback_that_undid_nothing_does_not_claim_to_have_put_anything_back()
    {
        var at = new DateTimeOffset(2026, 11, 21, 6, 0, 0, TimeSpan.Zero);
        var report = RunReport.Of(Stories.Tell(new RollbackStarted(at), new RunEnded(at, RunOutcome.RolledBack)));

        Assert.Equal("The migration was rolled back, as asked. Nothing had to be put back.", report.Verdict);
    }

    /// <summary>Without a look (--confirm) the switch back does it; where nothing was frozen, the look does.</summary>
    [Fact]
    public void A_rollback_stops_the_writes_also_without_a_look_and_without_a_freeze()
    {
        var start = new DateTimeOffset(2026, 11, 21, 6, 0, 0, TimeSpan.Zero);
        DateTimeOffset At(int seconds) => start.AddSeconds(seconds);
        JournalLine Undone(int at) => new Happened(At(at), new StepUndone("freeze", At(at), "writable"));
        var blind = Stories.Tell(
            new Remembered(At(0), RunStory.FrozenAtKey.Name, At(0).ToString("O")),
            new Remembered(At(50), RunStory.CutOverKey.Name, "yes"),
            new Remembered(At(60), RunStory.ThawedAtKey.Name, At(60).ToString("O")),
            new RunEnded(At(61), RunOutcome.Proven), new RollbackStarted(At(100)),
            new Remembered(At(103), RunStory.CutOverKey.Name, null), Undone(107),
            new RunEnded(At(108), RunOutcome.RolledBack));
        var unfrozen = Stories.Tell(
            new Remembered(At(50), RunStory.CutOverKey.Name, "yes"), new RunEnded(At(61), RunOutcome.Proven),
            new RollbackStarted(At(100)), new Happened(At(101), new StepStarted("pause", At(101), "")),
            Undone(131), new RunEnded(At(132), RunOutcome.RolledBack));

        Assert.Equal(67, RunReport.Of(blind).Downtime.Seconds);
        Assert.Equal(30, RunReport.Of(unfrozen).Downtime.Seconds);
    }

    [Theory]
    [InlineData(0.04, "under 0.1 s")]
    [InlineData(9.94, "9.9 s")]
    [InlineData(59.7, "1 min 00 s")]
    [InlineData(3661, "1 h 01 min")]
    [InlineData(200_000, "2 d 7 h")]
    public void A_duration_is_as_exact_as_a_person_needs(double seconds, string expected) =>
        Assert.Equal(expected, Words.Duration(seconds));

    [Fact]
    public async Task A_page_that_cannot_be_put_in_its_place_leaves_nothing_beside_it()
    {
        var folder = Directory.CreateTempSubdirectory("godwit-report-");
        try
        {
            var taken = folder.CreateSubdirectory("taken.html").FullName;

            await Assert.ThrowsAnyAsync<SystemException>(() => ReportFiles.PutAsync(taken, "page", Ct));

            Assert.Equal([taken], Directory.GetFileSystemEntries(folder.FullName));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("0.1.0", "0.1.0")]
    [InlineData("0.1.0+2b47ab8b2bde30bab55a", "0.1.0 (2b47ab8b)")]
    [InlineData("0.1.0+dirty", "0.1.0 (dirty)")]
    public void A_version_names_its_commit_shortly(string version, string expected) =>
        Assert.Equal(expected, Words.Version(version));

    [Fact]
    public async Task The_files_are_their_owner_s_alone_and_a_second_report_replaces_the_first()
    {
        var folder = Directory.CreateTempSubdirectory("godwit-report-").FullName;
        try
        {
            await ReportFiles.WriteAsync(Stories.Open(), folder, [], Ct);
            var files = await ReportFiles.WriteAsync(Stories.Proven(), folder, [], Ct);
            Assert.Equal(["report.html", "report.json", "report.txt"],
                Directory.GetFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
            foreach (var file in new[] { files.Html, files.Json, files.Text })
            {
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
                Assert.Contains("limosa-coffee", await File.ReadAllTextAsync(file, Ct), StringComparison.Ordinal);
            }

            Assert.StartsWith("PROVEN.", await File.ReadAllTextAsync(files.Text, Ct), StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_a_fault()
    {
        var refusal = await Assert.ThrowsAsync<FaultException>(
            () => ReportFiles.WriteAsync(Stories.Open(), "/nowhere/at/all", [], Ct));
        Assert.Equal("report.not_written", refusal.Fault.Code);
    }

    [Theory]
    [InlineData(1, "heroku:a holds 1 table and 5 rows of b.")]
    [InlineData(2, "heroku:a holds all 2 tables and 10 rows of b.")]
    public void One_table_is_not_all_of_them(int tables, string verdict) => Assert.Equal(verdict, Verdicts.Of(
        Stories.Proven(), new([.. Enumerable.Range(0, tables).Select(n => new ComparedItem($"t{n}", 5, 5))]), null,
        new("b", "env:SOURCE_URL"), new("heroku:a", "heroku:a")).Verdict);

    [Fact]
    public void The_migration_behind_a_rehearsal_has_the_store_that_was_named()
    {
        var story = Stories.Refused();
        var settings = story.Settings with { Rehearsal = RehearsalKind.Local };
        string? Next(RunSettings told) => RunReport.Of(
            story with { Outcome = RunOutcome.Rehearsed, Settings = told }).NextSteps.Single().Command;
        const string Migrate = "godwit migrate --from env:SOURCE_URL --to heroku:limosa-coffee";

        Assert.Equal($"{Migrate} --dry-run", Next(settings));
        Assert.Equal($"{Migrate} --via s3://limosa-moves/2026 --dry-run",
            Next(settings with { Dump = settings.Dump with { Flags = ["--via"] } }));
    }

    /// <summary>With what is left to do.</summary>
    private static RunReport Whole(string name) =>
        RunReport.Of(All[name]) with { AfterTheMove = RunReports.After(All[name]) };

    [GeneratedRegex(@"<(script|link|img|iframe|object|embed|form|base|a)\b|url\(|@import|\bsrc=|\bhref=|\son\w+=",
        RegexOptions.IgnoreCase)]
    private static partial Regex Reaching();
}
