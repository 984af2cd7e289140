using System.Globalization;
using Godwit.Copy.Rows;
using Godwit.EndToEnd.Migration;
using Godwit.EndToEnd.Verify;
using Godwit.HerokuLocal;
using Godwit.Postgres;

namespace Godwit.EndToEnd.Copy;

/// <summary>What a copy sends in binary is at the target what it was at the source: every type with its extremes, and
/// with random values.</summary>
public sealed class BinaryAttackTests(OtherServers servers)
{
    private const uint CharOid = 18, Interval = 1186;

    private const string Settings =
        "SET DateStyle = ISO; SET IntervalStyle = postgres; SET extra_float_digits = 3; SET TimeZone = 'UTC'; "
        + "SET bytea_output = hex; SET client_encoding = 'UTF8'";

    /// <summary>Of the random values; another one each time.</summary>
    private readonly double _seed = Random.Shared.Next(1_000_000) / 1_000_000.0;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(13, 18)]
    [InlineData(18, 13)]
    [InlineData(15, 17)]
    [InlineData(17, 15)]
    public async Task Values_that_go_in_binary_arrive_unchanged(int from, int to)
    {
        Print();
        var values = BinaryValues.For(from, to);
        await using var rig = await RigAsync(from, to, values);
        foreach (var one in values)
            await rig.AtTargetAsync(one.Make);
        await using var source = await OpenAsync(rig.Addresses.Source);
        await using var target = await OpenAsync(rig.Addresses.Target);
        var tables = await source.RowsAsync(
            "SELECT oid, relname::text FROM pg_catalog.pg_class WHERE relkind = 'r' AND relname ~ '^v[0-9]+$'",
            row => (Oid: row.GetFieldValue<uint>(0), Name: row.GetString(1)), Ct);
        var found = await BinaryTypes.FindAsync(source, to, [.. tables.Select(table => table.Oid)], Ct);
        var binary = tables.Where(table => found.Contains(table.Oid)).Select(table => table.Name).ToHashSet();
        Assert.Equal(values.Where(one => !one.IsText && (one.Oid != Interval || from < 17 || to >= 17))
            .Select(one => one.Table).Order(), binary.Order());

        foreach (var one in values.Where(one => binary.Contains(one.Table)))
        {
            Assert.Equal(one.Oid, await source.ScalarAsync<uint>(
                $"SELECT '{one.Type.Replace("'", "''", StringComparison.Ordinal)}'::regtype::oid", Ct));
            var sent = await ReadAsync(source, one.Table, isBinary: true);
            await using (var rows = await target.CopyInAsync($"COPY {one.Table} FROM STDIN (FORMAT binary)",
                isBinary: true, Ct))
            {
                await rows.WriteAsync(sent, Ct);
                await rows.CompleteAsync(Ct);
            }

            Assert.True(IsSame(sent, await ReadAsync(target, one.Table, isBinary: true)),
                $"The target sends other bytes of {one.Type} than it was sent.");
            // Servers before 16 write a "char" above 127 as a byte that is no UTF-8.
            if (one.Oid != CharOid)
                Assert.True(IsSame(await ReadAsync(source, one.Table, isBinary: false), await ReadAsync(target,
                    one.Table, isBinary: false)), $"Values of {one.Type} are others at the target.");
        }
    }

    [Theory]
    [InlineData(13, 18)]
    [InlineData(15, 17)]
    public async Task A_copy_of_all_of_them_is_proven_by_verify(int from, int to)
    {
        Print();
        await using var rig = await RigAsync(from, to, BinaryValues.For(from, to));

        var end = await rig.RunAsync(["copy", "--from", "env:SOURCE_URL", "--to", "env:TARGET_URL"]);

        Assert.DoesNotContain("sent again as text", end.Expect(0).Everything, StringComparison.Ordinal);
        (await rig.VerifyAsync("--level", "rows")).Expect(0).Says("roven");
    }

    /// <summary>They are too long to be shown.</summary>
    private static bool IsSame(byte[] one, byte[] other) => one.AsSpan().SequenceEqual(other);

    private void Print() => TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"The seed of the random values is {_seed}."));

    private async Task<VerifyRig> RigAsync(int from, int to, IReadOnlyList<BinaryValues> values)
    {
        var rig = await VerifyRig.CreateAsync(await ServerAsync(from), await ServerAsync(to), "SELECT 1");
        foreach (var one in values)
            await rig.AtSourceAsync(one.Make + one.Fill(_seed));
        return rig;
    }

    private static async Task<PostgresSession> OpenAsync(PostgresAddress address)
    {
        var session = await PostgresSession.OpenForBulkAsync(address, Ct);
        await session.ExecuteAsync(Settings, Ct);
        return session;
    }

    private static async Task<byte[]> ReadAsync(PostgresSession session, string table, bool isBinary)
    {
        await using var rows = await session.CopyOutAsync(
            $"COPY (SELECT * FROM {table} ORDER BY id) TO STDOUT (FORMAT {(isBinary ? "binary" : "text")})", isBinary,
            Ct);
        var (all, buffer) = (new MemoryStream(), new byte[1 << 16]);
        for (int read; (read = await rows.ReadAsync(buffer, Ct)) > 0;)
            await all.WriteAsync(buffer.AsMemory(0, read), Ct);
        return all.ToArray();
    }

    /// <summary>Of 17 a minor from before November 2026: its receive functions refuse more.</summary>
    private Task<LocalCluster> ServerAsync(int major) =>
        major == 17 ? servers.OlderMinorAsync() : servers.OfMajorAsync(major);
}
