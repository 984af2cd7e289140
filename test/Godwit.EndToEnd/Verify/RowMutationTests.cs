using System.Globalization;
using Godwit.EndToEnd.Migration;
using Godwit.Pipeline;
using Godwit.Proof;
using Godwit.Verify;

namespace Godwit.EndToEnd.Verify;

/// <summary>Every single difference in the rows of a proven copy is found at the right place. Equal rows give no
/// report.</summary>
public sealed class RowMutationTests(OtherServers servers)
{
    /// <summary>Tables that a mutation of <see cref="RowMutations.Tables"/> changes besides its own: those that a row
    /// came from.</summary>
    private static readonly string[] AlsoChanged = ["public.t_part_1", "public.t_child"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(13, 15)]
    [InlineData(15, 15)]
    [InlineData(15, 17)]
    [InlineData(15, 18)]
    public async Task Each_is_found_at_its_place_and_a_copy_is_no_alarm(int from, int to)
    {
        var values = RowMutations.Values.Where(one => one.SinceMajor <= from)
            .Select((one, i) => (Mutation: one, Table: string.Create(CultureInfo.InvariantCulture, $"v_{i}"))).ToList();
        var copy = await CopiedDatabase.MakeAsync(servers, from, to,
            [RowMutations.Types, RowMutations.Computed, .. values.Select(one => MakeTable(one.Table, one.Mutation)),
                .. RowMutations.Tables.Select(one => one.Make)]);
        await AssertProvenAsync(copy, tablesMin: values.Count + RowMutations.Tables.Count);
        foreach (var (mutation, table) in values)
            await copy.ExecuteAtTargetAsync($"UPDATE {table} SET v = {mutation.After} WHERE id = 2");

        var verdicts = await ChangeAsync(copy, RowMutations.Tables);

        Assert.Multiple([.. values.Select<(ValueMutation Mutation, string Table), Action>(one =>
            () => AssertFound(one.Mutation, verdicts[$"public.{one.Table}"]))]);
        var changed = values.Select(one => $"public.{one.Table}")
            .Concat(RowMutations.Tables.Select(one => $"public.{one.Table}")).Concat(AlsoChanged);
        Assert.Equal(changed.Order(StringComparer.Ordinal), verdicts.Values.Where(one => one.Outcome != Outcome.Equal)
            .Select(one => one.Table).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Few_rows_of_large_tables_are_found()
    {
        var copy = await CopiedDatabase.MakeAsync(servers, 15, 17,
            [.. RowMutations.LargeTables.Select(one => one.Make)]);
        await AssertProvenAsync(copy, RowMutations.LargeTables.Count);

        await ChangeAsync(copy, RowMutations.LargeTables);
    }

    /// <summary>PostgreSQL 13 cannot scan ranges of ctid, so a large table is read in ranges of its key.</summary>
    [Theory]
    [InlineData(13, 13)]
    [InlineData(13, 17)]
    public async Task A_large_table_of_an_old_server_is_read_in_parts_too(int from, int to)
    {
        var copy = await CopiedDatabase.MakeAsync(servers, from, to,
            "CREATE TABLE big (id int PRIMARY KEY, v text); INSERT INTO big "
            + "SELECT n * 3 - 100000, repeat(md5(n::text), 9) FROM generate_series(1, 200000) n", "ANALYZE big");
        await copy.ExecuteAtTargetAsync("UPDATE big SET v = v || ' ' WHERE id = 200; "
            + "INSERT INTO big VALUES (9000000, 'behind the last'), (-9000000, 'before the first')");
        var parts = 0;
        var progress = new Told(told => parts += told is BytesMoved ? 1 : 0);

        var verdict = await new Verifier(copy.Source, copy.Target, new VerifyOptions { Jobs = 2 }, TimeProvider.System)
            .RunAsync(progress, Ct);

        var rows = Assert.Single(verdict.Tables).Rows;
        Assert.Equal((0L, 2L, 1L), (rows?.Missing, rows?.Extra, rows?.Changed));
        Assert.True(parts >= 4, $"It was read in {parts} parts.");
    }

    private static string MakeTable(string table, ValueMutation one) =>
        $"CREATE TABLE {table} (id int PRIMARY KEY, v {one.Type}); "
        + $"INSERT INTO {table} VALUES (1, {one.Before}), (2, {one.Before}), (3, NULL)";

    private static async Task AssertProvenAsync(CopiedDatabase copy, int tablesMin)
    {
        var before = await VerifyAsync(copy);
        Assert.Equal([], before.Tables.Where(one => one.Outcome != Outcome.Equal));
        Assert.True(before.Tables.Count >= tablesMin, $"{before.Tables.Count} tables");
    }

    private static async Task<Dictionary<string, TableVerdict>> ChangeAsync(
        CopiedDatabase copy, IReadOnlyList<TableMutation> mutations)
    {
        foreach (var mutation in mutations)
            await copy.ExecuteAtTargetAsync(mutation.Change);
        await copy.GrantAtTargetAsync();
        var verdicts = (await VerifyAsync(copy)).Tables.ToDictionary(one => one.Table);
        Assert.Multiple([.. mutations.Select<TableMutation, Action>(one =>
            () => AssertFound(one, verdicts[$"public.{one.Table}"]))]);
        return verdicts;
    }

    private static async Task<Verdict> VerifyAsync(CopiedDatabase copy) =>
        await new Verifier(copy.Source, copy.Target, new VerifyOptions { Jobs = 2 }, TimeProvider.System)
            .RunAsync(new Progress<StepEvent>(), Ct);

    private static void AssertFound(ValueMutation mutation, TableVerdict verdict)
    {
        var because = $"{mutation.Title} ({mutation.Type}): {verdict}";
        Assert.True(verdict is { Outcome: Outcome.Different, Rows: { Missing: 0, Extra: 0, Changed: 1 } }, because);
        var row = Assert.Single(verdict.Rows!.Shown);
        Assert.True(row.Values is [{ Column: "id", Value: "2" }] && row.Columns is [{ Column: "v" }], because);
    }

    private static void AssertFound(TableMutation mutation, TableVerdict verdict)
    {
        var because = $"{mutation.Title}: {verdict}";
        Assert.True(verdict.Outcome == Outcome.Different && (verdict.Rows!.Missing, verdict.Rows.Extra,
            verdict.Rows.Changed) == (mutation.Missing, mutation.Extra, mutation.Changed), because);
        Assert.True(verdict.Rows.Shown.Count <= 20, because);
        if (mutation.Columns is { } columns)
            Assert.All(verdict.Rows.Shown, row => Assert.Equal(columns, row.Columns.Select(column => column.Column)));
    }

    private sealed class Told(Action<StepEvent> tell) : IProgress<StepEvent>
    {
        public void Report(StepEvent value) => tell(value);
    }
}
