using Godwit.Faults;
using Godwit.Heroku;

namespace Godwit.Tests.Heroku;

public sealed class HerokuEndpointsTests
{
    [Fact]
    public void Without_a_word_it_is_the_real_Heroku()
    {
        var endpoints = From(null, null);

        Assert.Equal("https://api.heroku.com/", endpoints.Platform.ToString());
        Assert.Equal("https://api.data.heroku.com/", endpoints.Data.ToString());
        Assert.Equal("api.heroku.com", endpoints.NetrcMachine);
    }

    [Theory]
    [InlineData("heroku.com", null, "https://api.heroku.com/", "https://api.data.heroku.com/")]
    [InlineData("staging.herokudev.com", "data.staging.herokudev.com", "https://api.staging.herokudev.com/",
        "https://data.staging.herokudev.com/")]
    [InlineData("https://api.herokai.com/ignored?x=1", null, "https://api.herokai.com/",
        "https://api.data.heroku.com/")]
    [InlineData("http://127.0.0.1:5999", "127.0.0.1", "http://127.0.0.1:5999/", "http://127.0.0.1:5999/")]
    [InlineData("http://127.0.0.1:5999", "localhost", "http://127.0.0.1:5999/", "http://localhost:5999/")]
    [InlineData("http://[::1]:5999", "::1", "http://[::1]:5999/", "http://[::1]:5999/")]
    public void Herokus_domains_over_https_and_this_machine_may_have_the_token(
        string host, string? dataHost, string platform, string data)
    {
        var endpoints = From(host, dataHost);

        Assert.Equal((platform, data), (endpoints.Platform.ToString(), endpoints.Data.ToString()));
    }

    [Theory]
    [InlineData("http://heroku.com")]
    [InlineData("http://api.heroku.com:80")]
    [InlineData("ftp://api.heroku.com")]
    [InlineData("example.com")]
    [InlineData("https://example.com")]
    [InlineData("https://heroku.com.example.com")]
    [InlineData("https://evilheroku.com")]
    [InlineData("https://localhost.example.com")]
    [InlineData("https://127.0.0.1.example.com")]
    [InlineData("https://example.com/localhost")]
    [InlineData("https://localhost@example.com")]
    [InlineData("https://api.heroku.com@127.0.0.1")]
    [InlineData("https://api.heroku.com:443@example.com")]
    [InlineData("https://example.com#.heroku.com")]
    [InlineData("example.com/.heroku.com")]
    [InlineData("https://example.com\\.heroku.com")]
    [InlineData("127.0.0.1:5999")]
    [InlineData("http://127.0.0.2")]
    [InlineData("http://10.0.0.1")]
    [InlineData("https://herоku.com")]
    [InlineData("https://heroku.com.")]
    [InlineData("file:///etc/passwd")]
    [InlineData("not a host")]
    public void No_other_address_gets_the_token(string host) =>
        Assert.Equal("heroku.host_refused", Refusal(host, "127.0.0.1").Code);

    [Theory]
    [InlineData("example.com", "heroku.host_refused")]
    [InlineData("localhost.example.com", "heroku.host_refused")]
    [InlineData("127.0.0.1:5999", "heroku.data_host_not_bare")]
    [InlineData("http://127.0.0.1", "heroku.data_host_not_bare")]
    [InlineData("x@127.0.0.1", "heroku.data_host_not_bare")]
    [InlineData("127.0.0.1/x", "heroku.data_host_not_bare")]
    public void The_data_host_is_held_to_the_same_rule(string dataHost, string code)
    {
        Assert.Equal(code, Refusal("http://127.0.0.1:5999", dataHost).Code);
        Assert.Equal(code, Refusal("heroku.com", dataHost).Code);
    }

    [Fact]
    public void Plain_http_to_this_machine_does_not_let_the_data_calls_go_out_in_clear() =>
        Assert.Equal("heroku.host_refused", Refusal("http://127.0.0.1:5999", "api.data.heroku.com").Code);

    [Fact]
    public void A_local_Heroku_without_a_data_host_is_refused_instead_of_sending_its_token_to_the_real_one() =>
        Assert.Equal("heroku.data_host_missing", Refusal("http://127.0.0.1:5999", null).Code);

    [Fact]
    public void A_refusal_does_not_print_a_password_in_the_address() =>
        Assert.DoesNotContain("hunter2", Refusal("https://me:hunter2@example.com", null).What,
            StringComparison.Ordinal);

    private static Fault Refusal(string host, string? dataHost) =>
        Assert.Throws<FaultException>(() => From(host, dataHost)).Fault;

    private static HerokuEndpoints From(string? host, string? dataHost) =>
        HerokuEndpoints.From(name => name switch { "HEROKU_HOST" => host, "HEROKU_DATA_HOST" => dataHost, _ => null });
}
