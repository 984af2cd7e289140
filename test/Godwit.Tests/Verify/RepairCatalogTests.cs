using Godwit.Verify.Repair;

namespace Godwit.Tests.Verify;

public sealed class RepairCatalogTests
{
    [Fact]
    public void Tables_stand_before_those_they_refer_to() =>
        Assert.Equal(["lines", "orders", "customers"], Catalog(("orders", "customers"), ("lines", "orders"),
            ("lines", "customers")).ReferringFirst(["customers", "orders", "lines"]));

    /// <summary>Foreign keys are deferred, so a circle has no wrong order; only none may be left out.</summary>
    [Fact]
    public void A_circle_of_references_loses_no_table() =>
        Assert.Equal(["a", "b", "c", "self"], Catalog(("a", "b"), ("b", "c"), ("c", "a"), ("self", "self"))
            .ReferringFirst(["c", "b", "a", "self"]).Order());

    /// <summary>An index that compares other columns than the changed ones has nothing to say to the change.</summary>
    [Fact]
    public void Only_a_change_of_what_a_unique_index_compares_concerns_it()
    {
        var index = new RepairUnique("people", ["email", "shop"], IsOfAny: false, IsPlain: true);

        Assert.True(index.Concerns(["name", "email"]));
        Assert.False(index.Concerns(["name"]));
        Assert.True((index with { IsOfAny = true }).Concerns(["name"]));
        Assert.False((index with { IsOfAny = true }).Concerns([]));
    }

    private static RepairCatalog Catalog(params (string From, string To)[] references) => new()
    {
        Generated = new HashSet<(string, string)>(),
        AlwaysIdentity = new HashSet<(string, string)>(),
        Uniques = [],
        Triggers = [],
        References = [.. references.Select(one =>
            new RepairReference(one.From, one.To, one.From, "k", Acts: false, IsDeferrable: false, IsDeferred: false))],
    };
}
