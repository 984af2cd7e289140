using Godwit.Copy.Archive;
using Godwit.Copy.Rows;
using Godwit.PgArchive;
using Godwit.Tests.PgArchive;

namespace Godwit.Tests.Copy;

/// <summary>What an archive has to bring, as COPY is told.</summary>
public sealed class ArchivePartsTests
{
    [Theory]
    [InlineData("public", "t", "COPY public.t (id, name) FROM stdin;\n",
        "COPY public.t (id, name) FROM STDIN (FORMAT text, FREEZE)")]
    [InlineData("public", "t", "COPY public.t  FROM stdin;\n", "COPY public.t  FROM STDIN (FORMAT text, FREEZE)")]
    [InlineData("Odd one", "a (\"b\") c", "COPY \"Odd one\".\"a (\"\"b\"\") c\" (\"x y\") FROM stdin;\n",
        "COPY \"Odd one\".\"a (\"\"b\"\") c\" (\"x y\") FROM STDIN (FORMAT text, FREEZE)")]
    // pg_dump --load-via-partition-root: others fill the table as well.
    [InlineData("public", "part_1", "COPY public.whole (id) FROM stdin;\n",
        "COPY public.whole (id) FROM STDIN (FORMAT text)")]
    public void A_table_is_filled_as_its_archive_says(string schema, string table, string statement, string expected) =>
        Assert.Equal(expected, Only(schema, table, statement).CopyIn);

    [Theory]
    [InlineData(true, 1 << 20, true)]
    // Emptying it would cost more than a later VACUUM.
    [InlineData(true, 1 << 10, false)]
    // Nobody knows how much it is, because the archive is read forwards.
    [InlineData(true, 0, true)]
    // An extension has made it, perhaps with rows.
    [InlineData(false, 1 << 20, false)]
    public void A_table_is_emptied_before_it_is_filled_only_where_nothing_can_be_in_it_and_it_pays(
        bool isMadeByArchive, long bytes, bool isEmptied) =>
        Assert.Equal(isEmptied,
            Only("public", "t", "COPY public.t (id) FROM stdin;\n", bytes, isMadeByArchive).IsWhole);

    [Fact]
    public void Rows_that_are_statements_are_refused() =>
        Assert.Equal(ArchiveProblem.Unsupported,
            Assert.Throws<ArchiveException>(() => Only("public", "t", "")).Problem);

    private static RowPart Only(
        string schema, string table, string statement, long bytes = 0, bool isMadeByArchive = true)
    {
        var made = Forge.Object(2, isMadeByArchive ? "TABLE" : "EXTENSION", table) with { Oid = 16384 };
        var rows = Forge.Table(1, table) with
        {
            Oid = 16384,
            Namespace = ArchiveText.Of(schema),
            CopyStatement = ArchiveText.Of(statement),
        };
        return Assert.IsType<RowPart>(Assert.Single(ArchiveParts.Of(Forge.Head(ArchiveCompression.Gzip, made, rows),
            new Dictionary<int, long> { [1] = bytes })));
    }
}
