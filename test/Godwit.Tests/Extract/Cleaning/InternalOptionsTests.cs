using Godwit.Extract.Cleaning;
using Godwit.PgArchive;
using Godwit.Tests.PgArchive;

namespace Godwit.Tests.Extract.Cleaning;

public sealed class InternalOptionsTests
{
    private const string Table = "CREATE TABLE public.t (\n    a integer\n);\n";

    [Theory]
    [InlineData("ALTER TABLE ONLY public.t ALTER COLUMN a SET (pg_attver=3);\n", "")]
    [InlineData("ALTER FOREIGN TABLE ONLY public.t ALTER COLUMN a SET (pg_attver=3);\n", "")]
    [InlineData("ALTER INDEX public.t ALTER COLUMN 1 SET (pg_attver=3);\n", "")]
    [InlineData("ALTER TABLE ONLY public.t ALTER COLUMN a SET (pg_attver=3);", "")]
    [InlineData("ALTER TABLE ONLY public.t ALTER COLUMN a SET (pg_attver=3, pg_later=x);\n", "")]
    [InlineData("ALTER TABLE ONLY public.t ALTER COLUMN a SET (\"pg_attver\"=3);\n", "")]
    [InlineData("ALTER TABLE ONLY \"public\".\"t\" ALTER COLUMN \"a\" SET (pg_attver=3);\n", "")]
    [InlineData("ALTER TABLE ONLY public.t ALTER COLUMN a SET (pg_attver=3, n_distinct=-0.5);\n",
        "ALTER TABLE ONLY public.t ALTER COLUMN a SET (n_distinct=-0.5);\n")]
    [InlineData("ALTER TABLE ONLY public.t ALTER COLUMN a SET (n_distinct=-0.5, pg_attver=3);\n",
        "ALTER TABLE ONLY public.t ALTER COLUMN a SET (n_distinct=-0.5);\n")]
    [InlineData(
        "ALTER TABLE ONLY public.t ALTER COLUMN a SET (n_distinct=-0.5, pg_attver=3, n_distinct_inherited=4);\n",
        "ALTER TABLE ONLY public.t ALTER COLUMN a SET (n_distinct=-0.5, n_distinct_inherited=4);\n")]
    [InlineData("ALTER TABLE ONLY \"a\"\"b;\n(\".\"SET (pg_attver=1);\" ALTER COLUMN \"c; --\n\" SET (pg_attver=3);\n",
        "")]
    [InlineData("ALTER TABLE ONLY public.t ALTER COLUMN set SET (pg_attver=3);\n", "")]
    [InlineData("/* one; */ ALTER TABLE ONLY public.t ALTER COLUMN a SET (pg_attver=3);\n", "/* one; */ ")]
    public void Those_of_the_server_go_and_those_of_yours_stay(string statement, string left)
    {
        const string Behind = "ALTER TABLE ONLY public.t ALTER COLUMN a SET STATISTICS 7;\n";

        Assert.Equal(Table + left + Behind, Removed(Table + statement + Behind).Definition);
        Assert.Equal(Table + left, Removed(Table + statement).Definition);
    }

