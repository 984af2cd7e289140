using System.Globalization;
using Godwit.App.Cli.Screens;
using Godwit.HerokuLocal;

namespace Godwit.App.Cli.Commands;

/// <summary>Starts this program again in its own session: a heroku-local that outlives this process.</summary>
internal static class HerokuLocalDetached
{
    // For initdb, recovery after a kill and a loaded machine. Even a minute is unusual.
    private static readonly TimeSpan ReadyMax = TimeSpan.FromMinutes(3);

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);

    public static async Task<int> StartAsync(
        HerokuLocalOptions options, bool isQuiet, CliEnvironment world, CancellationToken ct)
    {
        if (RunningHerokuLocal.Find(options.Folder) is null)
        {
            var code = await StartProcessAsync(options, world, ct);
            if (code != ExitCodes.Proven)
                return code;
        }

        if (isQuiet)
            return HerokuLocalScreen.ShowExports(options.Folder, world);
        var stop = $"It runs in the background. Stop it with: godwit heroku-local --stop --data {options.Folder}";
        HerokuLocalScreen.ShowStarted(RunningHerokuLocal.Find(options.Folder)!, options.Folder, stop,
            world.Console.Out);
        return ExitCodes.Proven;
    }

    private static async Task<int> StartProcessAsync(
        HerokuLocalOptions options, CliEnvironment world, CancellationToken ct)
    {
#pragma warning disable CA2000 // Disposing it would kill it, and it is to outlive us.
        var process = world.Processes.Start(new(OwnProgram.Path, OwnProgram.Arguments(Arguments(options))));
#pragma warning restore CA2000
        var ended = process.WaitAsync(ct);
        for (var since = world.Clock.GetUtcNow(); RunningHerokuLocal.Find(options.Folder)
            is null; await Task.WhenAny(ended, Task.Delay(LookEvery, world.Clock, ct)))
        {
            if (ended.IsCompleted)
            {
                await world.Console.Error.WriteLineAsync(process.ErrorTail);
                return await ended;
            }

            if (world.Clock.GetUtcNow() - since <= ReadyMax)
                continue;
            process.Kill();
            await world.Console.Error.WriteLineAsync(
                $"godwit: heroku-local was not ready within {ReadyMax.TotalMinutes:0} minutes and was stopped.");
            return ExitCodes.NeedsAPerson;
        }

        return ExitCodes.Proven;
    }

    private static List<string> Arguments(HerokuLocalOptions options)
    {
        var arguments = new List<string>();
        arguments.AddRange(["heroku-local", "--background", "--data", options.Folder,
            "--port", options.Port.ToString(CultureInfo.InvariantCulture)]);
        arguments.AddRange(["--provisioning-time",
            options.ProvisioningTime.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture) + "ms"]);
        if (options.TokenFile is { } file)
            arguments.AddRange(["--token-file", Path.GetFullPath(file)]);
        foreach (var fault in options.Faults)
            arguments.AddRange(["--fault", fault]);
        return arguments;
    }
}
