using Godwit.Migration;
using Godwit.Pipeline;

namespace Godwit.App.Cli;

/// <summary>Shows one step that belongs to no run while it goes, and stops it when asked to, without asking back: nothing has to be put back.</summary>
/// <param name="writer">Standard output, unless what is made goes there.</param>
/// <param name="stopping">What is said then.</param>
internal sealed class StepScreen(Surroundings world, TextWriter writer, string stopping)
{
    public async Task<T> ShowAsync<T>(string name, string intent, bool json, Func<IProgress<StepEvent>, CancellationToken, Task<T>> run, CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        using var interrupts = world.Console.OnInterrupt(_ => Stop(stop));
        if (json)
            return await run(new JsonFace(writer, world.Clock), stop.Token);
        if (!world.Console.IsTerminal)
            return await run(new PlainFace(writer, world.Clock), stop.Token);
        var live = new LiveFace([new PlannedStep(name, intent, null)], world.Clock);
        return await live.ShowAsync(() => run(live, stop.Token));
    }

    private void Stop(CancellationTokenSource stop)
    {
        if (stop.IsCancellationRequested)
            return;
        // First the stop, then the word: a terminal that was closed takes no words.
        stop.Cancel();
        try
        {
            world.Console.Error.WriteLine(stopping);
        }
        catch (IOException)
        {
            // Nobody is there to read it any more.
        }
    }
}
