using System.CommandLine;
using System.Text.Json;
using Godwit.App.Cli.Commands;
using Godwit.App.Cli.Screens;
using Godwit.Faults;
using Godwit.Journal;
using Godwit.Pipeline;
using Godwit.Postgres;
using Godwit.Requests;
using Godwit.Targets;

namespace Godwit.App.Cli.Flags;

/// <summary><c>--detach</c>: runs the same command line in a process with its own session, and waits until the run has
/// begun and assessed both sides: most problems show by then.</summary>
internal sealed class DetachFlag
{
    // For a silent source's time-outs, or the start of a rehearsal's local Heroku.
    private static readonly TimeSpan BeginMax = TimeSpan.FromMinutes(10);

    // Most assessments take seconds. A slower one continues unseen.
    private static readonly TimeSpan LookMax = TimeSpan.FromMinutes(1);

    public Option<bool> Option { get; } = new("--detach")
    {
        Description = "Run in the background. Returns when the run has begun and the assessment is done; "
            + "see it again with godwit status --follow.",
    };

    /// <summary>False in the background process, which has the same command line.</summary>
    public bool IsAsked(ParseResult parsed, CliEnvironment world) =>
        parsed.GetValue(Option) && world.Background is null;

    /// <summary>Returns 0 when the run has begun; its exit code when it has ended already.</summary>
    /// <param name="from">The source as typed; null: the run has it.</param>
    /// <param name="to">The target as typed; null: the run has it.</param>
    public static async Task<int> StartAsync(
        CliEnvironment world, string? from, string? to, bool json, CancellationToken ct)
    {
        RequireNoPassword("--from", from is RunSettings.FromStdin ? null : from, "SOURCE_URL");
        RequireNoPassword("--to", to is null || HerokuTargetName.IsOne(to) ? null : to, "TARGET_URL");
        var input = from == RunSettings.FromStdin ? await world.Console.In.ReadLineAsync(ct) ?? "" : null;
#pragma warning disable CA2000 // Disposing it would kill it, and it is to outlive us.
        var process = world.Processes.Start(
            new(OwnProgram.Path, OwnProgram.Arguments(world.Arguments))
            {
                Environment = BackgroundConsole.Variables(input),
            });
#pragma warning restore CA2000
        process.OnErrorLine = world.Console.Error.WriteLine;
        if (await BegunAsync(process, world, ct) is not { } runId)
            return await process.WaitAsync(ct);
        using var left = CancellationTokenSource.CreateLinkedTokenSource(ct);
        using var interrupts = world.Console.OnInterrupt(_ => left.Cancel());
        using var limit = new CancellationTokenSource(LookMax, world.Clock);
        using var look = CancellationTokenSource.CreateLinkedTokenSource(left.Token, limit.Token);
        var face = json ? new JsonFace(world.Console.Out,
            world.Clock) : (IProgress<StepEvent>)new PlainFace(world.Console.Out, world.Clock);
        if (!json)
            await world.Console.Out.WriteLineAsync($"Run {runId} has begun in the background.");
        if (await new RunFollower(world.Runs, runId, world.Clock).FollowAsync(face, IsBehindLooking, look.Token)
            is { } outcome)
            return await new FollowScreen(world, runId, json).EndAsync(outcome);
        ShowContinues(runId, process.Id, json, world);
        return ExitCodes.Proven;
    }

    // Everybody can read the background process's arguments.
    private static void RequireNoPassword(string flag, string? reference, string variable)
    {
        if (reference is not null && PostgresSource.IsUrl(reference)
            && PostgresUrl.Parse(reference, flag).Password is not null)
        {
            OptionProblems.RequireNone([new("--detach",
                $"would show the password in {flag} to every user of this machine, for as long as the run takes",
                $"Put the URL into a variable and name that: {flag} env:{variable}")]);
        }
    }

    // The run's id; null: the process ended, or is ending, without one.
    private static async Task<string?> BegunAsync(IRunningProcess process, CliEnvironment world, CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        using var interrupts = world.Console.OnInterrupt(_ => stop.Cancel());
        using var limit = new CancellationTokenSource(BeginMax, world.Clock);
        using var wait = CancellationTokenSource.CreateLinkedTokenSource(stop.Token, limit.Token);
        using var reader = new StreamReader(process.Output);
        try
        {
            while (await reader.ReadLineAsync(wait.Token) is { } line)
            {
                if (line.StartsWith(BackgroundConsole.BegunMark, StringComparison.Ordinal))
                    return line[BackgroundConsole.BegunMark.Length..];
                await world.Console.Out.WriteLineAsync(line);
            }

            return null;
        }
        catch (OperationCanceledException) when (wait.IsCancellationRequested)
        {
            // A run that begins now undoes, as after any SIGTERM.
            RunProcess.Of(process.Id)?.AskToStop();
            if (!stop.IsCancellationRequested)
                throw new FaultException(CliFaults.DetachSlow(BeginMax));
            throw;
        }
    }

    private static bool IsBehindLooking(StepEvent happened) =>
        happened is StepStarted { Traits: { } traits } && !traits.HasFlag(StepTraits.OnlyLooks);

    private static void ShowContinues(string runId, int processId, bool json, CliEnvironment world)
    {
        var (output, log) = (world.Console.Out, world.Runs.OutputOf(runId));
        if (json)
        {
            output.WriteLine(JsonSerializer.Serialize(
                new { Event = "run_detached", RunId = runId, ProcessId = processId, Output = log },
                JournalJson.Options));
            return;
        }

        output.WriteLine();
        output.WriteLine($"Run {runId} continues in the background, whatever happens to this terminal.");
        output.WriteWhole($"  follow it     godwit status --follow {runId}");
        output.WriteWhole($"  stop it       kill {processId}     (puts everything back; "
            + "or Ctrl-C while following, and the answer stop)");
        output.WriteWhole($"  roll it back  godwit rollback {runId}     (when it has ended)");
        output.WriteWhole($"  its output    {log}");
    }
}
