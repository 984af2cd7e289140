using Godwit.Faults;

namespace Godwit.Tests.Heroku;

/// <summary>What Heroku answers when it will not: each error it documents is told as what it is.</summary>
public sealed class HerokuRefusalsTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(400, "bad_request", "heroku.rejected")]
    [InlineData(400, "confirmation_required", "heroku.confirmation_required")]
    [InlineData(401, "unauthorized", "heroku.unauthorized")]
    [InlineData(402, "delinquent", "heroku.payment_required")]
    [InlineData(403, "forbidden", "heroku.forbidden")]
    [InlineData(403, "two_factor", "heroku.two_factor")]
    [InlineData(404, "not_found", "heroku.not_found")]
    [InlineData(409, "conflict", "heroku.rejected")]
    [InlineData(422, "invalid_params", "heroku.invalid_params")]
    [InlineData(422, "verification_required", "heroku.verification_required")]
    [InlineData(423, "confirmation_required", "heroku.confirmation_required")]
    public async Task Each_refusal_has_its_own_fault_and_is_not_repeated(int status, string id, string code)
    {
        await using var server = (await ScriptedHeroku.StartAsync()).On("GET /apps/demo",
            Reply.Error(status, id, "Because.").With("Request-Id", "r-1"));
        using var heroku = server.Client();

        var fault = await Expect.FaultAsync(() => heroku.GetAppAsync("demo", Ct));

        Assert.Equal((code, FaultKind.Refused, "Cannot read the app demo"), (fault.Code, fault.Kind, fault.What));
        Assert.True(status == 401 || id == "two_factor"
            || fault.Why.EndsWith(": Because (request id r-1)", StringComparison.Ordinal), fault.Why);
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData("app", "heroku.app_missing")]
    [InlineData("add_on", "heroku.addon_missing")]
    [InlineData("add_on attachment", "heroku.attachment_missing")]
    [InlineData("process_type", "heroku.not_found")]
    public async Task What_is_missing_is_named(string resource, string code)
    {
        await using var server = (await ScriptedHeroku.StartAsync())
            .On("GET /apps/demo/config-vars", Reply.Error(404, "not_found", "Couldn't find it.", resource));
        using var heroku = server.Client();

        Assert.Equal(code, (await Expect.FaultAsync(() => heroku.GetConfigVarsAsync("demo", Ct))).Code);
    }

    [Fact]
    public async Task Two_factor_is_explained_and_a_refused_token_says_where_it_came_from()
    {
        await using var server = (await ScriptedHeroku.StartAsync())
            .On("GET /apps/demo", Reply.Error(403, "two_factor", "A second factor is required"),
                Reply.Error(401, "unauthorized", "No"));
        using var heroku = server.Client();

        Assert.Contains("heroku authorizations:create",
            (await Expect.FaultAsync(() => heroku.GetAppAsync("demo", Ct))).Remedy, StringComparison.Ordinal);
        Assert.Contains("from HEROKU_API_KEY", (await Expect.FaultAsync(() => heroku.GetAppAsync("demo", Ct))).Why,
            StringComparison.Ordinal);
    }
}
