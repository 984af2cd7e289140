using Godwit.Faults;
using Godwit.HerokuLocal;

namespace Godwit.App.Cli.Commands;

/// <summary>The local Heroku of a rehearsal: there while somebody works with it, and removed then with everything in
/// it.</summary>
internal sealed class LocalRehearsal(Surroundings world, string folder)
{
    private const string Prefix = "godwit-rehearsal-";

    /// <summary>Long enough to be seen happening, short enough not to be waited for.</summary>
    private static readonly TimeSpan Provisioning = TimeSpan.FromSeconds(1);

    /// <summary>It is asked several times a second how far it is, for as long as a restore takes: Heroku's own limit
    /// would be reached in half an hour.</summary>
    private const int CallsPerHourMax = 1_000_000;

    /// <summary>A temporary one of a name of its own. PostgreSQL's user must be able to pass through it, so it does not
    /// lie with the runs.</summary>
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

    /// <param name="work">With surroundings in which the local Heroku is all there is of Heroku.</param>
    /// <returns>Its exit code.</returns>
    public async Task<int> RunAsync(Func<Surroundings, Task<int>> work, CancellationToken ct)
    {
        // It is removed in the end, and its name comes out of a journal.
        if (!Path.GetFileName(folder).StartsWith(Prefix, StringComparison.Ordinal))
            throw new FaultException(CliFaults.RehearsalFolder(folder));
        var isLeft = false;
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.SetUnixFileMode(folder,
            File.GetUnixFileMode(folder) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        try
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
            // The servers are children of ours: a Ctrl-C that just ended us would leave them running.
            using var interrupts = world.Console.OnInterrupt(_ => stop.Cancel());
            await using var heroku = await HerokuLocalServer.StartAsync(
                new HerokuLocalOptions
                {
                    Folder = Path.Combine(folder, "heroku"), Durable = false,
                    ProvisioningTime = Provisioning, CallsPerHourMax = CallsPerHourMax,
                },
                world.Processes, world.Clock, stop.Token);
            // From here on the run itself answers to Ctrl-C: it asks, and undoes.
            interrupts.Dispose();
            var code = await work(Inside(heroku.CliEnvironment()));
            await heroku.StopAsync(CancellationToken.None);
            // What a person has to look at stays, for godwit rollback.
            isLeft = code == ExitCodes.NeedsAPerson;
            return code;
        }
        finally
        {
            if (!isLeft)
                Directory.Delete(folder, recursive: true);
        }
    }

    private Surroundings Inside(IReadOnlyDictionary<string, Secret> heroku)
    {
        var outside = world.Environment;
        return world with
        {
            Environment = name => heroku.TryGetValue(name, out var value) ? value.Reveal() : outside(name),
        };
    }
}
