using System.Globalization;
using Godwit.Pipeline;

namespace Godwit.Cutover;

/// <summary>The app runs again, on the new database. The source stays frozen: nobody shall write into the past.</summary>
public sealed class ThawStep(AppFreezer app, string appName, bool froze, IRunMemory memory, string atKey, TimeProvider clock) : IStep
{
    public string Name => "thaw";

    public string Intent => froze
        ? $"Start the workers of {appName} again and end its maintenance; the source stays read-only"
        : "Nothing to thaw (--no-freeze)";

    public Task<Evidence?> FindEvidenceAsync(CancellationToken ct) =>
        Task.FromResult(froze ? null : new Evidence("Nothing was frozen by Godwit", "--no-freeze"));

    public async Task<Evidence> RunAsync(IProgress<StepEvent> progress, CancellationToken ct)
    {
        var putBack = await app.ThawAsync(ct);
        memory.Remember(atKey, memory.Recall(atKey) ?? clock.GetUtcNow().ToString("O", CultureInfo.InvariantCulture));
        return new Evidence($"{appName} runs on the new database", putBack ?? "it was put back before the interruption");
    }
}
