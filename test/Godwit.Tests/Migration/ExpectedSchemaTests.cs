using Godwit.Dump.Cleaning;
using Godwit.Migration;

namespace Godwit.Tests.Migration;

public sealed class ExpectedSchemaTests
{
    [Fact]
    public void What_was_left_out_is_expected_under_its_class_and_whole_classes_by_their_reason()
    {
        var expected = ExpectedSchema.Of(
        [
            new(LeftOutKind.Extension, "timescaledb", "the target does not offer it", IsRewritten: false),
            new(LeftOutKind.Policy, "public.orders mine", "you mapped its roles", IsRewritten: true),
            new(LeftOutKind.Part, "public.metrics", "what it belongs to is left out", IsRewritten: false),
            new(LeftOutKind.Grant, "TABLE orders", "the target has one owner", IsRewritten: false),
            new(LeftOutKind.HerokuExt, "heroku_ext", "extensions are in the schema public at the target", IsRewritten: false),
        ]);
        Assert.Equal([("extension", "timescaledb"), ("policy", "public.orders mine"), (null, "public.metrics")], expected.Objects.Select(one => (one.Class, one.Name)));
        Assert.Equal("the target has one owner", expected.Classes["grant"]);
        Assert.Equal("public", expected.Schemas["heroku_ext"]);
    }

    [Fact]
    public async Task A_run_whose_dump_is_whole_expects_other_owners_and_nothing_else()
    {
        var expected = await ExpectedSchema.ReadAsync(Path.Combine(Path.GetTempPath(), "godwit-no-such-run"), TestContext.Current.CancellationToken);
        Assert.Empty(expected.Objects);
        Assert.Equal(["owner"], expected.Classes.Keys);
    }
}
