namespace Godwit.EndToEnd.Dump;

/// <summary>Flags that pg_dump has too: the archive is the one that pg_dump makes with them.</summary>
public sealed class SelectionTests(ZooServers zoo)
{
    private const int Major = 15;

    [Theory]
    [InlineData("--schema=zoo", "--exclude-table=zoo.giant", "--exclude-table=zoo.toasted")]
    [InlineData("--exclude-schema=zoo", "--compress=9")]
    [InlineData("--table=zoo.sale*", "--table=zoo.\"CamelCase\"", "--table=penguin")]
    [InlineData("--table=zoo.|public.*part", "--exclude-table=*2023*")]
    [InlineData("--exclude-table-data=zoo.giant", "--exclude-table-data=zoo.t*", "--exclude-table-data=zoo.sale*",
        "--compress=0")]
    [InlineData("--schema=\"Odd \"\"schema\"\"\nof two lines\"", "--schema=public", "--compress=1")]
    public async Task Selects_what_pg_dump_selects(params string[] flags)
    {
        var server = await zoo.SourceAsync(Major);
        var (stock, ours) = (zoo.NewPath(), zoo.NewPath());
        await Archives.MakeAsync(Maker.Stock, server, ZooServers.Database, stock, flags);
        await Archives.MakeAsync(Maker.Godwit, server, ZooServers.Database, ours, flags);

        Difference.None(await ArchiveText.ListAsync(Major, stock), await ArchiveText.ListAsync(Major, ours));
        Difference.None(await ArchiveText.DataAsync(Major, stock), await ArchiveText.DataAsync(Major, ours));
    }
}
