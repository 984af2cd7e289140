using System.Text.Json;
using System.Text.RegularExpressions;
using Godwit.App.Cli.Screens;
using Godwit.Faults;
using Godwit.Report;

namespace Godwit.Tests.Report;

public sealed partial class AssessmentReportTests
{
    private static readonly Finding Unreadable = new(
        "assess.unreadable", Severity.Blocker, "The user shop may not read everything",
        "these tables are closed to it: public.\"Pay <b>roll</b>\"",
        "Let their owner run:\nGRANT SELECT ON public.\"Pay <b>roll</b>\" TO \"shop\";")
    { IsAccepted = false };

    private static readonly Finding Hidden = new("assess.unchecked", Severity.Blocker,
        "Could not check: replication slots", "permission denied", "Ask.")
    { IsAccepted = true };

    private static readonly Finding Large = new("assess.large", Severity.Warning, "The source has 31 GB",
        "Heroku advises 20 GB", "Rehearse it first.")
    { IsAccepted = false };
    private static readonly Finding NoTarget = new("assess.no_target", Severity.Note,
        "Nothing was compared with a target", "none was named", "")
    { IsAccepted = false };

    private static AssessmentReport Report(params Finding[] findings) => new()
    {
        GodwitVersion = "0.1.0+2b47ab8b2bde",
        At = new DateTimeOffset(2026, 11, 21, 9, 0, 0, TimeSpan.Zero),
        Seconds = 3.21,
        From = "shop@db.example.com:5432/shop",
        To = "heroku:limosa",
        Via = "s3://bucket/migration",
        Facts = [new("source", "PostgreSQL 15.8, AWS RDS"), new("dumped by", "pg_dump 15.8"),
            new("size", "31,000 MB in 46 tables")],
        Findings = findings,
        Checks = [new("server", true, 0.012), new("replication slots", false, 2.5)],
    };

    [Fact]
    public void The_page_the_screen_and_the_JSON_are_as_they_were_read()
    {
        var report = Report(Unreadable, Hidden, Large, NoTarget);
        Golden.Check("assessment.html", AssessmentPage.Write(report));
        Golden.Check("assessment.json", report.ToJson() + "\n");
        Golden.Check("assessment.txt", Screen(report, width: null));
        Golden.Check("assessment-80.txt", Uncoloured(Screen(report, width: 80)));
    }

    [Theory]
    [InlineData("Ready", 0, 0)]
    [InlineData("Ready, with care", 0, 1)]
    [InlineData("Not ready", 1, 1)]
    public void The_verdict_is_that_of_the_worst_finding(string badge, int blockers, int warnings)
    {
        var report = Report([.. Enumerable.Repeat(Unreadable, blockers),
            .. Enumerable.Repeat(Large, warnings), NoTarget]);
        Assert.Contains($">{badge}<", AssessmentPage.Write(report), StringComparison.Ordinal);
        Assert.Equal((blockers, warnings, 1), (report.Blockers, report.Warnings, report.Notes));
    }

    [Fact]
    public void What_a_person_has_taken_on_is_not_in_the_way_and_is_still_told()
    {
        var report = Report(Hidden);
        Assert.Equal(0, report.Blockers);
        Assert.Contains("What was accepted", AssessmentPage.Write(report), StringComparison.Ordinal);
        Assert.Contains("accepted", Screen(report, width: null), StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_asks_for_nothing_and_a_name_cannot_become_an_element()
    {
        var page = AssessmentPage.Write(Report(Unreadable));
        Assert.DoesNotContain("<b>roll", page, StringComparison.Ordinal);
        Assert.Contains("default-src 'none'", page, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"(?i)<script|\bsrc=|url\(", page);
    }

    /// <summary>Long enough to be wrapped by anything that wraps.</summary>
    [Fact]
    public void What_is_to_be_pasted_comes_out_in_one_piece()
    {
        var statement = "GRANT SELECT "
            + $"ON {string.Join(", ", Enumerable.Range(1, 40).Select(i => $"public.table_{i}"))} TO \"shop\";";
        var report = Report(Unreadable with { Remedy = $"Let their owner run:\n{statement}" });
        Assert.Contains($"\n{statement}\n", Screen(report, width: 80), StringComparison.Ordinal);
        Assert.Contains($"<pre>{statement.Replace("\"", "&quot;", StringComparison.Ordinal)}</pre>",
            AssessmentPage.Write(report), StringComparison.Ordinal);
    }

    [Fact]
    public void A_code_stays_in_its_brackets_wherever_the_line_ends()
    {
        foreach (var length in Enumerable.Range(20, 80))
        {
            var said = Uncoloured(Screen(Report(Unreadable with { What = new string('x', length) + " is not moved" }),
                width: 80));
            Assert.Contains($"[{Unreadable.Code}]", said, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Programs_read_what_the_page_says()
    {
        using var json = JsonDocument.Parse(Report(Unreadable, Large).ToJson());
        Assert.Equal("godwit.assessment/1", json.RootElement.GetProperty("format").GetString());
        Assert.Equal(1, json.RootElement.GetProperty("blockers").GetInt32());
        Assert.Equal("assess.unreadable", json.RootElement.GetProperty("findings")[0].GetProperty("code").GetString());
        Assert.False(json.RootElement.GetProperty("checks")[1].GetProperty("could_look").GetBoolean());
    }

    private static string Screen(AssessmentReport report, int? width)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        AssessScreen.Show(report, writer, width);
        return string.Join('\n', writer.ToString().ReplaceLineEndings("\n").Split('\n').Select(line => line.TrimEnd()));
    }

    private static string Uncoloured(string text) => Colour().Replace(text, "");

    [GeneratedRegex("\e\\[[0-9;]*m")]
    private static partial Regex Colour();
}
