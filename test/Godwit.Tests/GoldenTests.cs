namespace Godwit.Tests;

public sealed class GoldenTests
{
    [Fact]
    public void Equal_texts_do_not_differ() =>
        Assert.Null(Golden.Difference("a\nb\n", "a\nb\n"));

    [Fact]
    public void The_first_line_that_differs_is_shown_both_ways() =>
        Assert.Equal("line 2:\n  golden: 'b'\n  now:    'c'", Golden.Difference("a\nb\nx", "a\nc\ny"));

    [Fact]
    public void A_text_that_ends_too_early_says_so() =>
        Assert.Equal("line 2:\n  golden: 'b'\n  now:    (the text ends before this line)",
            Golden.Difference("a\nb", "a"));
}
