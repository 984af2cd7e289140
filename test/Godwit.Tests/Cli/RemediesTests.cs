using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using Godwit.App.Cli;
using Godwit.App.Cli.Commands;
using Godwit.App.Demo;
using Godwit.Journal;
using Godwit.Report;
using Godwit.Requests;
using Godwit.Tests.Report;
using Godwit.Tests.Tidy;

namespace Godwit.Tests.Cli;

/// <summary>What a fault or a finding tells a person to type can be typed: every command line of the catalogue is read
/// by the parser that reads what the person types.</summary>
public sealed partial class RemediesTests
{
    private static IEnumerable<FaultText> All => FaultsTests.All.Concat(FindingsTests.All);

    [Fact]
    public void Every_command_line_of_a_fault_or_a_finding_can_be_typed()
    {
        var lines = (from text in All
                     from part in new[] { text.What, text.Why, text.Remedy }
                     from line in TypedLines.In(part)
                     select (text.Code, Line: line)).ToList();
        Assert.InRange(lines.Count, 60, 1000);
        Findings.None(
            from one in lines
            from problem in TypedLines.Problems(one.Line)
            select $"{one.Code}: godwit {one.Line}: {problem}",
            "Print what the parser takes; `…` stands for the flags as they were.");
    }

    [Fact]
    public void Every_flag_that_is_named_belongs_to_a_command()
    {
        var known = TypedLines.Flags;
        Findings.None(from text in All
                      from Match flag in Flag()
                          .Matches(OtherPrograms().Replace($"{text.What} {text.Why} {text.Remedy}", ""))
                      where !known.Contains(flag.Value)
                      select $"{text.Code}: {flag.Value}", "No command of Godwit has it.");
    }

    /// <summary>A run that is resumed knows its flags, and takes few others.</summary>
    [Fact]
    public void What_is_to_be_added_when_a_run_is_resumed_can_be_added_there()
    {
        var resume = TypedLines.Root.Subcommands.First(command => command.Name == "resume").Options
            .Select(option => option.Name).ToList();
        Findings.None(from text in All
                      where text.Remedy.Contains("go on with: godwit resume", StringComparison.Ordinal)
                          || text.Remedy.Contains("run: godwit resume", StringComparison.Ordinal)
                      from Match added in Added().Matches(text.Remedy)
                      where !resume.Contains(added.Groups[1].Value)
                      select $"{text.Code}: {added.Value}",
            "godwit resume does not have it; say godwit migrate … instead.");
    }

    /// <summary>The commands of other programs are theirs.</summary>
    [Fact]
    public void What_a_report_tells_to_type_can_be_typed()
    {
        var story = Stories.Proven();
        var wrote = story with { Settings = story.Settings with { Switch = new() { EnvFile = "/srv/shop.env" } } };
        var steps = RunReport.Of(wrote).NextSteps.Select(step => step.Command).OfType<string>();
        var lines = steps.Concat(RunReports.After(wrote).SelectMany(step => step.Commands))
            .Where(line => line.StartsWith("godwit ", StringComparison.Ordinal)).ToList();
        Assert.Contains($"godwit after {story.RunId} --remove-env-file", lines);
        Assert.Contains($"godwit after {story.RunId} --schedule-backups '02:00 UTC'", lines);
        Assert.Contains($"godwit after {story.RunId}", lines);
        // The parser's own quotes are double ones.
        Findings.None(from line in lines
                      let words = CommandLineParser.SplitCommandLine(line.Replace('\'', '"')).Skip(1).ToList()
                      from problem in UsageProblems.Problems(TypedLines.Root.Parse(words), words)
                      select $"{line}: {problem}", "Print what the parser takes.");
    }

    [Fact]
    public void What_is_to_be_accepted_is_a_code_that_there_is()
    {
        var codes = All.Select(text => text.Code).ToHashSet(StringComparer.Ordinal);
        Findings.None(from text in All
                      from Match accepted in Accepted().Matches(text.Remedy)
                      where !codes.Contains(accepted.Groups[1].Value)
                      select $"{text.Code}: {accepted.Value}", "Spell it as it is.");
    }

    [Fact]
    public void A_rehearsal_is_not_told_to_resume()
    {
        var said = from text in All
                   let words = RehearsalWords.Of(text.Remedy)
                   where OfMigrations().Replace(words, "").Contains("godwit resume", StringComparison.Ordinal)
                       && !IsOfRunAlone(text.Code)
                   select $"{text.Code}: {words}";
        Findings.None(said, "RehearsalWords does not know this form.");
    }

    [Theory]
    [InlineData("Remove the cause; then go on with: godwit resume.", "Remove the cause; then rehearse again.")]
    [InlineData("Remove the cause. Then run: godwit resume.", "Remove the cause. Then rehearse again.")]
    [InlineData("Run godwit resume: it looks at what is there before it acts.",
        "Rehearse again: it looks at what is there before it acts.")]
    [InlineData("Or do without: godwit resume --accept verify.not_proven. All is there.",
        "Or do without: rehearse again with --accept verify.not_proven. All is there.")]
    [InlineData("Wait; a migration goes on with `godwit resume`.", "Wait; a migration goes on with `godwit resume`.")]
    public void A_remedy_is_reworded_for_a_rehearsal(string remedy, string expected) =>
        Assert.Equal(expected, RehearsalWords.Of(remedy));

