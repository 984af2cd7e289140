using Godwit.EndToEnd.Migration;
using Godwit.EndToEnd.Verify;

namespace Godwit.EndToEnd.Copy;

/// <summary>Definitions without rows, and rows without definitions.</summary>
public sealed class CopyHalvesTests(OtherServers servers)
{
    /// <summary>A trigger that nobody switches off by the setting for replicas, and a constraint that is looked at when
    /// the transaction ends.</summary>
    private const string More = VerifyRig.Script + """

        CREATE TRIGGER "shout always" BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION shout();
        ALTER TABLE orders ENABLE ALWAYS TRIGGER "shout always";
        CREATE TABLE notes (orders integer REFERENCES orders DEFERRABLE INITIALLY DEFERRED, text text);
        CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''not here''; END';
        INSERT INTO notes SELECT i, 'n' FROM generate_series(1, 500) i;
        CREATE TRIGGER refuse AFTER INSERT ON notes FOR EACH ROW EXECUTE FUNCTION refuse();
        CREATE MATERIALIZED VIEW totals AS SELECT customer, sum(amount) FROM orders GROUP BY 1;
        """;

    [Theory]
    [InlineData(13, 15)]
    [InlineData(15, 18)]
    public async Task The_definitions_first_and_the_rows_later_are_a_whole_copy(int from, int to)
    {
        await using var rig = await VerifyRig.CreateAsync(await servers.OfMajorAsync(from),
            await servers.OfMajorAsync(to), More);

        (await CopyAsync(rig, "--schema-only")).Expect(0).Says("brought no rows");

        Assert.Equal(0, await rig.AskTargetAsync<long>("SELECT (SELECT count(*) FROM orders) + (SELECT count(*) "
            + "FROM customers) + (SELECT count(*) FROM pg_largeobject_metadata)"));
        Assert.Equal(3,
            await rig.AskTargetAsync<long>("SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND convalidated"));
        Assert.False(await rig.AskTargetAsync<bool>("SELECT is_called FROM numbers"));

        (await CopyAsync(rig, "--data-only", "--jobs", "3"))
            .Expect(0).Says("Copied 5 tables, 2,950 rows").Says("3 large objects");

        (await rig.VerifyAsync("--level", "rows")).Expect(0).Says("roven");
        Assert.Equal("refuse O, shout O, shout always A", await rig.AskTargetAsync<string>(
            "SELECT string_agg(tgname || ' ' || tgenabled::text, ', ' ORDER BY tgname COLLATE \"C\") FROM pg_trigger "
            + "WHERE NOT tgisinternal"));
        Assert.False(await rig.AskTargetAsync<bool>("SELECT to_regnamespace('godwit_copy') IS NOT NULL"));
    }

    [Fact]
    public async Task Rows_go_into_empty_tables_only_and_none_is_touched_before_that_is_known()
    {
        await using var rig = await VerifyRig.CreateAsync(await servers.OfMajorAsync(15),
            await servers.OfMajorAsync(17), VerifyRig.Script);
        Assert.Contains("public.customers", await RefusedAsync(rig, "copy.tables_missing"), StringComparison.Ordinal);

        (await CopyAsync(rig, "--schema-only")).Expect(0);
        await rig.AtTargetAsync("INSERT INTO log VALUES ('mine')");
        Assert.EndsWith("public.log", await RefusedAsync(rig, "copy.tables_not_empty"), StringComparison.Ordinal);
        Assert.Equal(1,
            await rig.AskTargetAsync<long>("SELECT (SELECT count(*) FROM log) + (SELECT count(*) FROM orders)"));

        await rig.AtTargetAsync("TRUNCATE log; ALTER TABLE customers ADD favourite int REFERENCES orders");
        Assert.Contains("public.customers, public.orders", await RefusedAsync(rig, "copy.references_in_circle"),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_column_of_another_type_is_read_as_text_and_refused_when_it_cannot_be()
    {
        await using var rig = await VerifyRig.CreateAsync(await servers.OfMajorAsync(15),
            await servers.OfMajorAsync(17), "CREATE TABLE t (id bigint, at float8); INSERT INTO t VALUES (7, 2.5)");
        await rig.AtTargetAsync("CREATE TABLE t (id float8, at bigint)");

        Assert.Equal("copy.rows_refused", FaultShown.Read((await CopyAsync(rig, "--data-only")).Expect(4)).Code);

        Assert.Equal(0, await rig.AskTargetAsync<long>("SELECT count(*) FROM t"));
    }

    [Theory]
    [InlineData]
    [InlineData("--json")]
    public async Task A_value_that_is_refused_is_shown_to_nobody(params string[] more)
    {
        // Nothing that godwit says or writes may have the mark: whoever disposes the rig looks.
        var value = $"{GodwitRig.SecretMark} \"quoted\" {GodwitRig.SecretMark}";
        await using var rig = await VerifyRig.CreateAsync(await servers.OfMajorAsync(15),
            await servers.OfMajorAsync(17),
            $"CREATE TABLE t (id int, said text); INSERT INTO t VALUES (1, '2'), (7, '{value}')");
        await rig.AtTargetAsync("CREATE TABLE t (id int, said bigint)");

        (await CopyAsync(rig, ["--data-only", .. more])).Expect(4).Says("copy.rows_refused")
            .Says("invalid input syntax for type bigint").Says("SQLSTATE 22P02").Says("line 2, column said");
    }

    [Fact]
    public async Task Flags_that_would_be_without_effect_are_refused()
    {
        await using var rig = await VerifyRig.CreateAsync(await servers.OfMajorAsync(15),
            await servers.OfMajorAsync(17), "SELECT 1");

        (await CopyAsync(rig, "--schema-only", "--data-only"))
            .Expect(2).Says("--data-only is given together with --schema-only");
        (await CopyAsync(rig, "--schema-only", "--max-rate", "1MB"))
            .Expect(2).Says("--max-rate is given together with --schema-only");
        (await CopyAsync(rig, "--data-only", "--keep-orphans", "--no-clean"))
            .Expect(2).Says("--keep-orphans is given together").Says("--no-clean is given together");
    }

    private static async Task<string> RefusedAsync(VerifyRig rig, string code)
    {
        var fault = FaultShown.Read((await CopyAsync(rig, "--data-only")).Expect(1));
        Assert.Equal(code, fault.Code);
        return fault.Why;
    }

    private static Task<GodwitEnd> CopyAsync(VerifyRig rig, params string[] more) =>
        rig.RunAsync(["copy", "--from", "env:SOURCE_URL", "--to", "env:TARGET_URL", .. more]);
}
