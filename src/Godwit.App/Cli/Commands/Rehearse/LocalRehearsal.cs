using Godwit.Faults;
using Godwit.HerokuLocal;

namespace Godwit.App.Cli.Commands;

/// <summary>A rehearsal's Heroku. Removed with everything in it at the rehearsal's end.</summary>
internal sealed class LocalRehearsal(CliEnvironment world, string folder)
{
    private const string Prefix = "godwit-rehearsal-";

    // Long enough to be seen, short enough not to delay the rehearsal.
    private static readonly TimeSpan Provisioning = TimeSpan.FromSeconds(1);

    // A restore's progress is polled several times a second: Heroku's own limit would be reached in half an hour.
    private const int CallsPerHourMax = 1_000_000;

    /// <summary>Temporary, and not beside the runs: PostgreSQL's user must be able to pass through it.</summary>
    /// <exception cref="FaultException"><c>cli.temporary_folder</c>.</exception>
    public static string NewFolder()
    {
        try
        {
            return Directory.CreateTempSubdirectory(Prefix).FullName;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FaultException(CliFaults.TemporaryFolder(Path.GetTempPath(), e.Message.TrimEnd('.')), e);
        }
    }

    /// <summary>Returns <paramref name="work"/>'s exit code.</summary>
    /// <param name="work">In its surroundings, the local Heroku replaces Heroku.</param>
    public async Task<int> RunAsync(Func<CliEnvironment, Task<int>> work, CancellationToken ct)
    {
        // The folder is deleted in the end, and its name comes from a journal: it must be one of Godwit's.
        if (!Path.GetFileName(folder).StartsWith(Prefix, StringComparison.Ordinal))
            throw new FaultException(CliFaults.RehearsalFolder(folder));
        var isLeft = false;
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.SetUnixFileMode(folder,
            File.GetUnixFileMode(folder) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        try
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
            // The servers are child processes: if Ctrl-C killed this process, they would keep running.
            using var interrupts = world.Console.OnInterrupt(_ => stop.Cancel());
            await using var heroku = await HerokuLocalServer.StartAsync(
                new HerokuLocalOptions
                {
                    Folder = Path.Combine(folder, "heroku"), Durable = false,
                    ProvisioningTime = Provisioning, CallsPerHourMax = CallsPerHourMax,
                },
                world.Processes, world.Clock, stop.Token);
            // From here on the run handles Ctrl-C: it asks, and undoes.
            interrupts.Dispose();
            var code = await work(Inside(heroku.CliEnvironment()));
            await heroku.StopAsync(CancellationToken.None);
            // If a person has to look, the folder stays for godwit rollback.
            isLeft = code == ExitCodes.NeedsAPerson;
            return code;
        }
        finally
        {
            if (!isLeft)
                Directory.Delete(folder, recursive: true);
        }
    }

    private CliEnvironment Inside(IReadOnlyDictionary<string, Secret> heroku)
    {
        var outside = world.Environment;
        return world with
        {
            Environment = name => heroku.TryGetValue(name, out var value) ? value.Reveal() : outside(name),
        };
    }
}
