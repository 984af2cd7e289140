using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;

namespace Godwit.Tests.Storage;

public abstract partial class ObjectStoreContract
{
    [Fact]
    public async Task A_link_reads_its_object_whole_and_in_ranges()
    {
        await PutAsync("k", "0123456789");
        var link = await Store.SignAsync("k", TimeSpan.FromMinutes(15), Ct);
        Assert.InRange(link.ExpiresAt - TimeProvider.System.GetUtcNow(), TimeSpan.FromMinutes(14), TimeSpan.FromMinutes(15));

        Assert.Equal("0123456789", await Http.GetStringAsync(new Uri(link.Url.Reveal()), Ct));
        using var request = new HttpRequestMessage(HttpMethod.Get, link.Url.Reveal());
        request.Headers.Range = new RangeHeaderValue(2, 5);
        using var answer = await Http.SendAsync(request, Ct);
        Assert.Equal(HttpStatusCode.PartialContent, answer.StatusCode);
        Assert.Equal("2345", await answer.Content.ReadAsStringAsync(Ct));
        Assert.Equal(10, answer.Content.Headers.ContentRange?.Length);
    }

    [Fact]
    public async Task A_link_is_refused_when_a_letter_of_it_is_changed_or_it_is_bent_to_another_key_or_method()
    {
        await PutAsync("mine", "x");
        await PutAsync("yours", "y");
        var url = (await Store.SignAsync("mine", TimeSpan.FromMinutes(5), Ct)).Url.Reveal();
        var longer = Regex.Replace(url, @"(?<=(X-Amz-Expires|expires)=)\d+", m => m.Value + "0");
        var signed = url.LastIndexOf("ignature=", StringComparison.Ordinal) + "ignature=".Length;
        Assert.NotEqual(url, longer);

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(url));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(url.Replace("/mine?", "/yours?", StringComparison.Ordinal)));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(longer));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(url[..signed] + (url[signed] == 'a' ? 'b' : 'a') + url[(signed + 1)..]));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(url[..(signed - "&X-Amz-S".Length)]));
        using var put = await Http.PutAsync(new Uri(url), new StringContent("z"), Ct);
        Assert.False(put.IsSuccessStatusCode, "a link to read must not write");
        Assert.Equal("x", await ReadAsync("mine"));
    }

    [Fact]
    public async Task A_link_to_an_object_that_is_gone_says_404()
    {
        var link = await Store.SignAsync("gone", TimeSpan.FromMinutes(5), Ct);

        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(link.Url.Reveal()));
    }

    [Fact]
    public async Task A_link_is_refused_once_it_has_expired()
    {
        await PutAsync("k", "x");
        var url = (await Store.SignAsync("k", TimeSpan.FromSeconds(3), Ct)).Url.Reveal();
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(url));

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        while (await StatusAsync(url) == HttpStatusCode.OK)
            await Task.Delay(100, limit.Token);
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(url));
    }
}
