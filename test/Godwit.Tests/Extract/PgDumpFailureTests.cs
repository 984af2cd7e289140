using Godwit.Dump;
using Godwit.Extract;
using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Tests.Extract;

public sealed class PgDumpFailureTests
{
    private static readonly PostgresAddress Source =
        new() { Host = "db.example.com", Database = "shop", User = "reader" };

    [Fact]
    public void A_selection_that_matches_nothing_is_a_slip_and_is_repeated()
    {
        var options = new DumpOptions { Tables = ["nope", "a,b"], Schemas = ["Shop"] };

        var table = PgDumpFailure.Of(Source, 1, "pg_dump: error: no matching tables were found", options);
        var schema = PgDumpFailure.Of(Source, 1, "pg_dump: error: no matching schemas were found", options);

        Assert.Equal(("extract.no_table", FaultKind.Usage, "No table matches 'nope' or 'a,b'"),
            (table.Code, table.Kind, table.What));
        Assert.Contains("its own --table", table.Remedy, StringComparison.Ordinal);
        Assert.Equal(("extract.no_schema", FaultKind.Usage, "No schema matches 'Shop'"),
            (schema.Code, schema.Kind, schema.What));
    }

    [Theory]
    [InlineData("permission denied for table users", "LOCK TABLE public.users IN ACCESS SHARE MODE",
        "GRANT SELECT ON public.users TO \"reader\";")]
    [InlineData("permission denied for table users",
        "LOCK TABLE public.orders, shop.users, public.birds IN ACCESS SHARE MODE",
        "GRANT SELECT ON shop.users TO \"reader\";")]
    [InlineData("permission denied for table Odd \"table",
        "LOCK TABLE public.a, \"Odd schema\".\"Odd \"\"table\" IN ACCESS SHARE MODE",
        "GRANT SELECT ON \"Odd schema\".\"Odd \"\"table\" TO \"reader\";")]
    [InlineData("permission denied for table users",
        "LOCK TABLE \"public\".\"orders\", \"shop\".\"users\" IN ACCESS SHARE MODE",
        "GRANT SELECT ON \"shop\".\"users\" TO \"reader\";")]
    [InlineData("permission denied for relation users", "none that is known",
        "GRANT SELECT ON \"users\" TO \"reader\";")]
    [InlineData("permission denied for sequence users_id_seq", "SELECT last_value, is_called FROM public.users_id_seq",
        "GRANT SELECT ON SEQUENCE public.users_id_seq TO \"reader\";")]
    [InlineData("permission denied for schema secret", "LOCK TABLE secret.plans IN ACCESS SHARE MODE",
        "GRANT USAGE ON SCHEMA \"secret\" TO \"reader\";")]
    [InlineData("permission denied for large object 16712", "", "GRANT SELECT ON LARGE OBJECT 16712 TO \"reader\";")]
    public void A_right_that_is_missing_comes_with_the_statement_that_gives_it(
        string denied, string query, string grant)
    {
        var fault = PgDumpFailure.Of(Source, 1,
            $"pg_dump: error: query failed: ERROR:  {denied}\npg_dump: detail: Query was: {query}", new DumpOptions());

        Assert.Equal(("extract.forbidden", FaultKind.Refused), (fault.Code, fault.Kind));
        Assert.Contains($"As its owner or a superuser, run: {grant} ", fault.Remedy, StringComparison.Ordinal);
        Assert.EndsWith(denied, fault.Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("shop.big", "lock on shop.big for")]
    [InlineData("\"shop\".\"big\"", "lock on shop.big for")]
    [InlineData("\"shop\".\"Big\"\"\"", "lock on shop.\"Big\"\"\" for")]
    [InlineData("shop.big, \"Odd Names\".two", "lock on one of them for")]
    public void A_lock_that_was_not_given_in_time_is_told_as_one(string tables, string why)
    {
        var fault = PgDumpFailure.Of(Source, 1,
            "pg_dump: error: query failed: ERROR:  canceling statement due to statement timeout\n"
            + $"pg_dump: detail: Query was: LOCK TABLE {tables} IN ACCESS SHARE MODE", new DumpOptions());

        Assert.Equal(("extract.tables_locked", FaultKind.Transient), (fault.Code, fault.Kind));
        Assert.Contains(why, fault.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_recognised_is_told_as_it_was_said()
    {
        var fault = PgDumpFailure.Of(Source, 1, "pg_dump: error: the sky fell", new DumpOptions());
        Assert.Equal("extract.failed", fault.Code);
        Assert.Contains("the sky fell", fault.Why, StringComparison.Ordinal);
    }
}
