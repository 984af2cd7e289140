using Godwit.Postgres;
using Godwit.Verify.Queries;
using Godwit.Verify.Schema;

namespace Godwit.Tests.Postgres;

/// <summary>The rules are those of https://www.postgresql.org/docs/current/sql-syntax-lexical.html.</summary>
public sealed class SqlLexerTests
{
    [Theory]
    [InlineData("$$;$$ $a$ $$ $b$ $a$ $é1$x$é1$", "D$$;$$|D$a$ $$ $b$ $a$|D$é1$x$é1$")]
    [InlineData("$1 a$b$c $ $1$", "W$1|Wa$b$c|S$|W$1$")]
    [InlineData("$open$ ;", "D$open$ ;")]
    [InlineData("/* a /* b */ c */ d --e\r\nf", "C/* a /* b */ c */|Wd|C--e|Wf")]
    [InlineData("/* open /* */", "C/* open /* */")]
    [InlineData("'it''s' '\\' 'x'", "L'it''s'|L'\\'|L'x'")]
    [InlineData("E'\\'' e'\\\\' type'\\'", "WE|L'\\''|We|L'\\\\'|Wtype|L'\\'")]
    [InlineData("E'a'\n 'b\\'' E'a' 'b\\'", "WE|L'a'\n 'b\\''|WE|L'a'|L'b\\'")]
    [InlineData("U&'\\0041''' U&\"d\\0061\" B'1' X'f'", "WU|S&|L'\\0041'''|WU|S&|Q\"d\\0061\"|WB|L'1'|WX|L'f'")]
    [InlineData("\"a\"\"b;\"", "Q\"a\"\"b;\"")]
    [InlineData("a=-1 <-> @- ->>--x", "Wa|S=|S-|W1|S<->|S@-|S->>|C--x")]
    [InlineData("*/*x*/+", "S*|C/*x*/|S+")]
    [InlineData("a::b:=c:d[1]=>(;)", "Wa|S::|Wb|S:=|Wc|S:|Wd|S[|W1|S]|S=>|S(|S;|S)")]
    [InlineData("größe\u00a0x 1.5", "Wgröße\u00a0x|W1|S.|W5")]
    [InlineData(" \t\f\v", "")]
    public void Pieces_end_where_PostgreSQL_ends_them(string sql, string pieces) =>
        Assert.Equal(pieces, string.Join('|', SqlLexer.Pieces(sql)
            .Select(piece => $"{piece.Kind}"[0] + sql[piece.Start..piece.End])));

    /// <summary>What the three lexers of before cut each in its own way.</summary>
    [Theory]
    [InlineData("SELECT E'a'\n'\\';'; SELECT 2", "SELECT E'a'\n'\\';'|SELECT 2")]
    [InlineData("SELECT 1 -- ;\r; SELECT 2", "SELECT 1 -- ;|SELECT 2")]
    [InlineData("SELECT a\u00b2$$;$$", "SELECT a\u00b2$$|$$")]
    public void Statements_are_divided_by_the_same_rules(string sql, string statements) =>
        Assert.Equal(statements, string.Join('|', UserQuery.In(sql, "f").Select(query => query.Text)));

    [Theory]
    [InlineData("( a = $f$ ( $f$ )", "(a = $f$ ( $f$)")]
    [InlineData("a  || e'\\'('", "a || e'\\'('")]
    [InlineData("a  -- (", "a  -- (")]
    [InlineData("f  /* ( */", "f  /* ( */")]
    public void Definitions_are_cut_by_the_same_rules(string sql, string normal) =>
        Assert.Equal(normal, SqlText.Plain.Normal(sql));

    [Fact]
    public void A_literal_with_an_E_is_no_word() =>
        Assert.Equal([true, false, false, true], SqlToken.Parse("x E'y' $$z$$ $1")!.Select(token => token.IsWord));

    [Fact]
    public void A_statement_longer_than_what_is_read_at_once_stays_whole()
    {
        var body = new string(';', 300_000);
        var sql = $"SELECT 1;\nSELECT $x$\n{body}$x$;\n\nSELECT E'a'{new string(' ', 70_000)}\n'\\';';SELECT 4";
        using var reader = new StringReader(sql);
        Assert.Equal([(1, 8), (2, 300_014), (5, 70_017), (6, 8)],
            new SqlSplitter(reader).Statements().Select(one => (one.Line, one.Text.Length)));
    }
}
