using Godwit.Verify.Schema;

namespace Godwit.Tests.Verify;

public sealed class SqlTextTests
{
    [Theory]
    [InlineData("CHECK (((a)::text = ANY ((ARRAY['x'::character varying, 'y'::character varying])::text[])))",
        "CHECK (((a)::text = ANY (ARRAY[('x'::character varying)::text, ('y'::character varying)::text])))")]
    [InlineData("(b = ANY ((ARRAY[1, f(2, 3)])::public.\"Odd Type\"[]))",
        "(b = ANY (ARRAY[(1)::public.\"Odd Type\", (f(2, 3))::public.\"Odd Type\"]))")]
    [InlineData("((ARRAY['a'])::timestamp(3) without time zone[])", "ARRAY[('a')::timestamp(3) without time zone]")]
    public void A_cast_of_an_array_is_a_cast_of_its_elements(string made, string restored)
    {
        Assert.Equal(restored, SqlText.Plain.Normal(made));
        Assert.Equal(restored, SqlText.Plain.Normal(restored));
    }

    [Theory]
    [InlineData("(((a >= 1) AND (a <= 2)) AND b)", "((a >= 1) AND (a <= 2) AND b)")]
    [InlineData("((a OR b) OR (c AND (d AND e)))", "(a OR b OR (c AND d AND e))")]
    [InlineData("((a OR b) AND c)", "((a OR b) AND c)")]
    [InlineData("((a - b) - c)", "((a - b) - c)")]
    [InlineData("(a - (b - c))", "(a - (b - c))")]
    public void Conjunctions_have_no_order_of_brackets_and_everything_else_has(string sql, string normal) =>
        Assert.Equal(normal, SqlText.Plain.Normal(sql));

    [Theory]
    [InlineData("\"user\" + \"Odd Name\" + \"has\"\"quote\"", "user + \"Odd Name\" + \"has\"\"quote\"")]
    [InlineData("pg_catalog.lower('\"a\" AND pg_catalog.b')", "lower('\"a\" AND pg_catalog.b')")]
    [InlineData("'it''s ('::text  \n || E'\\'('", "'it''s ('::text || E'\\'('")]
    [InlineData("XMLSERIALIZE(CONTENT a AS text NO INDENT)", "XMLSERIALIZE(CONTENT a AS text)")]
    public void Names_are_quoted_only_where_they_have_to_be(string sql, string normal) =>
        Assert.Equal(normal, SqlText.Plain.Normal(sql));

    [Theory]
    [InlineData("a)(b")]
    [InlineData("(((")]
    [InlineData("x='([")]
    public void What_is_no_SQL_stays_as_it_is(string text) => Assert.Equal(text, SqlText.Plain.Normal(text));

    [Theory]
    [InlineData(" SELECT s.id,\n    s.name\n   FROM birds.species s\n  WHERE (s.id > 1);",
        "SELECT id,\n    name\nFROM birds.species s\nWHERE (id > 1)")]
    [InlineData("SELECT species.id FROM birds.species", "SELECT id\nFROM birds.species")]
    [InlineData("SELECT t.* FROM t ORDER BY t.a", "SELECT t.*\nFROM t\nORDER BY a")]
    [InlineData("SELECT a.x, b.x FROM (a JOIN b ON ((a.x = b.x)))",
        "SELECT a.x,\n    b.x\nFROM (a\nJOIN b ON ((a.x = b.x)))")]
    [InlineData("SELECT s.id FROM species s WHERE (EXISTS ( SELECT FROM other o WHERE (o.id = s.id)))",
        "SELECT id\nFROM species s\nWHERE (EXISTS (SELECT FROM other o WHERE (o.id = s.id)))")]
    public void A_view_of_one_table_names_columns_without_it_as_newer_servers_do(string printed, string normal) =>
        Assert.Equal(normal, SqlText.Plain.Statement(printed, isView: true));

    [Fact]
    public void A_schema_that_has_another_name_there_is_called_by_it()
    {
        var sql = new SqlText(new Dictionary<string, string> { ["heroku_ext"] = "public" });
        Assert.Equal("type: public.citext", sql.Normal("type: heroku_ext.citext"));
        Assert.Equal("'heroku_ext.x' || heroku_ext", sql.Normal("'heroku_ext.x' || heroku_ext"));
    }

    [Theory]
    [InlineData("de_DE@collation=phonebook", "de-DE-u-co-phonebk")]
    [InlineData("@colStrength=secondary", "und-u-ks-level2")]
    [InlineData("en_US@colNumeric=yes;colAlternate=shifted", "en-US-u-ka-shifted-kn")]
    [InlineData("und-u-kn-true-ks-level1", "und-u-kn-ks-level1")]
    [InlineData("root", "und")]
    public void A_locale_is_the_same_in_the_old_form_and_in_the_new_one(string old, string now) =>
        Assert.Equal(IcuLocale.Normal(now), IcuLocale.Normal(old));

    [Theory]
    [InlineData("public.orders only_mine", "only_mine on public.orders")]
    [InlineData("USER MAPPING robin SERVER nest", "robin on nest")]
    [InlineData("public.f(integer, text)", "public.f(integer,text)")]
    public void What_a_dump_calls_an_object_is_found_under_its_name(string inDump, string name) =>
        Assert.Equal(new ExpectedObject(null, inDump, "x").Words, ExpectedObject.WordsOf(name));
}
