using Godwit.Verify.Queries;

namespace Godwit.Tests.Verify;

public sealed class SqlSplitterTests
{
    [Theory]
    [InlineData("SELECT 1", "SELECT 1")]
    [InlineData("SELECT 1;;  ; SELECT 2 ;", "SELECT 1|SELECT 2")]
    [InlineData("SELECT ';', \";\" FROM t; SELECT 2", "SELECT ';', \";\" FROM t|SELECT 2")]
    [InlineData("SELECT 'it''s;'; SELECT E'\\';'; SELECT '\\'; SELECT 4",
        "SELECT 'it''s;'|SELECT E'\\';'|SELECT '\\'|SELECT 4")]
    [InlineData("SELECT $$;$$, $x$ $$;$y$ $x$; SELECT 2", "SELECT $$;$$, $x$ $$;$y$ $x$|SELECT 2")]
    [InlineData("SELECT a$b;SELECT $1;2", "SELECT a$b|SELECT $1|2")]
    [InlineData("SELECT 1 -- ; '\n + 2; SELECT 3 /* ; /* ; */ ' */ + 4",
        "SELECT 1 -- ; '\n + 2|SELECT 3 /* ; /* ; */ ' */ + 4")]
    [InlineData("SELECT (1; 2); SELECT 3 - 4 / 5", "SELECT (1; 2)|SELECT 3 - 4 / 5")]
    [InlineData("-- nothing\n/* but ; words */", "")]
    [InlineData("SELECT 'open; end", "SELECT 'open; end")]
    public void Only_a_semicolon_between_statements_ends_one(string text, string statements) =>
        Assert.Equal(statements.Length == 0 ? [] : statements.Split('|'),
            UserQuery.In(text, "f").Select(query => query.Text));

    [Fact]
    public void A_statement_is_known_by_its_file_and_the_line_it_begins_at() =>
        Assert.Equal(["checks.sql:1", "checks.sql:4"],
            UserQuery.In("SELECT 1;\n\n-- the other\nSELECT\n2;", "checks.sql").Select(query => query.From));
}
