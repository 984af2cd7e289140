using System.Diagnostics;
using Godwit.EndToEnd.Migration;
using Godwit.Faults;
using Godwit.Pipeline;
using Godwit.Proof;
using Godwit.Verify;
using Npgsql;

namespace Godwit.EndToEnd.Verify;

/// <summary>Tables that cannot be compared are reported and never count as equal. A failing server ends in a
/// fault.</summary>
public sealed class RowTroubleTests(OtherServers servers)
{
    private const string Birds = "CREATE TABLE birds (id int PRIMARY KEY, name text); "
        + "INSERT INTO birds SELECT n, 'godwit ' || n FROM generate_series(1, 1000) n;";

    private static readonly VerifyOptions Options = new() { Jobs = 2 };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_byte_that_is_no_letter_is_shown_as_such()
    {
        var copy = await CopiedDatabase.MakeAsync(servers, 13, 15, """
            CREATE TYPE pair AS (c "char", n int); CREATE TABLE odd (id int PRIMARY KEY, v pair);
            INSERT INTO odd VALUES (1, ROW('a', 1))
            """);
        // 13 writes the raw byte in a composite, where later servers write it in octal.
        await copy.ExecuteAtSourceAsync("""UPDATE odd SET v = ROW((-1)::"char", 1)""");

        var table = (await VerifyAsync(copy)).Tables.Single(one => one.Table == "public.odd");

        Assert.Equal(Outcome.Different, table.Outcome);
        Assert.Equal(("(\uFFFD,1)", "(a,1)"),
            table.Rows!.Shown.Single().Columns.Select(one => (one.Source, one.Target)).Single());
    }

    [Fact]
    public async Task What_may_not_be_read_is_not_proven_and_the_rest_is_compared()
    {
        var copy = await CopiedDatabase.MakeAsync(servers, 15, 17, Birds, """
            CREATE TABLE hidden (id int PRIMARY KEY, v text); INSERT INTO hidden VALUES (1, 'a');
            ALTER TABLE hidden ENABLE ROW LEVEL SECURITY;
            CREATE SCHEMA closed; CREATE TABLE closed.t (id int);
            CREATE TABLE forbidden (id int PRIMARY KEY);
            CREATE EXTENSION postgres_fdw; CREATE SERVER away FOREIGN DATA WRAPPER postgres_fdw;
            CREATE FOREIGN TABLE elsewhere (id int) SERVER away;
            CREATE MATERIALIZED VIEW never AS SELECT 1 AS one WITH NO DATA
            """);
        await copy.ExecuteAtTargetAsync(
            $"REVOKE SELECT ON forbidden FROM {copy.Target.User}; REFRESH MATERIALIZED VIEW never");

        var verdict = await VerifyAsync(copy);

        var others = verdict.Tables.Where(one => one.Outcome != Outcome.Equal)
            .Select(one => (one.Table, one.Outcome, one.Why));
        Assert.Equal(
            [
                ("closed.t", Outcome.NotCompared,
                    $"at the source the role {copy.Source.User} may not use the schema closed"),
                ("public.forbidden", Outcome.NotCompared, $"at the target the role {copy.Source.User} may not read it"),
                ("public.hidden", Outcome.NotCompared,
                    $"at the source its policies hide rows from the role {copy.Source.User}"),
            ],
            others);
        Assert.Contains(verdict.Omissions, one => one is { What: "public.elsewhere", HoldsData: false });
        Assert.Equal(Outcome.Equal, verdict.Tables.Single(one => one.Table == "public.birds").Outcome);
    }

    /// <summary>The error ends the transaction, and with it the session. The other sessions continue in the same
    /// snapshot. WIN1252 has codes without a character, which UTF-8 cannot represent.</summary>
    [Theory]
    [InlineData("UTF8", Outcome.NotCompared, "has no equivalent in encoding")]
    [InlineData("WIN1252", Outcome.Different, "0 missing, 0 extra, 1 changed")]
    public async Task A_table_that_a_server_fails_to_read_is_not_proven_and_the_others_are(
        string encodingThere, Outcome outcome, string why)
    {
        var copy = await CopiedDatabase.MakeInAsync(servers, 15, 17, "WIN1252", encodingThere, Birds,
            "CREATE TABLE torn (id int PRIMARY KEY, v text); INSERT INTO torn VALUES (1, 'a')",
            "CREATE TABLE more AS SELECT * FROM birds");
        await copy.ExecuteAtSourceAsync("SET client_encoding = 'SQL_ASCII'; UPDATE torn SET v = E'\\x81'");

        var verdict = await VerifyAsync(copy);

        var torn = verdict.Tables.Single(one => one.Outcome != Outcome.Equal);
        Assert.Equal(("public.torn", outcome, 3), (torn.Table, torn.Outcome, verdict.Tables.Count));
        Assert.Contains(why, torn.Why, StringComparison.Ordinal);
    }

    /// <summary>A session that kept its locks would fill the shared lock table, which has some 7,000 entries for
    /// all.</summary>
    [Fact]
    public async Task More_tables_than_a_server_has_room_for_locks_are_compared()
    {
        var copy = await CopiedDatabase.MakeAsync(servers, 15, 15, Birds);
        // Each table and its index take two locks. Created in portions, for the same reason.
        const string Some = "DO $$ BEGIN FOR i IN {0}..{0} + 499 LOOP EXECUTE format('CREATE TABLE t_%s (id int "
            + "PRIMARY KEY)', i); END LOOP; END $$";
        foreach (var first in Enumerable.Range(0, 8).Select(i => i * 500))
        {
            var sql = Some.Replace("{0}", first.ToString(System.Globalization.CultureInfo.InvariantCulture),
                StringComparison.Ordinal);
            await Task.WhenAll(copy.ExecuteAtSourceAsync(sql), copy.ExecuteAtTargetAsync(sql));
        }

        await copy.GrantAsync();

        var verdict = await VerifyAsync(copy, Options with { Level = VerifyLevel.Counts });

        Assert.Equal((Overall.Proven, 4001), (verdict.Overall, verdict.Tables.Count));
    }