    [Theory]
    [InlineData("CREATE TABLE t (a text DEFAULT 'x;\nALTER TABLE ONLY t ALTER COLUMN a SET (pg_attver=1);\n');\n")]
    [InlineData("CREATE TABLE t (a text DEFAULT E'\\';ALTER TABLE ONLY t ALTER COLUMN a SET (pg_attver=1);');\n")]
    [InlineData("CREATE TABLE t (\";\nALTER TABLE ONLY t ALTER COLUMN a SET (pg_attver=1);\n\" int);\n")]
    [InlineData("COMMENT ON TABLE t IS 'ALTER TABLE ONLY t ALTER COLUMN a SET (pg_attver=1);';\n")]
    [InlineData("CREATE FUNCTION f() RETURNS void LANGUAGE sql AS $_$; "
        + "ALTER TABLE ONLY t ALTER COLUMN a SET (pg_attver=1);\n$_$;\n")]
    [InlineData("CREATE FUNCTION f() RETURNS int LANGUAGE sql\n    BEGIN ATOMIC\n"
        + " SELECT 1 AS \"ALTER x SET (pg_attver=1);\";\nEND;\n")]
    [InlineData("CREATE VIEW v AS\n SELECT 1 -- ;ALTER TABLE ONLY t ALTER COLUMN a SET (pg_attver=1);\n;\n")]
    [InlineData("ALTER TABLE ONLY pg_t ALTER COLUMN pg_a SET (n_distinct=3);\n")]
    [InlineData("ALTER TABLE ONLY pg_t ALTER COLUMN pg_a SET DEFAULT (pg_typeof(1));\n")]
    [InlineData("ALTER TABLE pg_t SET (pg_later=1);\n")]
    [InlineData("ALTER TABLE ONLY t ALTER COLUMN a SET (pg_attver=1")]
    public void Nothing_else_is_touched(string definition)
    {
        var head = Head(definition);

        var (after, leftOut) = InternalOptions.Remove(head);

        Assert.Same(head, after);
        Assert.Empty(leftOut);
    }

    [Fact]
    public void Every_statement_is_listed_with_the_options_that_go_by_the_name_of_its_table()
    {
        var (_, leftOut) = Removed(
            "ALTER TABLE ONLY public.t ALTER COLUMN a SET (pg_attver=3, n_distinct=-0.5);\n"
            + "ALTER TABLE ONLY public.t ALTER COLUMN b SET (pg_attver=4);\n");

        Assert.Equal(
            "ALTER TABLE ONLY public.t ALTER COLUMN a SET (pg_attver=3);\n"
            + "ALTER TABLE ONLY public.t ALTER COLUMN b SET (pg_attver=4);\n", $"{leftOut.Statement}");
        Assert.Equal((LeftOutKind.InternalOptions, "public.t", null),
            (leftOut.Kind, $"{leftOut.Name}", leftOut.Instead));
    }

    /// <summary>Where somebody runs the list, an older server would refuse them.</summary>
    [Fact]
    public void In_the_list_they_are_comments()
    {
        var contents = InternalOptions.Remove(Head(Table
            + "ALTER TABLE ONLY public.t ALTER COLUMN \"a\nb\" SET (pg_attver=3);\n"));

        var list = System.Text.Encoding.UTF8.GetString(LeftOutFile.Render(contents).Span);

        Assert.Contains("-- sets of internal column options: 1", list, StringComparison.Ordinal);
        Assert.All(list.Split('\n', StringSplitOptions.RemoveEmptyEntries),
            line => Assert.StartsWith("--", line, StringComparison.Ordinal));
    }

    [Fact]
    public void Cleaning_leaves_them_out_as_well()
    {
        var head = Head(Table + "ALTER TABLE ONLY public.t ALTER COLUMN a SET (pg_attver=3);\n");

        foreach (var rules in new[] { null, new CleaningRules { Roles = new HashSet<string>() } })
        {
            var (after, leftOut) = ArchiveCleaner.Clean(head, rules);
            Assert.Equal(Table, $"{after.Entries.Single().Definition}");
            Assert.Equal(LeftOutKind.InternalOptions, leftOut.Single().Kind);
        }
    }

    private static (string Definition, LeftOut LeftOut) Removed(string definition)
    {
        var (after, leftOut) = InternalOptions.Remove(Head(definition));
        return ($"{after.Entries.Single().Definition}", leftOut.Single());
    }

    private static ArchiveHead Head(string definition) => Forge.Head(
        ArchiveCompression.Gzip, Forge.Object(1, "TABLE", "t") with
        {
            Namespace = ArchiveText.Of("public"),
            Definition = ArchiveText.Of(definition),
        });
}
