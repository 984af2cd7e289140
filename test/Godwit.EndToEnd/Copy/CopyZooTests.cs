using Godwit.Copy;
using Godwit.EndToEnd.Dump;
using Godwit.Extract;
using Godwit.HerokuLocal;
using Godwit.Pipeline;
using Godwit.Postgres;
using Godwit.Verify;

namespace Godwit.EndToEnd.Copy;

/// <summary>The zoo, with every kind of object and values that break naive readers, straight from server to server.</summary>
public sealed class CopyZooTests(ZooServers zoo)
{
    private const string Squeezed = "zoo.squeezed";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(13, 15)]
    [InlineData(15, 15)]
    [InlineData(15, 17)]
    [InlineData(15, 18)]
    public async Task Every_object_and_every_row_arrives(int from, int to)
    {
        var source = Address(await zoo.SourceAsync(from), ZooServers.Database);
        var (server, database) = await zoo.NewTargetOnAsync(to);
        var target = Address(server, database);

        // Not every server is built with lz4, and then a column that wants it cannot be made.
        var hasLz4 = await server.ScalarAsync<bool>("postgres", "SELECT 'lz4' = ANY(enumvals) FROM pg_settings WHERE name = 'default_toast_compression'", Ct);

        var outcome = await CopyAsync(source, target, new CopyOptions { Jobs = 2, MappedRoles = null, HasOwnersAndGrants = false, ExcludeTables = hasLz4 ? [] : [Squeezed] });

        Assert.Null(outcome.Fault);
        var verdict = await new Verifier(source, target, new VerifyOptions { Level = VerifyLevel.Rows, Jobs = 2, Show = 5 }, TimeProvider.System).RunAsync(new Nobody(), Ct);
        Assert.Equal([], verdict.Tables.Where(one => one.Outcome != Outcome.Equal && (hasLz4 || one.Table != Squeezed)));
        // A copy belongs to whoever made it.
        Assert.Equal([], verdict.Objects.Where(one => one.Outcome == Outcome.Different && one.Class is not ("owner" or "grant" or "default privileges") && (hasLz4 || !one.Name.Contains("squeezed", StringComparison.Ordinal))));
    }

    private static async Task<CopyOutcome> CopyAsync(PostgresAddress source, PostgresAddress target, CopyOptions options)
    {
        int major;
        await using (var session = await PostgresSession.OpenAsync(source, Ct))
            major = session.ServerMajor;
        var call = await PgDumpCall.FindAsync(source, major, new PgTools(Environment.GetEnvironmentVariable), new ProcessRunner(), Ct);
        return await new DirectCopy(call, target, options, TimeProvider.System).RunAsync(new Nobody(), Ct);
    }

    private static PostgresAddress Address(LocalCluster server, string database) => PostgresUrl.Parse(server.SuperUrl(database).Reveal(), "The zoo's URL");

    private sealed class Nobody : IProgress<StepEvent>
    {
        public void Report(StepEvent value)
        {
        }
    }
}
