using Godwit.Extract.Cleaning;
using Godwit.Migration;
using Godwit.Verify;

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
            new(LeftOutKind.Policy, "public.orders mine", "you mapped its roles", IsRewritten: true),
            new(LeftOutKind.Part, "public.metrics", "what it belongs to is left out", IsRewritten: false),
            new(LeftOutKind.Grant, "TABLE orders", "the target has one owner", IsRewritten: false),
            new(LeftOutKind.InternalOptions, "public.orders", "they are internal to the server", IsRewritten: false),
            new(LeftOutKind.HerokuExt, "heroku_ext", "extensions are in the schema public at the target", IsRewritten: false),
        ]);
        Assert.Equal([("extension", "timescaledb"), ("table", "cron.job"), ("policy", "public.orders mine"), (null, "public.metrics")], expected.Objects.Select(one => (one.Class, one.Name)));
        Assert.Equal("the target has one owner", expected.Classes["grant"]);
        Assert.Equal("public", expected.Schemas["heroku_ext"]);
        var missing = new TableVerdict("cron.job", Outcome.Different, null, null);
        var others = new Dictionary<string, string> { ["cron.log"] = "the target does not offer it" };
        Assert.Equal((Outcome.Expected, "its extension is left out"), (expected.Judged(missing, others).Outcome, expected.Judged(missing, others).Why));
        Assert.Equal("the target does not offer it", expected.Judged(missing with { Table = "cron.log" }, others).Why);
        Assert.Equal(Outcome.Different, expected.Judged(missing with { TargetRows = 1 }, others).Outcome);
        Assert.Equal(Outcome.Different, expected.Judged(missing with { Table = "cron.jobs" }, others).Outcome);
    }

    [Fact]
    public async Task A_run_whose_dump_is_whole_expects_other_owners_and_nothing_else()
    {
        var expected = await ExpectedSchema.ReadAsync(Path.Combine(Path.GetTempPath(), "godwit-no-such-run"), TestContext.Current.CancellationToken);
        Assert.Empty(expected.Objects);
        Assert.Equal(["owner"], expected.Classes.Keys);
    }
}
