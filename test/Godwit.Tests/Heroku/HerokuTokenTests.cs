using Godwit.Faults;
using Godwit.Heroku;

namespace Godwit.Tests.Heroku;

public sealed class HerokuTokenTests : IDisposable
{
    private readonly string _home = Directory.CreateTempSubdirectory("godwit-netrc-").FullName;

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [Fact]
    public void The_environment_wins_over_netrc()
    {
        Write("machine api.heroku.com login me password from-file");

        Assert.Equal("from-environment", Find(key: " from-environment\n").Value.Reveal());
    }

    [Theory]
    [InlineData("machine api.heroku.com\n  login me@example.com\n  password right\n")]
    [InlineData("machine git.heroku.com login me password wrong\nmachine api.heroku.com login me password right")]
    [InlineData("machine api.heroku.com password right login me\nmachine api.heroku.com password wrong")]
    [InlineData("# machine api.heroku.com password wrong\nmachine API.heroku.com # mine\n\tlogin me password right")]
    [InlineData("default login me password wrong\nmachine api.heroku.com login password password right")]
    [InlineData(
        "macdef init\nmachine api.heroku.com password wrong\n\nmachine api.heroku.com login me password \"right\"")]
    [InlineData("machine api.heroku.com\r\n  login me\r\n  password right\r\n")]
    public void Netrc_is_read_as_ftp_and_curl_read_it(string text)
    {
        Write(text);

        Assert.Equal("right", Find().Value.Reveal());
    }

    [Theory]
    [InlineData("machine git.heroku.com login me password wrong")]
    [InlineData("default login me password wrong")]
    [InlineData("machine api.heroku.com login me")]
    [InlineData("machine api.heroku.com.example.com login me password wrong")]
    [InlineData("")]
    public void A_password_for_another_machine_is_not_the_token(string text)
    {
        Write(text);

        Assert.Contains("has no line for 'machine api.heroku.com'", Refusal("heroku.no_token").Why,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_local_Heroku_has_its_own_line_with_its_port()
    {
        Write("machine api.heroku.com login me password real\nmachine 127.0.0.1:5999 login me password local");

        Assert.Equal("local", Find(host: "http://127.0.0.1:5999").Value.Reveal());
    }

    [Fact]
    public void Without_a_token_the_remedy_says_how_to_get_one()
    {
        var fault = Refusal("heroku.no_token");

        Assert.Contains("does not exist", fault.Why, StringComparison.Ordinal);
        Assert.Contains("heroku auth:token", fault.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("two words")]
    [InlineData("line\nbreak")]
    [InlineData("naïve")]
    public void A_token_no_header_can_carry_is_refused_without_showing_it(string token)
    {
        var fault = Assert.Throws<FaultException>(() => Find(key: token));

        Assert.Equal("heroku.token_malformed", fault.Fault.Code);
        Assert.DoesNotContain(token, fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_netrc_that_cannot_be_read_is_said_to_be_so()
    {
        // Root may read any ordinary file; the first byte of a process's memory nobody can.
        File.CreateSymbolicLink(Path.Combine(_home, ".netrc"), "/proc/self/mem");

        Assert.Contains(".netrc", Refusal("heroku.netrc_unreadable").What, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite, false)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead, true)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead, true)]
    public void A_netrc_open_to_others_is_used_but_warned_about(UnixFileMode mode, bool warned)
    {
        Write("machine api.heroku.com login me password right");
        File.SetUnixFileMode(Path.Combine(_home, ".netrc"), mode);

        Assert.Equal(warned, Find().Warning is not null);
    }

    [Fact]
    public void The_token_does_not_print_itself() =>
        Assert.DoesNotContain("from-environment", Find(key: "from-environment").ToString(), StringComparison.Ordinal);

    private void Write(string text) => File.WriteAllText(Path.Combine(_home, ".netrc"), text);

    private Fault Refusal(string code)
    {
        var fault = Assert.Throws<FaultException>(() => Find()).Fault;
        Assert.Equal(code, fault.Code);
        return fault;
    }

    private HerokuToken Find(string? key = null, string host = "heroku.com")
    {
        string? Environment(string name) => name switch
        {
            "HEROKU_API_KEY" => key,
            "HEROKU_HOST" => host,
            "HEROKU_DATA_HOST" => host.StartsWith("http:", StringComparison.Ordinal) ? "127.0.0.1" : null,
            "HOME" => _home,
            _ => null,
        };
        return HerokuToken.Find(Environment, HerokuEndpoints.From(Environment));
    }
}
