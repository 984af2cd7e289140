using Godwit.Faults;

namespace Godwit.Tests.Faults;

public sealed class RedactorTests
{
    [Theory]
    [InlineData("connection to postgres://u:hunter2@h/d failed", "connection to postgres://u:***@h/d failed")]
    [InlineData("GET https://b/k?X-Amz-Signature=abc123&X-Amz-Date=1", "GET https://b/k?X-Amz-Signature=***&X-Amz-Date=1")]
    [InlineData("Host=h;Password=hunter2;Database=d", "Host=h;Password=***;Database=d")]
    [InlineData("Authorization: Bearer HRKU-abc", "Authorization: Bearer ***")]
    [InlineData("the password is wrong", "the password is wrong")]
    [InlineData("nothing to hide", "nothing to hide")]
    public void A_secret_in_anothers_text_is_masked(string text, string expected) =>
        Assert.Equal(expected, Redactor.Clean(text));

    [Fact]
    public void A_known_secret_is_masked_also_when_it_is_percent_encoded() =>
        Assert.Equal("a *** b ***", Redactor.Clean("a p@ss/word b p%40ss%2Fword", new Secret("p@ss/word")));

    [Fact]
    public void A_secret_never_prints_itself() =>
        Assert.Equal("***", $"{new Secret("hunter2")}");
}
