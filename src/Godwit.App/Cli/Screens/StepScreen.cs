using Godwit.Migration;
using Godwit.Pipeline;

namespace Godwit.App.Cli.Screens;

/// <summary>Shows a step without a run. Ctrl-C stops it without a question: nothing has to be undone.</summary>
/// <param name="writer">Standard output, unless the step writes its result there.</param>
/// <param name="stopping">Shown when it is stopped.</param>
internal sealed class StepScreen(CliEnvironment world, TextWriter writer, string stopping)
{
    public async Task<T> ShowAsync<T>(
        string name, string intent, bool json, Func<IProgress<StepEvent>, CancellationToken, Task<T>> run,
        CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var live = json || !world.Console.IsTerminal ? null : new LiveFace([new PlannedStep(name, intent, null)],
            world.Console, world.Clock);
        using var interrupts = world.Console.OnInterrupt(_ => Stop(stop, live));
        if (live is not null)
            return await live.ShowAsync(() => run(live, stop.Token));
        return await run(json ? new JsonFace(writer, world.Clock) : new PlainFace(writer, world.Clock), stop.Token);
    }

    private void Stop(CancellationTokenSource stop, LiveFace? live)
    {
        if (stop.IsCancellationRequested)
            return;
        // Before writing: a closed terminal refuses text.
        stop.Cancel();
        if (live is not null)
        {
            live.Say(stopping);
            return;
        }

        try
        {
            world.Console.Error.WriteLine(stopping);
        }
        catch (IOException)
        {
            // The terminal was closed.
        }
    }
}
