using Godwit.EndToEnd.Migration;

namespace Godwit.EndToEnd.Verify;

/// <summary><c>--level rows</c> reads a large table twice: once for its checksum and once row by row.</summary>
public sealed class RowLevelTests(OtherServers servers)
{
    private const int Rows = 60_000;

    private static readonly string Script = $"""
        CREATE TABLE large (id int PRIMARY KEY, said text NOT NULL); ALTER TABLE large ALTER said SET STORAGE PLAIN;
        INSERT INTO large SELECT i, repeat(md5(i::text), 20) FROM generate_series(1, {Rows}) i;
        """;

    [Fact]
    public async Task A_large_table_is_read_twice()
    {
        await using var rig = await VerifyRig.CreateAsync(await servers.OfMajorAsync(15),
            await servers.OfMajorAsync(17), Script);
        await rig.AtTargetAsync(Script);
        var before = await ReadAsync(rig);

        (await rig.VerifyAsync("--level", "rows", "--jobs", "1")).Expect(0).Says("roven");

        Assert.InRange(await ReadAsync(rig) - before, 2 * Rows, 2 * Rows + (Rows / 10));
    }

    /// <summary>Rows of the table that ended sessions of the target have read.</summary>
    private static async Task<long> ReadAsync(VerifyRig rig)
    {
        await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        return await rig.AskTargetAsync<long>(
            "SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_user_tables WHERE relname = 'large'");
    }
}
