using Godwit.EndToEnd.Dump;
using Godwit.Postgres;
using Godwit.Proof;

namespace Godwit.EndToEnd.Verify;

/// <summary>The zoo has every kind of object that pg_dump knows. It was not made for comparing schemas.</summary>
public sealed class SchemaZooTests(ZooServers zoo)
{
    [Theory]
    [InlineData(13, 15)]
    [InlineData(13, 17)]
    [InlineData(15, 15)]
    public async Task A_restored_zoo_is_equal(int from, int to)
    {
        var source = await zoo.SourceAsync(from);
        var archive = await zoo.ArchiveAsync(from, Maker.Stock);
        var (target, database) = await zoo.NewTargetAsync(to);
        await PgProgram.RunAsync(ZooServers.ClientMajor(to), "pg_restore", [$"--dbname={database}", archive],
            target, database);

        var result = await SchemaCopies.CompareAsync(
            PostgresUrl.Parse(source.SuperUrl(ZooServers.Database).Reveal(), "The zoo's URL"),
            PostgresUrl.Parse(target.SuperUrl(database).Reveal(), "The zoo's URL"));

        Assert.Empty(result.Omissions);
        Assert.Equal([], result.Objects.Where(one => one.Outcome == Outcome.Different));
        Assert.InRange(result.Compared, 1500, 3000);
    }
}
