using Godwit.Copy;
using Godwit.EndToEnd.Dump;
using Godwit.Extract;
using Godwit.HerokuLocal;
using Godwit.Pipeline;
using Godwit.Postgres;
using Godwit.Proof;
using Godwit.Verify;

namespace Godwit.EndToEnd.Copy;

/// <summary>The zoo, with every kind of object and values that break naive readers, straight from server to
/// server.</summary>
public sealed class CopyZooTests(ZooServers zoo)
{
    private const string Squeezed = "zoo.squeezed";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>A copy belongs to whoever made it, and a publication to the replication of its source.</summary>
    private static readonly HashSet<string> LeftOut = ["owner", "grant", "default privileges", "publication"];

    [Theory]
    [InlineData(13, 15)]
    [InlineData(15, 15)]
    [InlineData(15, 17)]
    [InlineData(15, 18)]
    public async Task What_an_ordinary_role_owns_arrives_at_another(int from, int to)
    {
        var source = await zoo.OwnedSourceAsync(from);
        var (server, target) = await zoo.NewOwnedTargetAsync(to);

        await ProveAsync(source, server, target, new CopyOptions { Fill = new() { Jobs = 2 } });
    }

    [Fact]
    public async Task Between_superusers_every_object_and_every_row_arrives()
    {
        var source = Address(await zoo.SourceAsync(15), ZooServers.Database);
        var (server, database) = await zoo.NewTargetOnAsync(17);

        await ProveAsync(source, server, Address(server, database),
            new CopyOptions { Fill = new() { Jobs = 2, MappedRoles = null }, HasOwnersAndGrants = false });
    }

    private static async Task ProveAsync(
        PostgresAddress source, LocalCluster server, PostgresAddress target, CopyOptions options)
    {
        // Not every server is built with lz4, and then a column that wants it cannot be made.
        var hasLz4 = await server.ScalarAsync<bool>("postgres",
            "SELECT 'lz4' = ANY(enumvals) FROM pg_settings WHERE name = 'default_toast_compression'", Ct);

        var outcome = await CopyAsync(source, target, options with { ExcludeTables = hasLz4 ? [] : [Squeezed] });

        Assert.Null(outcome.Fault);
        Assert.InRange(outcome.Brought!.Rows, 1_500_000, long.MaxValue);
        var verdict = await new Verifier(source, target,
            new VerifyOptions { Level = VerifyLevel.Rows, Jobs = 2, Show = 5 },
            TimeProvider.System).RunAsync(new Nobody(), Ct);
        Assert.Equal([],
            verdict.Tables.Where(one => one.Outcome != Outcome.Equal && (hasLz4 || one.Table != Squeezed)));
        Assert.Equal([], verdict.Objects.Where(one => one.Outcome == Outcome.Different && !LeftOut.Contains(one.Class)
            && (hasLz4 || !one.Name.Contains("squeezed", StringComparison.Ordinal))));
    }

    private static async Task<CopyOutcome> CopyAsync(
        PostgresAddress source, PostgresAddress target, CopyOptions options)
    {
        int major;
        await using (var session = await PostgresSession.OpenAsync(source, Ct))
            major = session.ServerMajor;
        var call = await PgDumpCall.FindAsync(source, major, new PgTools(Environment.GetEnvironmentVariable),
            new ProcessRunner(TimeProvider.System), Ct);
        return await new DirectCopy(call, target, options, TimeProvider.System).RunAsync(new Nobody(), Ct);
    }

    private static PostgresAddress Address(LocalCluster server, string database) =>
        PostgresUrl.Parse(server.SuperUrl(database).Reveal(), "The zoo's URL");

    private sealed class Nobody : IProgress<StepEvent>
    {
        public void Report(StepEvent value)
        {
        }
    }
}
