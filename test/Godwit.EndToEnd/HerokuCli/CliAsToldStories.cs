using System.Text;
using System.Text.RegularExpressions;
using Godwit.App.Demo;
using Godwit.EndToEnd.Servers;
using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.EndToEnd.HerokuCli;

/// <summary>Somebody reads what <c>godwit</c> prints about its local Heroku, pastes it, and goes on with the Heroku
/// CLI.</summary>
public sealed partial class CliAsToldStories : IAsyncDisposable
{
    /// <summary>The demo takes under a minute on a quiet machine; this one may have other tests on it.</summary>
    private static readonly TimeSpan CallMax = TimeSpan.FromMinutes(5);

    private readonly string _home = Directory.CreateTempSubdirectory("godwit-told-").FullName;
    private readonly List<string> _running = [];

    public CliAsToldStories() => File.SetUnixFileMode(_home, (UnixFileMode)0b111_101_101);

    [Fact]
    public async Task After_the_demo_with_keep_the_CLI_shows_the_migrated_database()
    {
        var told = await GodwitAsync("demo", "--keep");
        var folder = DataFolder().Match(told).Groups[1].Value;
        _running.Add(folder);
        using var heroku = new Cli(await ExportedAsync(told));
        Assert.Contains("heroku pg:info --app limosa-coffee", told, StringComparison.Ordinal);

        var info = await heroku.RunAsync("pg:info", "--app", "limosa-coffee");
        // Partitioned tables count for Heroku's limit too; they hold no rows themselves.
        var tables = info.Succeeds().Prints("DATABASE_URL", "Status: Available").Find("Tables: ([0-9]+)/4000");
        Assert.InRange(int.Parse(tables), SampleDatabase.Tables, SampleDatabase.Tables + 10);
        var asked = PsqlQuery().Match(told);
        Assert.True(asked.Success, told);
        (await heroku.RunAsync("pg:psql", "--app", "limosa-coffee", "-c", asked.Groups[1].Value))
            .Succeeds().Prints("(1 row)");
        (await heroku.RunAsync("pg:psql", "--app", "limosa-coffee", "-c", CountRows))
            .Succeeds().Prints($" {SampleDatabase.Rows} ");
        (await heroku.RunAsync("pg:backups", "--app", "limosa-coffee"))
            .Succeeds().Prints("r001 ").PrintsNothingOf("Failed");
        (await heroku.RunAsync("maintenance", "--app", "limosa-coffee")).Succeeds().PrintsExactly("off");
        (await heroku.RunAsync("ps:scale", "--app", "limosa-coffee")).Succeeds().Prints("web=1:", "worker=2:");

        await StopAsync(folder);
        (await heroku.RunAsync("pg:info", "--app", "limosa-coffee")).Fails(1, "ECONNREFUSED");
    }

    [Fact]
    public async Task A_local_Heroku_left_running_is_driven_with_the_lines_it_prints()
    {
        var folder = Path.Combine(_home, "heroku");
        _running.Add(folder);
        var told = await GodwitAsync("heroku-local", "--detach", "--data", folder, "--provisioning-time", "200ms");
        using var heroku = new Cli(await ExportedAsync(told));
        foreach (Match line in HerokuLine().Matches(told))
            (await heroku.RunAsync(line.Groups[1].Value.Split(' '))).Succeeds();
        (await heroku.RunAsync("pg:psql", "--app", "rehearsal", "-c", "SELECT 6 * 7 AS answer"))
            .Succeeds().Prints("42");

        Assert.Equal(await ExportedAsync(told),
            await ExportedAsync(await GodwitAsync("heroku-local", "--export", "--data", folder)));
        Assert.Equal("127.0.0.1,localhost,intranet", (await ExportedAsync(told))["NO_PROXY"].Reveal());
        Assert.DoesNotContain((await ExportedAsync(told))["HEROKU_API_KEY"].Reveal(), told, StringComparison.Ordinal);
        await StopAsync(folder);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var folder in _running.ToList())
            await StopAsync(folder);
        Directory.Delete(_home, recursive: true);
    }

    private const string NoProxyHere = "http://127.0.0.1:9";

    private const string CountRows = """
        SELECT sum((xpath('/row/n/text()', query_to_xml(format('SELECT count(*) AS n FROM ONLY %I.%I', nspname,
            relname), false, true, '')))[1]::text::int8) AS rows
        FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
        WHERE relkind = 'r' AND nspname !~ '^pg_' AND nspname <> 'information_schema'
        """;

    [GeneratedRegex("godwit heroku-local --stop --data (\\S+)")]
    private static partial Regex DataFolder();

    [GeneratedRegex("heroku pg:psql --app limosa-coffee -c '([^']+)'")]
    private static partial Regex PsqlQuery();

    [GeneratedRegex("^  heroku (.+)$", RegexOptions.Multiline)]
    private static partial Regex HerokuLine();

    [GeneratedRegex("^ *export .+$", RegexOptions.Multiline)]
    private static partial Regex ExportLine();

    private async Task StopAsync(string folder)
    {
        await GodwitAsync("heroku-local", "--stop", "--data", folder);
        _running.Remove(folder);
    }

    /// <summary>Runs the program; what it printed.</summary>
    private async Task<string> GodwitAsync(params string[] arguments)
    {
        var call = new ProgramCall("dotnet", [GodwitProgram.Dll, .. arguments])
        {
            // Whatever it leaves lying about goes away with our own folder.
            Environment = new Dictionary<string, Secret?>
            {
                ["GODWIT_HOME"] = new(Path.Combine(_home, "runs")),
                ["TMPDIR"] = new(_home),
                // A machine behind a proxy, which knows nothing of our 127.0.0.1: nothing listens on the discard port.
                ["http_proxy"] = new(NoProxyHere),
                ["https_proxy"] = new(NoProxyHere),
            },
        };
        return await OutputAsync(call);
    }

    /// <summary>What a shell makes of the lines: the values of the variables they export.</summary>
    private static async Task<IReadOnlyDictionary<string, Secret>> ExportedAsync(string told)
    {
        var lines = string.Join('\n', ExportLine().Matches(told).Select(m => m.Value));
        var printed = await OutputAsync(new("env", ["-i", "PATH=" + Environment.GetEnvironmentVariable("PATH"),
            "no_proxy=intranet", "sh", "-c", lines + "\nenv -0"]));
        return printed.Split('\0', StringSplitOptions.RemoveEmptyEntries).Select(v => v.Split('=', 2))
            .Where(v => v[0] is not ("PATH" or "no_proxy" or "PWD" or "OLDPWD" or "SHLVL" or "_"))
            .ToDictionary(v => v[0], v => new Secret(v[1]));
    }

    private static async Task<string> OutputAsync(ProgramCall call)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(CallMax);
        await using var process = new ProcessRunner(TimeProvider.System).Start(call);
        using var reader = new StreamReader(process.Output, Encoding.UTF8);
        var output = await reader.ReadToEndAsync(limit.Token);
        var exit = await process.WaitAsync(limit.Token);
        Assert.True(exit == 0, $"{call.Arguments[^1]} ended with {exit}:\n{output}\n{process.ErrorTail}");
        return output;
    }
}
