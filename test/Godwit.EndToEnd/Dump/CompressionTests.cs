using Godwit.EndToEnd.Migration;
using Godwit.Faults;

namespace Godwit.EndToEnd.Dump;

/// <summary><c>godwit dump --compress NAME</c>; pg_restore 17 judges, of a server of 15, whose pg_dump knows gzip
/// only.</summary>
public sealed class CompressionTests(JourneyServers servers)
{
    private static readonly string Programs17 = OtherServers.ClientFolder(17);

    [Theory]
    [InlineData("zstd", "zstd")]
    [InlineData("zstd:1", "zstd")]
    [InlineData("lz4", "lz4")]
    [InlineData("lz4:9", "lz4")]
    [InlineData("gzip:2", "gzip")]
    [InlineData("none", "none")]
    public async Task Stock_pg_restore_finds_every_row_and_object(string compression, string name)
    {
        await using var rig = await SourceAsync();

        (await rig.Journey.RunAsync(Dump(rig, compression))).Expect(0);
        var whole = await rig.ShellAsync($"""
            set -e -o pipefail
            godwit archive check shop.dump
            {Programs17}/pg_restore -l shop.dump
            {Programs17}/pg_restore -f - < shop.dump | tail -n 1 > /dev/null
            """);
        whole.Expect(0).Says("2 large objects").Says("Compression: " + name);
        foreach (var jobs in new[] { 1, 3 })
        {
            rig.Journey.Environment["TARGET_URL"] = await rig.EmptyDatabaseAsync();
            // 17 tells every server about transaction_timeout, which 15 does not know.
            (await rig.ShellAsync($"""
                {Programs17}/pg_restore -j {jobs} -d "$TARGET_URL" shop.dump 2> said
                grep '^pg_restore: error' said | grep -v transaction_timeout || echo no other error
                """)).Expect(0).Says("no other error");
            await rig.AssertRestoredAsync();
        }
    }

    [Theory]
    [InlineData("zstd")]
    [InlineData("lz4")]
    public async Task Into_a_pipe_and_restored_by_us_from_one(string compression)
    {
        await using var rig = await SourceAsync();
        rig.Journey.Environment["TARGET_URL"] = await rig.EmptyDatabaseAsync();

        (await rig.ShellAsync("set -o pipefail; export PGPASSWORD; "
            + $"godwit dump --from env:SOURCE_URL --to - --compress {compression} "
            + "| godwit restore - --to env:TARGET_URL")).Expect(0);

        await rig.AssertRestoredAsync();
    }

    [Fact]
    public async Task A_pg_dump_that_does_not_know_the_compression_is_refused_before_it_starts()
    {
        await using var rig = await SourceAsync();

        var fault = FaultShown.Read(
            (await rig.Journey.RunAsync([.. Dump(rig, "zstd:5"), "--engine", "pg_dump"])).Expect(1));

        Assert.Equal("dump.no_compression", fault.Code);
        Assert.Contains("zstd:5", fault.What, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(rig.Folder));
    }

    [Fact]
    public async Task A_pg_dump_that_knows_it_is_told()
    {
        await using var rig = await SourceAsync();
        rig.Journey.Environment["GODWIT_PG_BIN_15"] = new Secret(Programs17);

        (await rig.Journey.RunAsync([.. Dump(rig, "lz4:1"), "--engine", "pg_dump"])).Expect(0);

        (await rig.ShellAsync("godwit archive check shop.dump")).Expect(0).Says("made by   pg_dump 17").Says("lz4");
    }

    // One large object is empty. Of the rows, half compress well.
    private async Task<DumpRig> SourceAsync()
    {
        var rig = await DumpRig.CreateAsync(servers);
        await rig.Journey.ExecuteAtSourceAsync("""
            SELECT lo_create(0);
            CREATE TABLE mixed AS SELECT n, repeat('godwit ', n % 900) AS same, md5(n::text) AS other
            FROM generate_series(1, 6000) n
            """);
        return rig;
    }

    private static IReadOnlyList<string> Dump(DumpRig rig, string compression) =>
        ["dump", "--from", "env:SOURCE_URL", "--to", rig.FileOf("shop.dump"), "--compress", compression];
}
