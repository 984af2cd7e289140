// Cutover: stops the writes, points the applications at the target, and lets them run again.
//
// What was before is remembered before anything is changed, so that undoing needs no guess.
using System.Globalization;
using Godwit.Pipeline;

namespace Godwit.Cutover;

/// <summary>No writes from here on, until cut-over or undo.</summary>
/// <param name="source">Null: the user stops the writes.</param>
/// <param name="epochKey">Under which this freeze's own name is remembered; what was read in another freeze is worth nothing.</param>
/// <param name="atKey">Under which the moment is remembered.</param>
/// <param name="thawedAtKey">Under which an earlier attempt may have remembered its thaw: forgotten, because a new one begins.</param>
public sealed class FreezeStep(
    AppFreezer app, string appName, SourceFreezer? source, IRunMemory memory, string epochKey, string atKey, string thawedAtKey, TimeProvider clock) : IUndoableStep
{
    public string Name => "freeze";

    public string Intent => source is null
        ? "Freeze nothing: you stopped the writes yourself (--no-freeze)"
        : $"Stop the writes: {appName} into maintenance with its workers at 0, the source read-only, its sessions ended";

    public string UndoIntent => source is null
        ? "Nothing to undo"
        : $"The source writable as before, {appName} with its workers and its maintenance mode as before";

    public async Task<Evidence?> FindEvidenceAsync(CancellationToken ct)
    {
        if (memory.Recall(epochKey) is null)
            return null;
        if (source is null)
            return NotOurs;
        return await app.IsFrozenAsync(ct) && await source.IsFrozenAsync(ct)
            ? new Evidence("Nothing writes to the source", "it is still read-only, and the app still in maintenance")
            : null;
    }

    public async Task<Evidence> RunAsync(IProgress<StepEvent> progress, CancellationToken ct)
    {
        // A new freeze, a new name: a dump of an earlier one may lack what was written in between.
        var now = clock.GetUtcNow().ToString("O", CultureInfo.InvariantCulture);
        memory.Remember(epochKey, null);
        if (source is null)
        {
            memory.Remember(epochKey, now);
            return NotOurs;
        }

        // Before the act: a run that dies in it has stopped writes too.
        memory.Remember(thawedAtKey, null);
        memory.Remember(atKey, now);
        var stopped = await app.FreezeAsync(ct);
        var ended = await source.FreezeAsync(ct);
        memory.Remember(epochKey, now);
        return new Evidence("Nothing writes to the source",
            $"a new session there is read-only, {ended} sessions were ended; {appName} is in maintenance{(stopped.Length > 0 ? $", stopped: {stopped}" : "")}");
    }

    public async Task<string?> UndoAsync(CancellationToken ct)
    {
        memory.Remember(epochKey, null);
        if (source is null)
            return null;
        var thawed = await source.ThawAsync(ct);
        var apps = await app.ThawAsync(ct);
        return (thawed, apps) switch
        {
            (null, _) => apps,
            (_, null) => thawed,
            _ => $"{thawed}; {apps}",
        };
    }

    private static Evidence NotOurs => new("You stopped the writes to the source", "you said so (--no-freeze)");
}
