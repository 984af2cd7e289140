using Godwit.Extract;
using Godwit.PgArchive;

namespace Godwit.Tests.Extract;

public sealed class CopyColumnsTests
{
    [Theory]
    [InlineData("COPY public.orders (id, \"Name\") FROM stdin;\n", "(id, \"Name\")")]
    [InlineData("COPY \"public\".\"orders\" (\"id\", \"system_user\") FROM stdin;\n", "(\"id\", \"system_user\")")]
    [InlineData("COPY public.nothing  FROM stdin;\n", "")]
    [InlineData("COPY \"a b\".\"c (d) \"\" FROM stdin;\n\" (\"x) FROM stdin;\") FROM stdin;\n", "(\"x) FROM stdin;\")")]
    [InlineData("COPY \"two\nlines\".t (\"in\nside\") FROM stdin;\n", "(\"in\nside\")")]
    public void The_columns_are_those_of_the_statement_whatever_the_names_hold(string statement, string columns) =>
        Assert.Equal(columns, CopyColumns.Of(ArchiveText.Of(statement)));

    [Fact]
    public void Bytes_of_any_encoding_come_through_unchanged()
    {
        byte[] statement = [.. "COPY t ("u8, 0xe9, 0xff, .. ") FROM stdin;\n"u8];
        Assert.Equal("(\u00e9\u00ff)", CopyColumns.Of(ArchiveText.Of(statement)));
    }

    [Theory]
    [InlineData("INSERT INTO t VALUES (1);\n")]
    [InlineData("COPY t (a) FROM stdin WITH (FORMAT binary);\n")]
    [InlineData("COPY t a FROM stdin;\n")]
    public void Another_statement_is_not_guessed_at(string statement) =>
        Assert.Null(CopyColumns.Of(ArchiveText.Of(statement)));

    [Fact]
    public void No_statement_gives_no_columns() => Assert.Null(CopyColumns.Of(null));
}
