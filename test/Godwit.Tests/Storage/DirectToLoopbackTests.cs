using System.Net;
using Godwit.Storage;

namespace Godwit.Tests.Storage;

public sealed class DirectToLoopbackTests
{
    private readonly DirectToLoopback _proxy = new(new WebProxy("http://proxy.example:3128",
        BypassOnLocal: false, ["intranet"]));

    [Theory]
    [InlineData("http://127.0.0.1:5999/store/x.dump")]
    [InlineData("http://localhost/apps")]
    [InlineData("http://[::1]:9000/bucket")]
    [InlineData("https://intranet/")]
    public void This_machine_and_what_the_environment_excepts_are_reached_directly(string url)
    {
        Assert.True(_proxy.IsBypassed(new Uri(url)));
        Assert.Null(_proxy.GetProxy(new Uri(url)));
    }

    [Theory]
    [InlineData("https://api.heroku.com/apps")]
    [InlineData("http://127.0.0.1.example.com/")]
    public void Everything_else_goes_through_the_proxy(string url)
    {
        Assert.False(_proxy.IsBypassed(new Uri(url)));
        Assert.Equal(new Uri("http://proxy.example:3128"), _proxy.GetProxy(new Uri(url)));
    }
}