    [Fact]
    public async Task A_role_with_two_connections_is_enough()
    {
        var copy = await CopiedDatabase.MakeAsync(servers, 15, 17, Birds, "CREATE TABLE more AS SELECT * FROM birds",
            "CREATE TABLE most AS SELECT * FROM birds");
        await copy.ExecuteAtSourceAsync($"ALTER ROLE {copy.Source.User} CONNECTION LIMIT 2");
        await copy.ExecuteAtTargetAsync($"ALTER ROLE {copy.Source.User} CONNECTION LIMIT 2");

        Assert.Equal(Overall.Proven, (await VerifyAsync(copy, Options with { Jobs = 8 })).Overall);

        await copy.ExecuteAtTargetAsync($"ALTER ROLE {copy.Source.User} CONNECTION LIMIT 1");
        Assert.Equal(FaultKind.Transient,
            (await Assert.ThrowsAsync<FaultException>(() => VerifyAsync(copy))).Fault.Kind);
    }

    [Fact]
    public async Task A_server_that_ends_our_sessions_is_a_passing_fault_and_no_verdict()
    {
        var copy = await CopiedDatabase.MakeAsync(servers, 15, 15,
            "CREATE TABLE big AS SELECT n AS id, repeat(md5(n::text), 20) AS v FROM generate_series(1, 150000) n");
        Task? ending = null;
        var progress = new Told(told =>
        {
            if (told is BytesMoved)
                ending ??= copy.ExecuteAtSourceAsync(
                    $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{copy.Source.User}'");
        });

        // Slow enough for the sessions to be ended half-way.
        var e = await Assert.ThrowsAsync<FaultException>(
            () => new Verifier(copy.Source, copy.Target, Options with { RateMax = 24 << 20 }, TimeProvider.System)
                .RunAsync(progress, Ct));

        Assert.Equal(FaultKind.Transient, e.Fault.Kind);
        await ending!;
    }

    [Fact]
    public async Task The_source_is_compared_as_it_was_when_its_snapshot_was_taken()
    {
        var copy = await CopiedDatabase.MakeAsync(servers, 15, 17, Birds);
        await using var session = await copy.OpenSourceAsync();
        await using var transaction =
            await session.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, Ct);
        await using var export = new NpgsqlCommand("SELECT pg_export_snapshot()", session);
        var snapshot = (string)(await export.ExecuteScalarAsync(Ct))!;
        await copy.ExecuteAtSourceAsync("UPDATE birds SET name = 'curlew' WHERE id = 5");

        Assert.Equal(Overall.Proven, (await VerifyAsync(copy, Options with { SourceSnapshot = snapshot })).Overall);
        Assert.Equal(Overall.Differs, (await VerifyAsync(copy)).Overall);
        await transaction.RollbackAsync(Ct);
        var gone = await Assert.ThrowsAsync<FaultException>(() =>
            VerifyAsync(copy, Options with { SourceSnapshot = snapshot }));
        Assert.Equal("verify.snapshot_gone", gone.Fault.Code);
    }

    [Theory]
    [InlineData(VerifyLevel.Counts, false)]
    [InlineData(VerifyLevel.Checksums, true)]
    [InlineData(VerifyLevel.Rows, true)]
    public async Task Counting_sees_numbers_and_the_other_levels_see_values(VerifyLevel level, bool isSeen)
    {
        var copy = await CopiedDatabase.MakeAsync(servers, 15, 17, Birds);
        Assert.Equal(Overall.Proven, (await VerifyAsync(copy, Options with { Level = level })).Overall);
        await copy.ExecuteAtTargetAsync("UPDATE birds SET name = upper(name) WHERE id <= 30");

        var table = Assert.Single((await VerifyAsync(copy, Options with { Level = level, Show = 7 })).Tables);

        Assert.Equal((isSeen ? Outcome.Different : Outcome.Equal, isSeen ? 30L : null, isSeen ? 7 : null),
            (table.Outcome, table.Rows?.Changed, table.Rows?.Shown.Count));
        Assert.Equal(level == VerifyLevel.Counts, table.SourceHash is null);
    }

    [Fact]
    public async Task A_rate_is_kept()
    {
        var copy = await CopiedDatabase.MakeAsync(servers, 15, 15,
            "CREATE TABLE big AS SELECT n AS id, repeat(md5(n::text), 30) AS v FROM generate_series(1, 80000) n");
        var watch = Stopwatch.StartNew();

        await VerifyAsync(copy, Options with { RateMax = 24 << 20 });

        // 80 MB in three parts: the third must wait, because the first two used up the rate.
        Assert.True(watch.Elapsed > TimeSpan.FromSeconds(2), $"{watch.Elapsed}");
    }

    private static async Task<Verdict> VerifyAsync(CopiedDatabase copy, VerifyOptions? options = null) =>
        await new Verifier(copy.Source, copy.Target, options ?? Options, TimeProvider.System)
            .RunAsync(new Progress<StepEvent>(), Ct);

    private sealed class Told(Action<StepEvent> tell) : IProgress<StepEvent>
    {
        public void Report(StepEvent value) => tell(value);
    }
}
