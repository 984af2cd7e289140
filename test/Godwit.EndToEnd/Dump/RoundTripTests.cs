using Godwit.HerokuLocal;

namespace Godwit.EndToEnd.Dump;

/// <summary>Databases through an archive into an empty one: nothing is lost, nothing is changed, and stock pg_restore
/// has nothing to say.</summary>
public sealed class RoundTripTests(ZooServers zoo)
{
    /// <summary>PostgreSQL 13 has no ranges of pages, 15 writes archives of version 1.14, 16 and 17 (by their pg_dump)
    /// of 1.16.</summary>
    private static readonly int[] Majors = [13, 15, 16, 17];

    /// <summary>One of stock pg_dump shows that a comparison can succeed. Each restores 300 MB, so each major is there
    /// once: 15 with one worker, which reads from the beginning to the end, the others with four, which leap.</summary>
    public static TheoryData<int, Maker, int> Restores =>
    [
        (15, Maker.Stock, 4),
        .. Majors.Select(major => (major, Maker.Godwit, major == 15 ? 1 : 4)),
        (15, Maker.GodwitIntoPipe, 4),
        (17, Maker.GodwitIntoPipe, 1),
    ];

    public static TheoryData<int, Maker> Made =>
        [.. Majors.Select(major => (major, Maker.Godwit)), (17, Maker.GodwitIntoPipe)];

    public static TheoryData<int, string, string, Maker> Encodings =>
    [
        (17, "LATIN1", "zoo-latin1.sql", Maker.Stock),
        .. from major in new[] { 13, 17 }
           from maker in new[] { Maker.Godwit }
           from encoding in new[] { ("LATIN1", "zoo-latin1.sql"), ("SQL_ASCII", "zoo-ascii.sql") }
           select (major, encoding.Item1, encoding.Item2, maker),
    ];

    [Theory]
    [MemberData(nameof(Restores))]
    public async Task Every_object_and_every_row_arrives(int major, Maker maker, int jobs)
    {
        var archive = await zoo.ArchiveAsync(major, maker);
        var (server, database) = await zoo.NewTargetAsync(major);

        await RestoreAsync(archive, major, server, database, $"--jobs={jobs}");

        (await zoo.ContentsAsync(major)).AssertSame(await ContentsAsync(major, server, database));
    }

    [Theory]
    [MemberData(nameof(Made))]
    public async Task The_table_of_contents_is_the_one_of_stock_pg_dump(int major, Maker maker)
    {
        var client = ZooServers.ClientMajor(major);
        Difference.None(
            await ArchiveText.ListAsync(client, await zoo.ArchiveAsync(major, Maker.Stock)),
            await ArchiveText.ListAsync(client, await zoo.ArchiveAsync(major, maker)));
    }

    [Theory]
    [MemberData(nameof(Made))]
    public async Task The_data_of_every_entry_is_the_one_of_stock_pg_dump_to_the_byte(int major, Maker maker)
    {
        var client = ZooServers.ClientMajor(major);
        var stock = await ArchiveText.DataAsync(client, await zoo.ArchiveAsync(major, Maker.Stock));
        Assert.True(stock.Count > 50, $"Only {stock.Count} entries with data were found.");
        Difference.None(stock, await ArchiveText.DataAsync(client, await zoo.ArchiveAsync(major, maker)));
    }

    [Theory]
    [MemberData(nameof(Encodings))]
    public async Task A_database_of_another_encoding_arrives(int major, string encoding, string script, Maker maker)
    {
        var server = await zoo.SourceAsync(major);
        var (source, target) = (await zoo.NewDatabaseAsync(server, encoding),
            await zoo.NewDatabaseAsync(server, encoding));
        await PgProgram.LoadAsync(server, source, ZooServers.Script(script));
        var archive = zoo.NewPath();
        await Archives.MakeAsync(maker, server, source, archive);

        await RestoreAsync(archive, major, server, target);

        (await ContentsAsync(major, server, source)).AssertSame(await ContentsAsync(major, server, target));
    }

    private static Task RestoreAsync(
        string archive, int major, LocalCluster server, string database, params IReadOnlyList<string> more) =>
        PgProgram.RunAsync(ZooServers.ClientMajor(major), "pg_restore", [$"--dbname={database}", .. more, archive],
            server, database);

    private static Task<DatabaseContents> ContentsAsync(int major, LocalCluster server, string database) =>
        DatabaseContents.ReadAsync(server, database, ZooServers.ClientMajor(major));
}
