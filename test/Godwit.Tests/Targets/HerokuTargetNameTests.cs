using Godwit.Faults;
using Godwit.Targets;

namespace Godwit.Tests.Targets;

public sealed class HerokuTargetNameTests
{
    [Theory]
    [InlineData("heroku:limosa-coffee", "limosa-coffee", null)]
    [InlineData("heroku:limosa-coffee/DATABASE", "limosa-coffee", "DATABASE")]
    [InlineData("heroku:a/HEROKU_POSTGRESQL_RED_URL", "a", "HEROKU_POSTGRESQL_RED_URL")]
    public void A_target_is_an_app_and_perhaps_an_attachment(string text, string app, string? attachment)
    {
        var name = HerokuTargetName.Parse(text);
        Assert.Equal((app, attachment), (name.App, name.Attachment));
        Assert.Equal(text, name.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("limosa-coffee")]
    [InlineData("heroku:")]
    [InlineData("heroku:app/")]
    [InlineData("heroku:/DATABASE")]
    [InlineData("heroku:app/DATABASE/more")]
    [InlineData("heroku:../etc")]
    [InlineData("heroku:app?x=1")]
    [InlineData("heroku:app name")]
    [InlineData("HEROKU:app")]
    public void Anything_else_is_refused_with_the_way_to_write_it(string text)
    {
        var fault = Assert.Throws<FaultException>(() => HerokuTargetName.Parse(text)).Fault;
        Assert.Equal(("load.target_name", FaultKind.Usage), (fault.Code, fault.Kind));
        Assert.Contains("heroku:APP", fault.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("postgres://u:hunter2@h/d")]
    [InlineData("postgres://u:p@hunter2@h/d")]
    [InlineData("postgres://u:p/hunter2@h/d")]
    [InlineData("env:TARGET_URL")]
    public void A_url_typed_as_the_target_is_not_repeated_with_its_password(string url)
    {
        var fault = Assert.Throws<FaultException>(() => HerokuTargetName.Parse(url));
        Assert.Contains("only an app of Heroku", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", fault.ToString(), StringComparison.Ordinal);
    }
}
