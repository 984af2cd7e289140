using Godwit.App.Cli.Screens;
using Spectre.Console;

namespace Godwit.Tests.Cli;

/// <summary>What a person sees while a run goes.</summary>
public sealed class LivePaintingTests
{
    private const string Note = "note: 1 unlogged table is moved, and can be empty one day: such a table is emptied "
        + "when its server crashes: roastery.shift_notes. Change that:\nALTER TABLE roastery.shift_notes SET LOGGED;";

    [Theory]
    [InlineData(80, 24)]
    [InlineData(80, 16)]
    [InlineData(100, 30)]
    [InlineData(60, 20)]
    [InlineData(200, 50)]
    public void Every_step_is_in_the_window_however_much_is_remarked(int columns, int lines)
    {
        var shown = Show([.. Enumerable.Repeat(Note, 30)], "", (columns, lines));

        Assert.InRange(shown.Length, 1, lines - 2);
        Assert.Equal(["assess", "copy", "verify"],
            shown.Where(line => line is ['✓' or '⠋' or '·', ..]).Select(line => line[2..].Split(' ')[0]));
        Assert.Contains(shown, line => line.Contains("12 rows, 3 MB", StringComparison.Ordinal));
        Assert.Contains(shown, line => line.StartsWith("30 remarks, told whole at the end:", StringComparison.Ordinal));
    }

    [Fact]
    public void The_newest_remark_is_the_last_and_what_is_said_while_it_stops_stands_below()
    {
        var shown = Show([Note, Note, Note, "warning: The copy waits"], "Stopping …", (60, 15));

        Assert.Equal("warning: The copy waits", shown[^2]);
        Assert.Equal("Stopping …", shown[^1]);
    }

    [Fact]
    public void Where_there_is_room_nothing_is_cut()
    {
        var shown = string.Join('\n', Show([Note], "", (120, 40)));

        Assert.DoesNotContain("…", shown, StringComparison.Ordinal);
        Assert.Contains("ALTER TABLE roastery.shift_notes SET LOGGED;", shown, StringComparison.Ordinal);
        Assert.Contains("33 checks looked at source and target", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void At_the_end_everything_is_told() => Assert.Equal(30, Show([.. Enumerable.Repeat(Note, 30)], "", null)
        .Count(line => line.Contains("SET LOGGED", StringComparison.Ordinal)));

    [Fact]
    public void A_painting_of_one_step_without_a_title_is_higher_than_a_line()
    {
        using var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(text),
        });
        console.Write(new LivePainting("", [new LiveRow("copy", "Copy a into b")], [], "")
            .Paint("⠋", _ => null, (80, 24)));
        Assert.Equal(["", "· copy  Copy a into b"],
            text.ToString().TrimEnd('\n').Split('\n').Select(line => line.TrimEnd()));
    }

    [Fact]
    public void A_run_that_has_begun_no_step_yet_can_be_painted_and_is_higher_than_a_line()
    {
        using var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(text),
        });
        console.Write(new LivePainting("Run 1", [], [], "").Paint("⠋", _ => null, (80, 24)));
        Assert.Equal(["Run 1", "", ""], text.ToString().Split('\n').Select(line => line.TrimEnd()));
    }

    [Fact]
    public void The_name_of_a_table_cannot_move_the_cursor() =>
        Assert.DoesNotContain('\u001b',
            string.Join('\n', Show([], "", (80, 24), detail: "odd.\u001b[2Jname: being copied")));

    private static string[] Show(
        IReadOnlyList<string> remarks, string says, (int Columns, int Lines)? window,
        string detail = "12 rows, 3 MB of about 5 MB")
    {
        LiveRow[] rows =
        [
            new("assess", "")
            {
                Mark = "[green]✓[/]", Text = "PostgreSQL 15.14, 46 tables",
                Detail = "33 checks looked at source and target; nothing stands in the way",
                Took = TimeSpan.FromSeconds(4),
            },
            new("copy", "Copy shop@db.example.com:5432/shop straight into heroku:limosa-coffee: "
                + "tables, rows, then indexes and constraints")
            {
                Mark = "", Detail = detail, Took = TimeSpan.FromSeconds(9),
            },
            new("verify",
                "Compare a checksum of every row of both sides, the schema, the sequences and the large objects"),
        ];
        using var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(text),
        });
        console.Profile.Width = window?.Columns ?? 80;
        console.Write(new LivePainting("Run 20261122-080654-vak4", rows, remarks, says)
            .Paint("⠋", row => row.Took, window));
        return [.. text.ToString().TrimEnd('\n').Split('\n').Select(line => line.TrimEnd())];
    }
}
