using Godwit.EndToEnd.Migration;
using Godwit.Proof;

namespace Godwit.EndToEnd.Verify;

/// <summary>A dumped and restored schema is equal. Any change makes it differ.</summary>
public sealed class SchemaMutationTests(OtherServers others, SchemaCopies copies)
{
    public static TheoryData<int, int> Majors => new() { { 13, 15 }, { 15, 15 }, { 15, 17 }, { 15, 18 }, { 17, 18 } };

    [Theory, MemberData(nameof(Majors))]
    public async Task A_restored_copy_is_equal(int from, int to)
    {
        var (source, target) = (await others.OfMajorAsync(from), await others.OfMajorAsync(to));
        var (sample, copy) = await copies.MakeAsync(source, target);
        var result = await SchemaCopies.CompareAsync(source, sample, target, copy);
        Assert.Empty(result.Omissions);
        Assert.Equal([], result.Objects.Where(one => one.Outcome == Outcome.Different));
        // Only the column order after inheritance and newer versions of extensions differ.
        Assert.All(result.Objects, one => Assert.Contains(one.Class, (string[])["column order", "extension"]));
        Assert.InRange(result.Compared, 500, 600);
    }

    [Theory, MemberData(nameof(Majors))]
    public async Task Every_single_difference_is_found_at_its_place_and_nothing_else(int from, int to)
    {
        var (source, target) = (await others.OfMajorAsync(from), await others.OfMajorAsync(to));
        var (sample, copy) = await copies.MakeAsync(source, target);
        foreach (var batch in SchemaMutations.Batches)
        {
            var known = batch.Where(one => one.Since <= from).ToList();
            var clone = await copies.CloneAsync(target, copy, known.Select(one => one.Sql));
            var result = await SchemaCopies.CompareAsync(source, sample, target, clone);
            var expected = known.Select(one => (one.Class, one.Name)).Concat(known.SelectMany(one => one.Also));
            var found = result.Objects.Where(one => one.Outcome == Outcome.Different)
                .Select(one => (one.Class, one.Name));
            Assert.Equal(expected.Order(), found.Order());
            Assert.DoesNotContain("s3cr3t", string.Join('\n', result.Objects.Select(one => one.Source + one.Target)),
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public void There_are_about_as_many_kinds_of_differences_as_properties() =>
        Assert.InRange(SchemaMutations.Batches.Sum(batch => batch.Count), 200, 400);
}
