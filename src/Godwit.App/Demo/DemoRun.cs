using Godwit.App.Cli;
using Godwit.App.Cli.Commands;
using Godwit.App.Cli.Screens;
using Godwit.Faults;
using Godwit.HerokuLocal;
using Godwit.Migration.Opening;
using Godwit.Requests;
using Godwit.Storage;

namespace Godwit.App.Demo;

/// <summary>Starts a source, a local Heroku and a store on disk, and runs what <c>godwit migrate</c> runs.</summary>
internal sealed class DemoRun(CliEnvironment world, bool json)
{
    private const string App = "limosa-coffee";
    private const string Owner = "limosa";
    private const string SourceVariable = "GODWIT_DEMO_SOURCE";

    // Long enough to be seen, short enough not to delay the demo.
    private static readonly TimeSpan Provisioning = TimeSpan.FromSeconds(1);

    /// <param name="keep">The local Heroku keeps running, with the migrated database.</param>
    public async Task<int> RunAsync(bool keep, CancellationToken ct)
    {
        var folder = Directory.CreateTempSubdirectory("godwit-demo-").FullName;
        // The server's user must be able to pass through the folder, but not list it.
        File.SetUnixFileMode(folder,
            File.GetUnixFileMode(folder) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        var heroku = new HerokuLocalOptions
        {
            Folder = Path.Combine(folder, "heroku"),
            ProvisioningTime = Provisioning,
            ProcessTypes = new Dictionary<string, int> { ["web"] = 1, ["worker"] = 2 },
        };
        var isKept = false;
        try
        {
            var code = await MigrateAsync(folder, heroku, ct);
            isKept = keep && code == ExitCodes.Proven;
            if (isKept)
                code = await KeepAsync(folder, heroku, ct);
            else
                Say(Removed(folder, keep, code));
            return code;
        }
        finally
        {
            if (!isKept)
                Directory.Delete(folder, recursive: true);
        }
    }

    internal static string Removed(string folder, bool keep, int code) => $"What the demo had made in {folder} is "
        + "removed again."
        + (code != ExitCodes.Proven ? " There is no migrated database to look around in."
            : keep ? "" : " To look around in the migrated database: godwit demo --keep");

    private async Task<int> MigrateAsync(string folder, HerokuLocalOptions heroku, CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        // The servers are child processes: if Ctrl-C killed this process, they would keep running.
        var interrupts = world.Console.OnInterrupt(_ => stop.Cancel());
        try
        {
            Say("Starting a PostgreSQL server with a sample database, Limosa Coffee …");
            var started = world.Clock.GetTimestamp();
            await using var source = await LocalCluster.StartAsync(
                new LocalClusterOptions { Folder = Path.Combine(folder, "source"), Durable = false }, world.Processes,
                world.Clock, stop.Token);
            var url = await CreateSourceAsync(source, stop.Token);
            Say($"Starting a local Heroku … ({TerminalWords.Duration(world.Clock.GetElapsedTime(started))} so far)");
            await using var server = await HerokuLocalServer.StartAsync(heroku, world.Processes,
                world.Clock, stop.Token);
            Say("");
            // From here on the run handles Ctrl-C: it asks, and undoes.
            interrupts.Dispose();
            var code = await RunAsync(WithHeroku(server.CliEnvironment(), url), folder, ct);
            await server.StopAsync(CancellationToken.None);
            return code;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            Say("Stopped before the migration began.");
            return ExitCodes.Refused;
        }
        finally
        {
            interrupts.Dispose();
        }
    }

    private async Task<int> RunAsync(CliEnvironment inside, string folder, CancellationToken ct)
    {
        var parts = new MigrationOpener(inside.Opening).Open(new RunSettings
        {
            From = "env:" + SourceVariable,
            To = "heroku:" + App,
            Store = new() { Address = new StoreAddress.Disk(Path.Combine(folder, "store")) },
            Heroku = new() { CreateApp = true },
            HasBackup = true,
        });
        await using var screen = new RunScreen(inside, parts, json) { IsRehearsal = true };
        return await screen.RunAsync((run, face, stop) => run.StartAsync(screen.Started, face, stop), ct);
    }

    private static async Task<Secret> CreateSourceAsync(LocalCluster source, CancellationToken ct)
    {
        var password = new Secret(System.Security.Cryptography.RandomNumberGenerator.GetHexString(32, lowercase: true));
        await source.ExecuteAsync("postgres", $"CREATE ROLE {Owner} LOGIN PASSWORD '{password.Reveal()}'", ct);
        await source.ExecuteAsync("postgres", $"CREATE DATABASE {Owner} OWNER {Owner}", ct);
        await SampleDatabase.CreateAsync(source.ConnectionString(Owner, Owner, password), ct);
        // No dump contains this setting; the settings step copies it.
        await source.ExecuteAsync("postgres", $"ALTER DATABASE {Owner} SET \"TimeZone\" = 'Europe/Amsterdam'", ct);
        return source.Url(Owner, Owner, password);
    }

    // Commands inside the demo get the local Heroku's variables, as if exported.
    private CliEnvironment WithHeroku(IReadOnlyDictionary<string, Secret> heroku, Secret source)
    {
        var outside = world.Environment;
        return world with
        {
            Environment = name => name == SourceVariable ? source.Reveal()
                : heroku.TryGetValue(name, out var value) ? value.Reveal()
                : outside(name),
        };
    }

    // The local Heroku's state is on disk, so it is restarted as a process of its own.
    private async Task<int> KeepAsync(string folder, HerokuLocalOptions heroku, CancellationToken ct)
    {
        Directory.Delete(Path.Combine(folder, "source"), recursive: true);
        Say("");
        var code = await HerokuLocalDetached.StartAsync(heroku, isQuiet: false, world, ct);
        Say($"""

            Look around in the migrated database:
              heroku pg:info --app {App}
              heroku pg:psql --app {App} -c 'SELECT count(*) FROM shop.orders'
            When it is stopped, remove what is left with: rm -r {folder}
            """);
        return code;
    }

    private void Say(string text)
    {
        if (!json)
            world.Console.Out.WriteLine(text);
    }
}
