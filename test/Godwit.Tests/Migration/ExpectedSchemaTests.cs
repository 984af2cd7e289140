using Godwit.Extract.Cleaning;
using Godwit.Migration;
using Godwit.Proof;

namespace Godwit.Tests.Migration;

public sealed class ExpectedSchemaTests
{
    [Fact]
    public void What_was_left_out_is_expected_under_its_class_and_whole_classes_by_their_reason()
    {
        var expected = ExpectedSchema.Of(
        [
            new(LeftOutKind.Extension, "timescaledb", "the target does not offer it", IsRewritten: false),
            new(LeftOutKind.ExtensionRows, "cron.job", "its extension is left out", IsRewritten: false),
            new(LeftOutKind.OwnRows, "public.spatial_ref_sys", "the owner may not insert into it", IsRewritten: false),
            new(LeftOutKind.ExtensionTable, "topology.layer", "nothing is in it", IsRewritten: false),
            new(LeftOutKind.Policy, "public.orders mine", "you mapped its roles", IsRewritten: true),
            new(LeftOutKind.Part, "public.metrics", "what it belongs to is left out", IsRewritten: false),
            new(LeftOutKind.Grant, "TABLE orders", "the target has one owner", IsRewritten: false),
            new(LeftOutKind.Grant, "FUNCTION public.f(integer)", "you mapped its role", IsRewritten: true),
            new(LeftOutKind.RefusedRight, "SCHEMA public", "the target refused it", IsRewritten: false),
            new(LeftOutKind.InternalOptions, "public.orders", "they are internal to the server", IsRewritten: false),
            new(LeftOutKind.HerokuExt, "heroku_ext", "extensions are in the schema public at the target",
                IsRewritten: false),
        ]);
        Assert.Equal(
            [
                ("extension", "timescaledb"), ("table", "cron.job"), ("table", "public.spatial_ref_sys"),
                ("table", "topology.layer"), ("policy", "public.orders mine"),
                (null, "public.metrics"), ("grant", "function public.f(integer)"),
                ("grant", "aggregate public.f(integer)"), ("grant", "schema public"),
            ],
            expected.Objects.Select(one => (one.Class, one.Name)));
        Assert.Equal(["owner"], expected.Classes.Keys);
        Assert.Equal("public", expected.Schemas["heroku_ext"]);
        var missing = new TableVerdict("cron.job", Outcome.Different, null, null);
        var others = new Dictionary<string, string> { ["cron.log"] = "the target does not offer it" };
        Assert.Equal((Outcome.Expected, "its extension is left out"),
            (expected.Judged(missing, others).Outcome, expected.Judged(missing, others).Why));
        Assert.Equal("the target does not offer it", expected.Judged(missing with { Table = "cron.log" }, others).Why);
        Assert.Equal(Outcome.Different, expected.Judged(missing with { TargetRows = 1 }, others).Outcome);
        var emptied = new TableVerdict("public.spatial_ref_sys", Outcome.Different, 1, 0);
        Assert.Equal((Outcome.Expected, "the owner may not insert into it"),
            (expected.Judged(emptied, others).Outcome, expected.Judged(emptied, others).Why));
        Assert.Equal(Outcome.Equal, expected.Judged(emptied with { Outcome = Outcome.Equal }, others).Outcome);
        var closed = new TableVerdict("topology.layer", Outcome.NotCompared, null, null);
        Assert.Equal(Outcome.Different, expected.Judged(emptied with { Table = "topology.layer" }, others).Outcome);
        Assert.Equal((Outcome.Expected, "nothing is in it"),
            (expected.Judged(closed, others).Outcome, expected.Judged(closed, others).Why));
        Assert.Equal(Outcome.NotCompared, expected.Judged(closed with { Table = "public.orders" }, others).Outcome);
        Assert.Equal(Outcome.Different, expected.Judged(missing with { Table = "cron.jobs" }, others).Outcome);
    }

    [Fact]
    public async Task A_run_whose_dump_is_whole_expects_other_owners_and_nothing_else()
    {
        var expected = await ExpectedSchema.ReadAsync(Path.Combine(Path.GetTempPath(), "godwit-no-such-run"),
            isCleaned: true, TestContext.Current.CancellationToken);
        Assert.Empty(expected.Objects);
        Assert.Equal(["owner"], expected.Classes.Keys);
        var uncleaned = await ExpectedSchema.ReadAsync(Path.Combine(Path.GetTempPath(), "godwit-no-such-run"),
            isCleaned: false, TestContext.Current.CancellationToken);
        Assert.Equal(["default privileges", "grant", "owner"], uncleaned.Classes.Keys.Order(StringComparer.Ordinal));
    }
}
