using Amazon.S3.Model;
using Godwit.EndToEnd.Dump;
using Godwit.EndToEnd.Migration;
using Godwit.EndToEnd.Servers;
using Godwit.Faults;
using Godwit.HerokuLocal;
using Godwit.PgArchive;
using Godwit.Pipeline;
using Godwit.Postgres;
using Godwit.Proof;
using Godwit.Verify;

namespace Godwit.EndToEnd.Copy;

/// <summary>The zoo, with every kind of object and values that break naive readers, out of an archive by
/// <c>godwit restore</c>.</summary>
public sealed class RestoreZooTests(ZooServers zoo, SwiftServer swift)
{
    private const string Squeezed = "zoo.squeezed";

    /// <summary>How the archive is named.</summary>
    public enum From
    {
        File,
        Input,
        Store,
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(13, Maker.Stock, From.File, 15)]
    [InlineData(15, Maker.GodwitIntoPipe, From.File, 15)]
    [InlineData(15, Maker.Stock, From.Input, 17)]
    [InlineData(15, Maker.Godwit, From.Store, 17)]
    [InlineData(17, Maker.GodwitIntoPipe, From.Store, 17)]
    [InlineData(17, Maker.Stock, From.File, 18)]
    public async Task Every_object_and_every_row_arrives(int major, Maker maker, From from, int to)
    {
        var source = Address(await zoo.SourceAsync(major), ZooServers.Database);
        var (server, database) = await zoo.NewTargetOnAsync(to);
        var archive = await zoo.ArchiveAsync(major, maker);
        // Not every server is built with lz4, and then a column that wants it cannot be made.
        var hasLz4 = await server.ScalarAsync<bool>("postgres",
            "SELECT 'lz4' = ANY(enumvals) FROM pg_settings WHERE name = 'default_toast_compression'", Ct);
        if (!hasLz4 && await IsInAsync(archive, "squeezed"))
        {
            var filtered = zoo.NewPath();
            (await ShellAsync($"godwit archive filter '{archive}' --to '{filtered}' --without 'TABLE zoo squeezed'",
                server, database)).Expect(0);
            archive = filtered;
        }

        // What an extension's own file says of the zoo's is not what a target of its own would have: nothing but owners
        // and grants is left out.
        var end = await ShellAsync(
            $"godwit restore {await NameAsync(archive, from)} --to env:TARGET_URL --jobs 2 --no-clean",
            server, database);

        end.Expect(0).Says("Restored ");
        var verdict = await new Verifier(source, Address(server, database),
            new VerifyOptions { Level = VerifyLevel.Rows, Jobs = 2, Show = 5 },
            TimeProvider.System).RunAsync(new Nobody(), Ct);
        Assert.Equal([],
            verdict.Tables.Where(one => one.Outcome != Outcome.Equal && (hasLz4 || one.Table != Squeezed)));
        // What is restored belongs to whoever restored it.
        Assert.Equal([], verdict.Objects.Where(one =>
            one.Outcome == Outcome.Different && one.Class is not ("owner" or "grant" or "default privileges")
            && (hasLz4 || !one.Name.Contains("squeezed", StringComparison.Ordinal))));
    }

    /// <summary>The source's server may be built without it as well.</summary>
    private static async Task<bool> IsInAsync(string archive, string table)
    {
        await using var file = File.OpenRead(archive);
        return (await ArchiveReader.ReadHeadAsync(file, null, Ct)).Entries.Any(entry =>
            entry.Is("TABLE"u8) && $"{entry.Tag}" == table);
    }

    private async Task<string> NameAsync(string archive, From from)
    {
        if (from != From.Store)
            return from == From.Input ? $"- < '{archive}'" : $"'{archive}'";
        await swift.StartAsync(Ct);
        var bucket = await swift.MakeBucketAsync(Ct);
        using var client = swift.OpenClient();
        await client.PutObjectAsync(new PutObjectRequest
        {
            BucketName = bucket, Key = "zoo.dump", FilePath = archive, UseChunkEncoding = false,
        }, Ct);
        return $"s3://{bucket}/zoo.dump";
    }

    private async Task<GodwitEnd> ShellAsync(string line, LocalCluster target, string database)
    {
        var environment =
            new Dictionary<string, Secret?> { ["TARGET_URL"] = target.SuperUrl(database), ["TERM"] = new("dumb") };
        if (line.Contains("s3://", StringComparison.Ordinal))
        {
            environment["AWS_ENDPOINT_URL_S3"] = new(swift.Endpoint);
            environment["AWS_ACCESS_KEY_ID"] = new(SwiftServer.Keys.Id);
            environment["AWS_SECRET_ACCESS_KEY"] = SwiftServer.Keys.Key;
        }

        await using var shell = new ProcessRunner(TimeProvider.System)
            .Start(new ProgramCall("bash", ["-c", $"godwit() {{ dotnet '{GodwitProgram.Dll}' \"$@\"; }}; {line}"])
            {
                Environment = environment,
            });
        using var reader = new StreamReader(shell.Output, leaveOpen: true);
        var output = await reader.ReadToEndAsync(Ct);
        return new GodwitEnd(await shell.WaitAsync(Ct), output, shell.ErrorTail);
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
