namespace Godwit.Tests.Heroku;

/// <summary>Names that a person typed become parts of a path.</summary>
public sealed class HerokuNameTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("")]
    public async Task A_name_that_would_change_the_path_is_refused(string name)
    {
        await using var server = await ScriptedHeroku.StartAsync();
        using var heroku = server.Client();

        Assert.Equal("heroku.bad_name", (await Expect.FaultAsync(() => heroku.GetAppAsync(name, Ct))).Code);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_slash_in_a_name_stays_inside_the_name()
    {
        await using var server = (await ScriptedHeroku.StartAsync())
            .On("GET /apps/a%2Fb%3Fc", """{"id":"eb58","name":"demo"}""");
        using var heroku = server.Client();

        Assert.NotNull(await heroku.FindAppAsync("a/b?c", Ct));
    }
}
