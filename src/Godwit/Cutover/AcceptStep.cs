using System.Globalization;
using Godwit.Faults;
using Godwit.Pipeline;
using Godwit.Postgres;

namespace Godwit.Cutover;

/// <summary>Runs the user's own check of the target before any app uses it. Its exit code decides.</summary>
/// <param name="command">For <c>/bin/sh -c</c>; every user of the machine can read it.</param>
/// <param name="url">The target's, passed to the command as DATABASE_URL.</param>
/// <param name="secrets">Other secrets of this environment that the command could print.</param>
public sealed class AcceptStep(
    string command, Func<CancellationToken, Task<Secret>> url, IReadOnlyList<Secret> secrets, IProcessRunner processes,
    TimeProvider clock) : IStep
{
    // Writes are stopped meanwhile: a command that hangs must not keep apps down all night.
    private static readonly TimeSpan CommandMax = TimeSpan.FromMinutes(30);

    // For the last output after the command's end: a program it left running may keep the output open.
    private static readonly TimeSpan LastWordsMax = TimeSpan.FromSeconds(2);

    // Each shown line is journaled with a write to disk. Later lines are kept for the end.
    private const int LinesShownMax = 200;

    private readonly CommandOutput _output = new();

    public string Name => "accept";

    public StepTraits Traits => StepTraits.Downtime;

    public string Intent => $"Ask your acceptance command whether the target may be used: {command}";

    /// <summary>Never done: an earlier attempt's result may be outdated.</summary>
    public Task<Evidence?> FindEvidenceAsync(CancellationToken ct) => Task.FromResult<Evidence?>(null);

    public async Task<Evidence> RunAsync(IProgress<StepEvent> progress, CancellationToken ct)
    {
        var started = clock.GetTimestamp();
        var exit = await CallAsync(progress, ct);
        if (exit != 0)
            throw new FaultException(CutoverFaults.NotAccepted(command, exit, _output.Tail));
        var took = clock.GetElapsedTime(started).TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
        return new Evidence("Your acceptance command says yes",
            $"it ended with exit code 0 after {took} s{(_output.Last is { } last ? $": {last}" : "")}");
    }

    private async Task<int> CallAsync(IProgress<StepEvent> progress, CancellationToken ct)
    {
        var target = await url(ct);
        using var time = new CancellationTokenSource(CommandMax, clock);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct, time.Token);
        // One stream for output and errors keeps their order.
        await using var process = processes.Start(new ProgramCall("/bin/sh", ["-c", "exec 2>&1\n" + command])
        {
            Environment = new Dictionary<string, Secret?> { ["DATABASE_URL"] = target },
        });
        Secret[] known = [target, PostgresUrl.Parse(target.Reveal(), "DATABASE_URL").Password ?? target, .. secrets];
        try
        {
            var shown = 0;
            var reading = _output.ReadAsync(process.Output, known, line =>
            {
                if (shown++ < LinesShownMax)
                    progress.Report(new StateChanged(Name, clock.GetUtcNow(), "it says", line));
            }, limit.Token);
            var exit = await process.WaitAsync(limit.Token);
            await reading.WaitAsync(LastWordsMax, clock, limit.Token)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return exit;
        }
        catch (OperationCanceledException) when (time.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            throw new FaultException(CutoverFaults.AcceptSlow(command, CommandMax, _output.Tail));
        }
    }
}
