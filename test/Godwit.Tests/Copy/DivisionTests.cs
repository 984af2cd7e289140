using Godwit.Copy.Archive;
using Godwit.Copy.Rows;
using Godwit.Tests.PgArchive;

namespace Godwit.Tests.Copy;

/// <summary>Which tables of an archive several workers fill.</summary>
public sealed class DivisionTests
{
    private static readonly Dictionary<int, TableParts> Nothing = [];

    [Theory]
    [InlineData(2, 900, 100, true)]
    // Two that are alike have one worker each, and their rows come frozen.
    [InlineData(2, 500, 500, false)]
    [InlineData(4, 500, 500, true)]
    [InlineData(1, 900, 100, false)]
    public void A_table_for_which_all_others_would_wait_is_divided(
        int jobs, int megabytes, int others, bool isDivided) =>
        Assert.Equal(isDivided, Division.Of([Part(1, megabytes), Part(2, others)], jobs, Nothing).ContainsKey(1));

    [Fact]
    public void A_small_archive_is_not_divided() => Assert.Empty(Division.Of([Part(1, 3)], 4, Nothing));

    [Fact]
    public void A_table_that_others_fill_as_well_is_not_divided() =>
        Assert.Empty(Division.Of([Part(1, 900) with { IsWhole = false }], 4, Nothing));

    [Fact]
    public void Who_goes_on_divides_as_it_was_begun() =>
        Assert.Equal(8, Division.Of([Part(1, 900), Part(2, 900)], 1,
            new Dictionary<int, TableParts> { [1] = TableParts.OfShares(8) })[1].Conditions.Count);

    [Fact]
    public void Others_help_when_they_have_nothing_else_to_do()
    {
        var parts = Division.WithShares([Part(1, 900), Part(2, 50), Part(3, 1)],
            new Dictionary<int, TableParts> { [1] = TableParts.OfShares(3) });

        Assert.Equal([(1, 0, false), (2, 0, true), (3, 0, true), (1, 1, false), (1, 2, false)],
            parts.Cast<RowPart>().Select(part => (part.Entry.DumpId, part.Number, part.IsWhole)));
        Assert.Equal(951L << 20, parts.Sum(part => part.SourceBytes));
    }

    private static RowPart Part(int id, int megabytes) =>
        new(Forge.Table(id), 0, "public.t", "public.t", "(id)", "", (long)megabytes << 20) { IsWhole = true };
}
