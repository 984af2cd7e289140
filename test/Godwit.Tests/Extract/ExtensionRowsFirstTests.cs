using Godwit.Extract;
using Godwit.PgArchive;
using Godwit.Tests.PgArchive;

namespace Godwit.Tests.Extract;

public sealed class ExtensionRowsFirstTests
{
    [Fact]
    public void Rows_of_tables_that_the_archive_does_not_define_stand_in_front_of_all_others_in_their_order()
    {
        Assert.Equal([1, 2, 5, 7, 4, 6, 8], Ordered(
            Definition(1, "places", 51), Definition(2, "visits", 52),
            Rows(4, "places", 51), Rows(5, "topology", 61), Rows(6, "visits", 52), Rows(7, "layer", 62),
            Forge.Object(8, "INDEX", "by_place")));
    }

    [Fact]
    public void An_archive_of_rows_alone_and_one_without_such_tables_stay_as_they_are()
    {
        Assert.Equal([6, 4], Ordered(Rows(6, "visits", 52), Rows(4, "places", 51)));
        Assert.Equal([1, 4], Ordered(Definition(1, "places", 51), Rows(4, "places", 51)));
    }

    private static IEnumerable<int> Ordered(params TocEntry[] entries) =>
        ExtensionRowsFirst.Of(Forge.Head(ArchiveCompression.None, entries)).Entries.Select(entry => entry.DumpId);

    private static TocEntry Definition(int id, string name, uint oid) =>
        Forge.Object(id, "TABLE", name) with { Oid = oid };

    private static TocEntry Rows(int id, string name, uint oid) => Forge.Table(id, name) with { Oid = oid };
}
