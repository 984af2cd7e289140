using System.Text;
using Godwit.Copy.Definitions;
using Godwit.PgArchive;
using Godwit.Tests.PgArchive;

namespace Godwit.Tests.Copy;

/// <summary>Definitions of a source where a backslash in a literal was an escape mean the same where it is
/// none.</summary>
public sealed class StandardStringsTests
{
    [Theory]
    [InlineData(@"COMMENT ON TABLE t IS 'a\\b';", @"COMMENT ON TABLE t IS E'a\\b';")]
    [InlineData(@"SELECT 'ends with \\', 'it''s', '\\''';", @"SELECT E'ends with \\', 'it''s', E'\\''';")]
    [InlineData(@"SELECT E'a\\b', e'\'', ""\a'"", '\\'::text", @"SELECT E'a\\b', e'\'', ""\a'"", E'\\'::text")]
    [InlineData(@"AS $$ SELECT '\n' $$; -- it's \", @"AS $$ SELECT '\n' $$; -- it's \")]
    [InlineData(@"CREATE TYPE mood AS ENUM ('\\','ok')", @"CREATE TYPE mood AS ENUM (E'\\','ok')")]
    public void A_literal_with_a_backslash_gets_an_E(string written, string meant)
    {
        Assert.Equal(meant, Of("off", written));
        Assert.Equal(written, Of("on", written));
    }

    private static string Of(string setting, string sql)
    {
        var head = Forge.Head(ArchiveCompression.Gzip,
            Forge.Object(1, "STDSTRINGS", "STDSTRINGS") with
            {
                Definition = Text($"SET standard_conforming_strings = '{setting}';\n"),
            },
            Forge.Object(2, "VIEW", "v") with { Definition = Text(sql) });
        return $"{StandardStrings.Of(head).Entries.Single(entry => entry.DumpId == 2).Definition}";
    }

    private static ArchiveText Text(string text) => ArchiveText.Of(Encoding.ASCII.GetBytes(text));
}
