using Godwit.Faults;

namespace Godwit.Tests.Faults;

public sealed class RedactorTests
{
    [Theory]
    [InlineData("connection to postgres://u:hunter2@h/d failed", "connection to postgres://u:***@h/d failed")]
    [InlineData("GET https://b/k?X-Amz-Signature=abc123&X-Amz-Date=1",
        "GET https://b/k?X-Amz-Signature=***&X-Amz-Date=1")]
    [InlineData("Host=h;Password=hunter2;Database=d", "Host=h;Password=***;Database=d")]
    [InlineData("Authorization: Bearer HRKU-abc", "Authorization: Bearer ***")]
    [InlineData("the password is wrong", "the password is wrong")]
    [InlineData("nothing to hide", "nothing to hide")]
    public void A_secret_in_anothers_text_is_masked(string text, string expected) =>
        Assert.Equal(expected, Redactor.Clean(text));

    [Fact]
    public void A_known_secret_is_masked_also_when_it_is_percent_encoded() =>
        Assert.Equal("a *** b ***", Redactor.Clean("a p@ss/word b p%40ss%2Fword", new Secret("p@ss/word")));

    [Theory]
    [InlineData("it's \\ mine", "SELECT 'it''s \\ mine'")]
    [InlineData("it's \\ mine", "dbname='shop' password_of_it 'it\\'s \\\\ mine'")]
    [InlineData("say \"open\" & + wide", "{\"said\":\"say \\u0022open\\u0022 \\u0026 \\u002B wide\"}")]
    [InlineData("say \"open\" & + wide", "{\"said\":\"say \\\"open\\\" & + wide\"}")]
    [InlineData("say \"open\" & + wide", "q=say+%22open%22+%26+%2B+wide")]
    [InlineData("say \"open\" & + wide", "Extra=\"say \"\"open\"\" & + wide\"")]
    [InlineData("-----BEGIN-----\nMIIEvQIBADANBgkqhkiG9w0\n-----END-----", "cannot parse MIIEvQIBADANBgkqhkiG9w0")]
    public void A_known_secret_is_masked_in_every_form_that_others_write_it_in(string secret, string text)
    {
        var cleaned = Redactor.Clean(text, new Secret(secret));
        Assert.Contains("***", cleaned, StringComparison.Ordinal);
        Assert.DoesNotMatch("mine|wide|MIIE", cleaned);
    }

    [Fact]
    public void A_secret_that_is_a_part_of_another_does_not_leave_the_rest_of_it_behind() =>
        Assert.Equal("*** and ***",
            Redactor.Clean("hunter and hunter-of-ducks", new Secret("hunter"), new Secret("hunter-of-ducks")));

    [Fact]
    public void What_was_made_a_secret_is_known_and_what_is_plain_is_not()
    {
        var (secret, plain) = (new Secret("a-secret-of-this-test"), Secret.Plain("plain-word-of-this-test"));
        Assert.Equal("*** plain-word-of-this-test", Redactor.CleanOfAll($"{secret.Reveal()} {plain.Reveal()}"));
    }

    [Fact]
    public void A_secret_never_prints_itself() =>
        Assert.Equal("***", $"{new Secret("hunter2")}");
}
