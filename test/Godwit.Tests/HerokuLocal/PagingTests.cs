using System.Text.Json.Nodes;
using Godwit.HerokuLocal.Http;

namespace Godwit.Tests.HerokuLocal;

public sealed class PagingTests
{
    [Theory]
    [InlineData(null, "1,2,3,4,5", null)]
    [InlineData("", "1,2,3,4,5", null)]
    [InlineData("version ..; order=desc,max=1", "5", "version ]5..; order=desc,max=1")]
    [InlineData("version ..; max=2, order=desc", "5,4", "version ]4..; order=desc,max=2")]
    [InlineData("version ]4..; order=desc,max=2", "3,2", "version ]2..; order=desc,max=2")]
    [InlineData("version ]2..; order=desc,max=2", "1", null)]
    [InlineData("version ..; max=3", "1,2,3", "version ]3..; max=3")]
    [InlineData("version 2..4", "2,3,4", null)]
    [InlineData("version ]2..4", "3,4", null)]
    [InlineData("]4..; max=2", "5", null)]
    public void A_range_picks_the_page_and_says_where_the_next_begins(string? range, string expected, string? next)
    {
        var reply = Paging.Parse(range, "version", "id")
            .Page(new[] { 3, 1, 5, 2, 4 }.Select(v => new JsonObject { ["version"] = v }));
        Assert.Equal(expected, string.Join(',', reply.Body!.AsArray().Select(i => i!["version"]!.GetValue<int>())));
        Assert.Equal(next, reply.Headers.GetValueOrDefault("Next-Range"));
        Assert.Equal(next is null ? 200 : 206, reply.Status);
    }

    [Fact]
    public void Versions_are_sorted_as_numbers_and_names_as_text()
    {
        var items = Enumerable.Range(8, 5).Select(v => new JsonObject { ["version"] = v, ["name"] = $"v{v}" }).ToList();
        Assert.Equal("8,9,10,11,12", Versions(Paging.Parse("version ..", "version", "name").Page(items)));
        items.ForEach(i => i.Parent?.AsArray().Remove(i));
        Assert.Equal("10,11,12,8,9",
            Versions(Paging.Parse("name ..", "version", "name").Page(items.ConvertAll(i => i.DeepClone().AsObject()))));
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("price ..")]
    public void A_range_over_something_unsortable_cannot_be_satisfied(string range) =>
        Assert.Equal(416, Assert.Throws<ApiException>(() => Paging.Parse(range, "version")).Status);

    private static string Versions(Reply reply) =>
        string.Join(',', reply.Body!.AsArray().Select(i => i!["version"]!.GetValue<int>()));
}
