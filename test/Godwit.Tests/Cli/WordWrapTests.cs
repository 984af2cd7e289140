using Godwit.App.Cli.Screens;
using Godwit.Faults;

namespace Godwit.Tests.Cli;

public sealed class WordWrapTests
{
    [Theory]
    [InlineData("short enough", "short enough")]
    [InlineData("it has exactly thirty columns.", "it has exactly thirty columns.")]
    [InlineData("  next: Name an empty database, or make one", "  next: Name an empty|        database, or make one")]
    [InlineData("note: the source is only read, by all of them", "note: the source is only read,|      by all of them")]
    [InlineData("Compared  a checksum of every row of them", "Compared  a checksum of every|          row of them")]
    [InlineData("! shop.orders: it was not compared with anything",
        "! shop.orders: it was not|  compared with anything")]
    [InlineData("A sentence without a label begins at the left again",
        "A sentence without a label|begins at the left again")]
    [InlineData("        a list that stands in by eight goes on there",
        "        a list that stands in|        by eight goes on there")]
    public void Lines_break_between_words_and_go_on_below_their_text(string line, string wrapped) =>
        Assert.Equal(wrapped.Split('|'), WordWrap.Lines(line, 30));

    [Fact]
    public void A_label_that_would_leave_a_strip_is_not_hung_below() => Assert.Equal(
        ["08:06:16  assess    Look at the", "source and the target"],
        WordWrap.Lines("08:06:16  assess    Look at the source and the target", 32));

    [Fact]
    public void A_word_longer_than_a_line_stays_whole() => Assert.Equal(
        ["Report: /home/somebody/a/very/long/path/report.html", "        and more"],
        WordWrap.Lines("Report: /home/somebody/a/very/long/path/report.html and more", 30));

    [Fact]
    public void A_wide_character_takes_two_columns() =>
        Assert.Equal(["咖啡咖啡 咖啡", "咖啡"], WordWrap.Lines("咖啡咖啡 咖啡 咖啡", 14));

    [Fact]
    public void Where_nobody_knows_how_wide_the_window_is_lines_stay_whole() =>
        Assert.Equal([new string('x', 20) + " y"], WordWrap.Lines(new string('x', 20) + " y", 0));

    [Theory]
    [InlineData("as long as it", "as long as it")]
    [InlineData("longer than the window", "longer than…")]
    [InlineData("two\nlines", "two…")]
    [InlineData("咖啡咖啡咖啡咖啡", "咖啡咖啡咖啡…")]
    public void What_is_cut_says_so(string text, string cut) => Assert.Equal(cut, WordWrap.Cut(text, 13));

    [Fact]
    public void A_terminal_wraps_what_a_fault_says()
    {
        using var text = new StringWriter();
        using var terminal = new WrappedWriter(text, () => 40);

        FaultScreen.Show(new("copy.unfinished", FaultKind.Refused,
            "An earlier copy did not come to its end, and left something",
            "its ledger is still there", "Look: which.\nThen go on with the command that began it, with --resume."),
            terminal);

        Assert.Equal("""
            godwit: An earlier copy did not come to
                    its end, and left something
               why: its ledger is still there
              next: Look: which.
                    Then go on with the command that
                    began it, with --resume.
              code: copy.unfinished

            """, text.ToString());
    }

    [Fact]
    public async Task What_is_read_by_programs_or_pasted_is_never_wrapped()
    {
        using var text = new StringWriter();
        await using var terminal = new WrappedWriter(text, () => 20);

        await terminal.WriteLineAsync("""{ "event": "copy_ended", "rows": 12 }""");
        terminal.WriteWhole("      godwit resume 20261122-080654-vak4 --confirm shop");
        await terminal.WriteLineAsync("To prove them, here or there:\n"
            + "ALTER TABLE roastery.batches VALIDATE CONSTRAINT curve;");

        Assert.Equal("""
            { "event": "copy_ended", "rows": 12 }
                  godwit resume 20261122-080654-vak4 --confirm shop
            To prove them, here
            or there:
            ALTER TABLE roastery.batches VALIDATE CONSTRAINT curve;

            """, text.ToString());
    }
}