    [Fact]
    public void A_failed_rehearsal_is_begun_again()
    {
        var story =
            Stories.Refused() with { Settings = Stories.Refused().Settings with { Rehearsal = RehearsalKind.AddOn } };
        var failed = story with
        {
            Outcome = RunOutcome.FailedAndUndone,
            Steps = [.. story.Steps.Select(step => step.Fault is { } fault
                ? step with { Fault = fault with { Remedy = "Go on with: godwit resume." } } : step)],
        };
        var report = RunReport.Of(failed, "/runs/one", []);
        Assert.Equal("Rehearse again.", report.Fault!.Remedy);
        Assert.DoesNotContain(report.NextSteps,
            step => $"{step.Text}{step.Command}".Contains("resume", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false, ExitCodes.Proven, true)]
    [InlineData(true, ExitCodes.FailedAndUndone, false)]
    [InlineData(false, ExitCodes.FailedAndUndone, false)]
    public void Only_a_demo_that_ended_well_is_offered_to_be_kept(bool keep, int code, bool isOffered) => Assert.Equal(
        isOffered, DemoRun.Removed("/srv", keep, code).Contains("godwit demo --keep", StringComparison.Ordinal));

    [Theory]
    [InlineData("Look with: godwit status\n", "Look with: ./godwit status\n")]
    [InlineData("  next: See: godwit --help", "  next: See: ./godwit --help")]
    [InlineData("`godwit resume`, or godwit rollback X.", "`./godwit resume`, or ./godwit rollback X.")]
    [InlineData("Next: godwit after RUN --backup", "Next: ./godwit after RUN --backup")]
    [InlineData("See: godwit --help", "See: ./godwit --help")]
    [InlineData("godwit: Cannot read it", "godwit: Cannot read it")]
    [InlineData("{\"remedy\":\"godwit status\"}", "{\"remedy\":\"godwit status\"}")]
    [InlineData("/opt/godwit status; the schema godwit copy", "/opt/godwit status; the schema ./godwit copy")]
    public void What_is_printed_begins_as_it_was_typed(string text, string expected)
    {
        using var printed = new StringWriter();
        CalledAsWriter.Over(printed, "./godwit").Write(text);
        Assert.Equal(expected, printed.ToString());
        Assert.Same(printed, CalledAsWriter.Over(printed, ""));
    }

    [Theory]
    [InlineData("Run: godwit verfy", "verfy")]
    [InlineData("Go on with: godwit resume --create-app", "--create-app")]
    [InlineData("Look: godwit assess --deep", "no source")]
    [InlineData("Look: godwit status. Then more", null)]
    [InlineData("what godwit assess names", null)]
    [InlineData("Begin: godwit migrate … --route direct --compress 3", "--compress")]
    public void The_reader_finds_what_is_wrong(string text, string? problem)
    {
        var found = TypedLines.In(text).SelectMany(TypedLines.Problems).ToList();
        if (problem is null)
            Assert.Empty(found);
        else
            Assert.Contains(found, one => one.Contains(problem, StringComparison.Ordinal));
    }

    private static bool IsOfRunAlone(string code) =>
        // Of what only a migration or its rollback can meet.
        code.StartsWith("run.", StringComparison.Ordinal) || code.StartsWith("cutover.", StringComparison.Ordinal)
        || code.StartsWith("cli.", StringComparison.Ordinal) || code.StartsWith("after.", StringComparison.Ordinal)
        || code is "load.emptied" or "copy.target_filled" or "assess.no_backup";

    [GeneratedRegex(@"(?<![\w-])--[a-z][a-z0-9-]*")]
    private static partial Regex Flag();

    [GeneratedRegex(@"\badd (--[a-z-]+)")]
    private static partial Regex Added();

    [GeneratedRegex(@"--accept ([a-z_]+\.[a-z_]+)")]
    private static partial Regex Accepted();

    [GeneratedRegex(@"(?:a migration goes on with|in a migration, with|a migration that has begun:|or)"
        + @" `?godwit resume`?(?: for a migration)?"
        + @"|`godwit resume` does so when a run is unfinished")]
    private static partial Regex OfMigrations();

    // Up to the end of the sentence or of the quotation.
    [GeneratedRegex(@"\b(?:heroku|aws|gcloud|az|psql|pg_restore|pg_dump|pg_dumpall|curl|apt|apt-get"
        + @"|doctl|linode-cli|vultr-cli|upctl|swift|openstack|tar|program|initdb)\b[^`;)\n]*?(?=[`;)\n]|\. |\.$|$)")]
    private static partial Regex OtherPrograms();
}
