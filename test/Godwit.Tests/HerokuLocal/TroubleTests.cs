using Godwit.Faults;
using Godwit.HerokuLocal.Trouble;

namespace Godwit.Tests.HerokuLocal;

public sealed class TroubleTests
{
    [Theory]
    [InlineData("restore:fails-after=2s", "TroubleSpec restore fails-after 2000ms 0 0B")]
    [InlineData("restore:fails-after=500ms", "TroubleSpec restore fails-after 500ms 0 0B")]
    [InlineData("copy:warnings=3", "TroubleSpec copy warnings 0ms 3 0B")]
    [InlineData("capture:slow=1m", "TroubleSpec capture slow 60000ms 0 0B")]
    [InlineData("addon:deprovisions", "TroubleSpec addon deprovisions 0ms 0 0B")]
    [InlineData("storage:limit=10MB", "TroubleSpec storage limit 0ms 0 10485760B")]
    [InlineData("http:429", "TroubleSpec http status 0ms 429 0B")]
    [InlineData("http:cut", "TroubleSpec http cut 0ms 0 0B")]
    public void A_spec_is_read(string spec, string expected)
    {
        var read = TroubleSpec.Parse(spec);
        Assert.Equal(expected,
            $"TroubleSpec {read.Target} {read.Effect} {read.Delay.TotalMilliseconds:0}ms {read.Number} {read.Bytes}B");
    }

    [Fact]
    public void Options_say_when_and_where()
    {
        var spec = TroubleSpec.Parse("http:500,count=2,after=1,path=/apps/*/addons,method=post,retry-after=9");
        Assert.Equal((2, 1, 9), (spec.Count, spec.After, spec.RetryAfter.TotalSeconds));
        Assert.True(spec.Fits("POST", "/apps/x/addons"));
        Assert.False(spec.Fits("GET", "/apps/x/addons"));
        Assert.False(spec.Fits("POST", "/apps/x/addons/y"));
    }

    [Theory]
    [InlineData("restore", "it has no colon")]
    [InlineData("moon:falls", "'moon' is none of http, addon, restore, capture, copy, release, storage, extension")]
    [InlineData("restore:explodes", "restore knows fails-after, warnings, slow, cut-after, not 'explodes'")]
    [InlineData("http:200", "http knows slow, cut, two-factor and a status of 400 to 599, not '200'")]
    [InlineData("restore:fails-after", "fails-after needs a time, e.g. fails-after=2s")]
    [InlineData("restore:fails-after=2", "'2' is no time such as 500ms, 2s or 1m")]
    [InlineData("addon:deprovisions=1", "deprovisions takes no value")]
    [InlineData("restore:warnings=many", "'many' is no whole number")]
    [InlineData("restore:warnings=1,path=/x", "'path=/x' is no option of restore")]
    [InlineData("storage:limit=10", "'10' is no size such as 500kB, 10MB or 1GB")]
    public void A_spec_that_makes_no_sense_is_refused_and_says_why(string spec, string why)
    {
        var fault = Assert.Throws<FaultException>(() => TroubleSpec.Parse(spec)).Fault;
        Assert.Equal(("heroku_local.fault_unknown", why), (fault.Code, fault.Why));
    }

    [Fact]
    public void An_order_is_carried_out_from_its_turn_on_and_as_often_as_ordered()
    {
        var maker = new FaultSimulator(TimeProvider.System);
        maker.Add("addon:deprovisions,after=1,count=2");
        Assert.Equal([false, true, true, false, false],
            Enumerable.Range(0, 5).Select(_ => maker.Take("addon", "deprovisions") is not null));
    }

    [Fact]
    public void An_order_without_a_count_never_ends_until_all_are_cleared()
    {
        var maker = new FaultSimulator(TimeProvider.System);
        maker.Add("restore:slow=1s");
        Assert.NotNull(maker.Take("restore", "slow"));
        Assert.NotNull(maker.Take("restore", "slow"));
        Assert.Null(maker.Take("copy", "slow"));
        maker.Clear();
        Assert.Null(maker.Take("restore", "slow"));
    }
}
