using Godwit.Faults;
using Godwit.Migration;
using Godwit.PgArchive;
using Godwit.Pipeline;

namespace Godwit.App.Cli.Screens;

/// <summary>Shows the progress of reading an archive. Ctrl-C stops it without a question.</summary>
internal sealed class ArchiveScreen(CliEnvironment world, string step, string intent, long? sizeBytes)
{
    /// <param name="quiet">Standard output is for a program.</param>
    /// <param name="work">Gets the progress reporter, or null.</param>
    /// <param name="end">Makes the final event.</param>
    public async Task<T> RunAsync<T>(
        bool quiet, Func<IProgress<ArchiveProgress>?, CancellationToken, Task<T>> work,
        Func<T, DateTimeOffset, StepEvent> end, CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        using var interrupts = world.Console.OnInterrupt(_ => stop.Cancel());
        if (quiet || !world.Console.IsTerminal)
            return await work(null, stop.Token);
        var face = new LiveFace([new PlannedStep(step, intent, null)], world.Console, world.Clock);
        return await face.ShowAsync(async () =>
        {
            face.Report(new StepStarted(step, world.Clock.GetUtcNow(), intent));
            try
            {
                var result = await work(new Teller(face, step, sizeBytes, world.Clock), stop.Token);
                face.Report(end(result, world.Clock.GetUtcNow()));
                return result;
            }
            catch (FaultException e)
            {
                face.Report(new StepFailed(step, world.Clock.GetUtcNow(), e.Fault));
                throw;
            }
        });
    }

    private sealed class Teller(IProgress<StepEvent> face, string step, long? sizeBytes, TimeProvider clock)
        : IProgress<ArchiveProgress>
    {
        public void Report(ArchiveProgress value) =>
            face.Report(new BytesMoved(step, clock.GetUtcNow(), value.Bytes, sizeBytes));
    }
}
