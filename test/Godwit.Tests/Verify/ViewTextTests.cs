using Godwit.Postgres;
using Godwit.Verify.Views;

namespace Godwit.Tests.Verify;

/// <summary>Where a view's query reads a relation, and where its name only looks like it.</summary>
public sealed class ViewTextTests
{
    private static readonly Dictionary<string, string> Instead =
        new() { ["public.mv"] = "f1", ["\"Odd \"\" one\".\"m v\""] = "f2" };

    [Theory]
    [InlineData("SELECT mv.a FROM public.mv;", "SELECT mv.a FROM f1 mv")]
    [InlineData("SELECT x.a FROM public.mv x WHERE x.a > 1", "SELECT x.a FROM f1 x WHERE x.a > 1")]
    [InlineData("SELECT x.a FROM public.mv AS x(a, b)", "SELECT x.a FROM f1 AS x(a, b)")]
    [InlineData("SELECT 1 FROM \"Odd \"\" one\".\"m v\"", "SELECT 1 FROM f2 \"m v\"")]
    [InlineData("SELECT \"X\".a FROM public.mv \"X\"", "SELECT \"X\".a FROM f1 \"X\"")]
    [InlineData("SELECT 1 FROM ((public.mv JOIN public.t ON ((mv.a = t.a))) LEFT JOIN public.mv m ON (true))",
        "SELECT 1 FROM ((f1 mv JOIN public.t ON ((mv.a = t.a))) LEFT JOIN f1 m ON (true))")]
    [InlineData("SELECT 1 FROM public.t, public.mv, LATERAL (SELECT mv.a FROM public.mv) l",
        "SELECT 1 FROM public.t, f1 mv, LATERAL (SELECT mv.a FROM f1 mv) l")]
    [InlineData("SELECT (SELECT max(mv.a) FROM ONLY public.mv), public.mv FROM public.t public",
        "SELECT (SELECT max(mv.a) FROM ONLY f1 mv), public.mv FROM public.t public")]
    [InlineData("SELECT 'FROM public.mv', E'\\' FROM public.mv' FROM other.mv",
        "SELECT 'FROM public.mv', E'\\' FROM public.mv' FROM other.mv")]
    [InlineData("SELECT mv.*::public.mv AS r FROM public.mv", "SELECT mv.*::public.mv AS r FROM f1 mv")]
    [InlineData("SELECT public.mv(1), EXTRACT(year FROM public.mv) FROM public.mv(2) public",
        "SELECT public.mv(1), EXTRACT(year FROM public.mv) FROM public.mv(2) public")]
    [InlineData("SELECT a IS DISTINCT FROM public.mv, b FROM public.t public ORDER BY a, public.mv",
        "SELECT a IS DISTINCT FROM public.mv, b FROM public.t public ORDER BY a, public.mv")]
    [InlineData("SELECT a FROM ROWS FROM(public.mv(1), f(2)) x UNION SELECT b FROM public.mv GROUP BY b, public.mv",
        "SELECT a FROM ROWS FROM(public.mv(1), f(2)) x UNION SELECT b FROM f1 mv GROUP BY b, public.mv")]
    [InlineData("WITH mv AS (SELECT 1 FROM public.mv) SELECT mv.a FROM mv, public.mv mv_1",
        "WITH mv AS (SELECT 1 FROM f1 mv) SELECT mv.a FROM mv, f1 mv_1")]
    [InlineData("SELECT a FROM public.mv WHERE (a = ANY (ARRAY[1, 2])) AND EXISTS (SELECT FROM public.mv m)",
        "SELECT a FROM f1 mv WHERE (a = ANY (ARRAY[1, 2])) AND EXISTS (SELECT FROM f1 m)")]
    [InlineData("SELECT a FROM public.mv TABLESAMPLE system (10)", "SELECT a FROM f1 mv TABLESAMPLE system (10)")]
    public void Relations_are_replaced_where_they_are_read_and_nowhere_else(string query, string expected)
    {
        Assert.Equal(expected, new ViewText(Instead).Rewrite(query));
    }

    [Theory]
    [InlineData("SELECT (1 FROM public.mv")]
    [InlineData("")]
    public void What_is_no_query_is_not_rewritten(string query) => Assert.Null(new ViewText(Instead).Rewrite(query));

    [Theory]
    [InlineData("public.mv", "public", "mv", true)]
    [InlineData("Public.MV", "public", "mv", true)]
    [InlineData("\"Public\".mv", "public", "mv", false)]
    [InlineData("My Schema.m v", "My Schema", "m v", true)]
    [InlineData("\"a \"\"b\".\"c.d\"", "a \"b", "c.d", true)]
    [InlineData("public.mv", "public", "MV", false)]
    public void A_view_is_named_as_in_sql_or_as_a_shell_leaves_it(
        string typed, string schema, string name, bool isIt) =>
        Assert.Equal(isIt, MaterializedViewName.TryParse(typed)!.Is(schema, name));

    [Theory]
    [InlineData("mv")]
    [InlineData("a.b.c")]
    [InlineData(".mv")]
    [InlineData("\"a.b")]
    public void What_has_no_schema_is_no_name(string typed) => Assert.Null(MaterializedViewName.TryParse(typed));
}
