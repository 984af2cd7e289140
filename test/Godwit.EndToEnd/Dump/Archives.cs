using System.Globalization;
using Godwit.EndToEnd.Migration;
using Godwit.Extract.Cleaning;
using Godwit.Faults;
using Godwit.HerokuLocal;
using Godwit.PgArchive;

namespace Godwit.EndToEnd.Dump;

/// <summary>Who makes an archive, and where to.</summary>
public enum Maker
{
    /// <summary><c>pg_dump -Fc --quote-all-identifiers</c>: proves that a comparison can succeed, and is what the
    /// others are compared with.</summary>
    Stock,

    /// <summary><c>godwit dump --to FILE</c>: the offsets of the data are in the table of contents.</summary>
    Godwit,

    /// <summary><c>godwit dump --to -</c>: they cannot be.</summary>
    GodwitIntoPipe,
}

/// <summary>Makes archives as a user would: with the programs, not with their parts.</summary>
internal static class Archives
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static Task MakeAsync(
        Maker maker, LocalCluster source, string database, string path,
        params IReadOnlyList<string> more) => maker switch
        {
            Maker.Godwit =>
                GodwitAsync(source, database, [$"--to={path}", .. more], output => output.CopyToAsync(Stream.Null, Ct)),
            Maker.GodwitIntoPipe => GodwitAsync(source, database, ["--to=-", .. more], async output =>
            {
                await using var file = File.Create(path);
                await output.CopyToAsync(file, Ct);
            }),
            _ => PgProgram.RunAsync(source.Major, "pg_dump", ["--format=custom", "--quote-all-identifiers",
                "--compress=1", $"--file={path}", .. more], source, database, asIs: true),
        };

    /// <summary>Stock archives of a server whose minor release is newer than their pg_dump hold options that older
    /// servers refuse. What users do then: <c>godwit archive filter</c>, which takes them out; here without a
    /// process.</summary>
    public static async Task MendAsync(string path)
    {
        var mended = path + ".mended";
        await using (var source = File.OpenRead(path))
        await using (var output = File.Create(mended))
        {
            var filter = await ArchiveFilter.OpenAsync(source, head => InternalOptions.Remove(head).Head, null, Ct);
            await filter.WriteAsync(output, progress: null, Ct);
        }

        File.Move(mended, path, overwrite: true);
    }

    private static async Task GodwitAsync(
        LocalCluster source, string database, IReadOnlyList<string> arguments, Func<Stream, Task> read)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Godwit.App.dll");
        await using var process = new Postgres.ProcessRunner(TimeProvider.System).Start(new Postgres.ProgramCall(
            "dotnet", [program, "dump", "--from=env:SOURCE_URL", .. arguments])
        {
            Environment = new Dictionary<string, Secret?>
            {
                ["SOURCE_URL"] = source.SuperUrl(database),
                ["GODWIT_PG_BIN_17"] = new(OtherServers.ClientFolder(17)),
                ["TERM"] = new("dumb"),
            },
        });
        await read(process.Output);
        var code = await process.WaitAsync(Ct);
        Assert.True(code == 0,
            string.Create(CultureInfo.InvariantCulture, $"godwit dump ended with {code}: {process.ErrorTail}"));
    }
}
