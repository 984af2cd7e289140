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
        var link = await LinkAsync("k", TimeSpan.FromMinutes(15));
        Assert.InRange(link.ExpiresAt - TimeProvider.System.GetUtcNow(), TimeSpan.FromMinutes(14),
            TimeSpan.FromMinutes(15));

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
        var url = (await LinkAsync("mine", TimeSpan.FromMinutes(5))).Url.Reveal();
        var longer = Longer(url);
        var signed = Regex.Match(url, "(?<=(ignature|[?&]sig)=)").Index;
        Assert.NotEqual(url, longer);

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(url));
        Assert.Equal(HttpStatusCode.Forbidden,
            await StatusAsync(url.Replace("/mine?", "/yours?", StringComparison.Ordinal)));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(longer));
        Assert.Equal(HttpStatusCode.Forbidden,
            await StatusAsync(url[..signed] + (url[signed] == 'a' ? 'b' : 'a') + url[(signed + 1)..]));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(url[..(signed - "&X-Amz-S".Length)]));
        using var put = await Http.PutAsync(new Uri(url), new StringContent("z"), Ct);
        Assert.False(put.IsSuccessStatusCode, "a link to read must not write");
        Assert.Equal("x", await ReadAsync("mine"));
    }

    [Fact]
    public async Task A_link_with_one_changed_character_anywhere_is_refused()
    {
        await PutAsync("folder/object", "x");
        var url = (await LinkAsync("folder/object", TimeSpan.FromMinutes(5))).Url.Reveal();
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(url));
        // In the middle of the key, and of the value of each parameter: the time it ends among them, and the signature.
        List<int> places = [url.IndexOf("object?", StringComparison.Ordinal) + 2];
        places.AddRange(Regex.Matches(url, "(?<=[?&][^=&]+=)[^&]+").Select(value => Middle(url, value)));
        Assert.True(places.Count >= 3, "a key, an end and a signature");

        foreach (var place in places)
        {
            var changed = url[..place] + Other(url[place]) + url[(place + 1)..];
            var status = await StatusAsync(changed);
            Assert.True((int)status is >= 400 and < 500, $"{status}, with another character at {place}: {changed}");
        }

        static char Other(char c) => c switch
        {
            '9' => '8',
            'z' => 'y',
            'Z' => 'Y',
            _ => (char)(c + 1),
        };

        // Not within %2F: another hexadecimal digit may be no character at all.
        static int Middle(string url, Match value) =>
            Enumerable.Range(value.Index + (value.Length / 2), value.Length)
                .Concat(Enumerable.Range(value.Index, value.Length))
                .First(at => at < value.Index + value.Length && char.IsAsciiLetterOrDigit(url[at])
                    && (at < 1 || url[at - 1] != '%') && (at < 2 || url[at - 2] != '%'));
    }

    [Fact]
    public async Task A_link_to_an_object_that_is_gone_says_404()
    {
        var link = await LinkAsync("gone", TimeSpan.FromMinutes(5));

        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(link.Url.Reveal()));
    }

    [Fact]
    public async Task A_link_is_refused_once_it_has_expired()
    {
        await PutAsync("k", "x");
        var url = (await LinkAsync("k", TimeSpan.FromSeconds(3))).Url.Reveal();
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(url));

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        while (await StatusAsync(url) == HttpStatusCode.OK)
            await Task.Delay(100, limit.Token);
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(url));
    }

    // Services write the end of a link as seconds from now, as a point in time, or as a date.
    private static string Longer(string url) => Regex.Replace(
        Regex.Replace(url, @"(?<=(X-Amz-Expires|X-Goog-Expires|expires)=)\d+", m => m.Value + "0"),
        @"(?<=[?&]se=)\d{4}",
        year => $"{int.Parse(year.Value) + 1}");
}
