using Godwit.Copy.Definitions;
using Godwit.PgArchive;
using Godwit.Tests.PgArchive;

namespace Godwit.Tests.Copy;

/// <summary>What is made before the first row, and what waits.</summary>
public sealed class RestoreOrderTests
{
    [Fact]
    public void Large_objects_of_pg_dump_17_are_made_before_anything_is_filled()
    {
        var rows = Forge.Table(1);
        var made = Forge.Object(2, "BLOB METADATA", "900001..900003") with { Section = ArchiveSection.Data };
        var filled = Forge.Table(3) with { Description = ArchiveText.Of("BLOBS"), Dependencies = [2] };

        var order = new RestoreOrder(Forge.Head(ArchiveCompression.Gzip, rows, made, filled));

        Assert.Equal([2], order.First.Select(entry => entry.DumpId));
        Assert.Equal([1, 3], order.Later.Select(entry => entry.DumpId));
    }

    [Fact]
    public void A_comment_on_a_table_is_made_with_it_and_one_on_an_index_behind_it()
    {
        var order = new RestoreOrder(Forge.Head(ArchiveCompression.Gzip, Forge.Object(1, "TABLE", "t"),
            Comment(2, 1), Forge.Table(3),
            Forge.Object(4, "INDEX", "i", 1) with { Section = ArchiveSection.PostData }, Comment(5, 4)));

        Assert.Equal([1, 2], order.First.Select(entry => entry.DumpId));
        Assert.Equal([3, 4, 5], order.Later.Select(entry => entry.DumpId));
        Assert.Equal([4], order.Needs(order.Later[^1]));
    }

    private static TocEntry Comment(int id, int of) =>
        Forge.Object(id, "COMMENT", "it", of) with { Section = ArchiveSection.None };
}
