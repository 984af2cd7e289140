using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Godwit.App.Cli.Screens;
using Godwit.HerokuLocal;

namespace Godwit.App.Cli.Commands;

/// <summary>A Heroku on this machine, in the foreground or background.</summary>
public static class HerokuLocalCommand
{
    public static Command Build(CliEnvironment world)
    {
        var data = new Option<string?>("--data")
        {
            HelpName = "DIR",
            Description = "Where it keeps everything. Without it: a folder of its own beside Godwit's runs.",
        };
        var port = new Option<int>("--port")
        {
            HelpName = "N",
            Description = "Where both APIs answer, on 127.0.0.1 only. Without it: the last one, or any free one.",
        };
        var tokenFile = new Option<string?>("--token-file")
        {
            HelpName = "FILE", Description = "The token callers must send is its first line. "
                + "Without it: one is made and kept in the data folder.",
        };
        var fault = new Option<string[]>("--fault")
        {
            HelpName = "SPEC", Description = "Trouble on demand, e.g. restore:fails-after=2s; "
                + "may be given several times. docs/heroku-local.md has them all.", DefaultValueFactory = _ => [],
        };
        var time = new Option<TimeSpan?>("--provisioning-time")
        {
            HelpName = "TIME",
            Description = "How long an add-on takes to be provisioned, e.g. 500ms, 30s or 2m. Without it: 2s.",
            CustomParser = ParseTime,
        };
        var detach = new Option<bool>("--detach") { Description = "Leave it running in the background." };
        var export = new Option<bool>("--export")
        {
            Description = "Print nothing but what a shell can eval to point at the one that runs; "
                + "with --detach it is started first.",
        };
        var stop = new Option<bool>("--stop") { Description = "Stop the one that runs on the data folder." };
        var background = new Option<bool>("--background") { Hidden = true };
        var command = new Command("heroku-local",
            "Runs a Heroku on this machine, for rehearsals and tests: its APIs, real PostgreSQL, real restores.")
        {
            data, port, tokenFile, fault, time, detach, export, stop, background,
        };
        command.SetAction((parsed, ct) =>
        {
            var options = new HerokuLocalOptions
            {
                Folder = Path.GetFullPath(parsed.GetValue(data) ?? DefaultFolder(world)),
                Port = parsed.GetValue(port),
                TokenFile = parsed.GetValue(tokenFile),
                Faults = parsed.GetValue(fault) ?? [],
            };
            if (parsed.GetValue(time) is { } asked)
                options = options with { ProvisioningTime = asked };
            var isQuiet = parsed.GetValue(export);
            return parsed.GetValue(stop) ? StopAsync(options.Folder, world, ct)
                : parsed.GetValue(detach) ? HerokuLocalDetached.StartAsync(options, isQuiet, world, ct)
                : isQuiet ? Task.FromResult(HerokuLocalScreen.ShowExports(options.Folder, world))
                : RunAsync(options, parsed.GetValue(background), world, ct);
        });
        return command;
    }

    private static async Task<int> RunAsync(
        HerokuLocalOptions options, bool isBackground, CliEnvironment world, CancellationToken ct)
    {
        // In the background nobody reads the output, and its pipe is gone.
        var writer = isBackground ? TextWriter.Null : world.Console.Out;
        var interrupted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var watch = world.Console.OnInterrupt(_ => interrupted.TrySetResult());
        await using var server = await HerokuLocalServer.StartAsync(options, world.Processes, world.Clock, ct);
        HerokuLocalScreen.ShowStarted(RunningHerokuLocal.Find(options.Folder)!, options.Folder,
            "Ctrl-C stops it; what it knows is kept.", writer);
        await Task.WhenAny(interrupted.Task, server.WaitForStopRequestAsync(ct));
        await server.StopAsync(ct);
        await writer.WriteLineAsync("Stopped.");
        return ExitCodes.Proven;
    }

    private static async Task<int> StopAsync(string folder, CliEnvironment world, CancellationToken ct)
    {
        var running = RunningHerokuLocal.Find(folder);
        if (running is not null)
            await running.StopAsync(folder, world.Clock, ct);
        await world.Console.Out.WriteLineAsync(running is null ? $"No heroku-local runs on {folder}." : "Stopped.");
        return ExitCodes.Proven;
    }

    // For root, PostgreSQL runs as another user, who may not enter root's home.
    private static string DefaultFolder(CliEnvironment world) =>
        Environment.UserName == "root" && world.Environment("GODWIT_HOME") is null or ""
            ? "/var/lib/godwit/heroku-local"
            : Path.Combine(world.Runs.Root, "heroku-local");

    private static TimeSpan? ParseTime(ArgumentResult result)
    {
        var text = result.Tokens[^1].Value;
        var unit = text.TrimStart("0123456789.".ToCharArray());
        if (double.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture, out var number))
        {
            switch (unit)
            {
                case "ms": return TimeSpan.FromMilliseconds(number);
                case "s": return TimeSpan.FromSeconds(number);
                case "m": return TimeSpan.FromMinutes(number);
            }
        }

        result.AddError($"'{text}' is no time such as 500ms, 30s or 2m.");
        return null;
    }
}
