// Cutover: stops the writes of apps and source, proves that they stopped, points the apps at the target, and starts
// them again.
//
// The former state is remembered before anything is changed, so that undoing needs no guess. Nothing here knows how the
// data is copied or compared.
using System.Globalization;
using Godwit.Faults;
using Godwit.Pipeline;

namespace Godwit.Cutover.Freeze;

/// <summary>Stops all writes until cut-over or undo.</summary>
/// <param name="source">Null: the user stops the writes.</param>
/// <param name="epochKey">Names this freeze. Data that was read in another freeze is not used.</param>
/// <param name="atKey">When the freeze began.</param>
/// <param name="thawedAtKey">The thaw of an earlier attempt; forgotten when a new freeze begins.</param>
/// <param name="stays">Apps that an undo does not start, because their database was emptied.</param>
public sealed class FreezeStep(
    AppsFreezer apps, SourceFreezer? source, IRunMemory memory, RunKey<string> epochKey,
    RunKey<DateTimeOffset?> atKey, RunKey<DateTimeOffset?> thawedAtKey,
    Func<IReadOnlyList<string>> stays, TimeProvider clock) : IUndoableStep, IPreviewedStep
{
    public string Name => "freeze";

    public StepTraits Traits => StepTraits.Downtime | StepTraits.StopsWrites;

    public string Intent => source is null
        ? "Freeze nothing: you stopped the writes yourself (--freeze none)"
        : $"Stop the writes: {apps.Clause($"{apps.Names} into maintenance, {apps.What} to 0, ")}"
            + "the source read-only, its sessions ended"
            + (source.Revokes ? ", nobody else let in" : "");

    public string UndoIntent => source is null
        ? "The source was not touched" + apps.Clause(
            $"; {apps.Names} in service as before, if a rollback has stopped {(apps.Count == 1 ? "it" : "them")}")
        : $"The source {(source.Revokes ? "open and " : "")}writable as before"
            + apps.Clause($", {apps.Names} with {apps.What} and maintenance mode as before");

    /// <summary>Whether a run has left something frozen.</summary>
    /// <param name="remembered">Keys in the run's memory.</param>
    public static bool IsLeft(IEnumerable<string> remembered) => remembered.Any(key =>
        key == SourceFreezer.BeforeKey.Name || (key.StartsWith(AppFreezer.Prefix, StringComparison.Ordinal)
            && key.EndsWith(AppFreezer.Maintenance, StringComparison.Ordinal)));

    public static bool IsSourceLeft(IRunMemory memory) => memory.Recall(SourceFreezer.BeforeKey) is not null;

    /// <summary>Only the apps: assess reports on the source.</summary>
    public async Task<IReadOnlyList<StepPreview>> PreviewAsync(CancellationToken ct) =>
        source is null ? [] : await apps.PreviewAsync(ct);

    public async Task<Evidence?> FindEvidenceAsync(CancellationToken ct)
    {
        if (memory.Recall(epochKey) is null)
            return null;
        if (source is null)
            return NotOurs;
        return await apps.IsFrozenAsync(ct) && await source.IsFrozenAsync(ct)
            ? new Evidence("Nothing writes to the source",
                "it is still read-only, and nobody has written since the freeze"
                    + apps.Clause($"; {apps.Names} still in maintenance"))
            : null;
    }

    public async Task<Evidence> RunAsync(IProgress<StepEvent> progress, CancellationToken ct)
    {
        // An earlier freeze's dump may lack rows written since, so each freeze has a new name.
        var now = clock.GetUtcNow();
        var epoch = now.ToString("O", CultureInfo.InvariantCulture);
        memory.Remember(epochKey, null);
        if (source is null)
        {
            memory.Remember(epochKey, epoch);
            return NotOurs;
        }

        // Before any app stops: a source that cannot be frozen must not cause downtime.
        var accepted = await source.RequireFreezableAsync(ct);
        // Before the act: a crash in it also leaves writes stopped.
        memory.Remember(thawedAtKey, null);
        memory.Remember(atKey, now);
        var stopped = await apps.FreezeAsync(ct);
        foreach (var (app, dyno) in stopped.OneOffs)
        {
            progress.Report(new Observed(Name, clock.GetUtcNow(), "cutover.one_off_dyno", Severity.Warning,
                $"A one-off dyno of {app} runs on: {dyno.Name}",
                "no quantity stops "
                + $"it{(dyno.Command is null ? "" : $", and it runs `{Redactor.Clean(dyno.Command)}`")}; "
                + "its session at the source is ended, but whatever else it does goes on",
                $"Stop it, if it must not: heroku ps:stop --dyno-name {dyno.Name} --app {app}"));
        }

        var frozen = await source.FreezeAsync(ct);
        foreach (var fault in accepted.Concat(frozen.Accepted).DistinctBy(fault => fault.Code))
            progress.Report(new Observed(Name, clock.GetUtcNow(),
                Finding.Warning(fault, $"You accepted this with --accept {fault.Code}.")));
        Tell(frozen, progress);
        memory.Remember(epochKey, epoch);
        return new Evidence("Nothing writes to the source",
            frozen.Proof + apps.Clause($"; in maintenance, {apps.What} at 0: {stopped.Stopped}"));
    }

    public async Task<string?> UndoAsync(CancellationToken ct)
    {
        memory.Remember(epochKey, null);
        var thawed = source is null ? null : await source.ThawAsync(ct);
        // Also with nothing frozen: a rollback stops the apps before it compares.
        var stopped = apps.NamesOfLeft.Intersect(stays()).ToList();
        var ran = await apps.ThawAsync(ct, stopped);
        if (stopped.Count > 0)
        {
            ran = $"{(ran is null ? "" : ran + "; ")}out of service until the database that was emptied is restored: "
                + string.Join(", ", stopped);
        }

        return (thawed, ran) switch
        {
            (null, _) => ran,
            (_, null) => thawed,
            _ => $"{thawed}; {ran}",
        };
    }

    public async Task<IReadOnlyList<string>> FindLeftAsync(CancellationToken ct) =>
        [.. source is null ? [] : await source.FindLeftAsync(ct), .. await apps.FindLeftAsync(ct)];

    private void Tell(SourceFrozen frozen, IProgress<StepEvent> progress)
    {
        if (frozen.Writers.Count > 0)
        {
            progress.Report(new Observed(Name, clock.GetUtcNow(), "cutover.writers_ended", Severity.Note,
                $"Transactions that were writing were ended: {FreezeObstacles.Some(frozen.Writers)}",
                "what they had not committed was rolled back, as their programs were told by the broken connection",
                ""));
        }

        if (frozen.NotLockedOut.Count > 0)
        {
            progress.Report(new Observed(Name, clock.GetUtcNow(), "cutover.not_locked_out", Severity.Note,
                $"Roles that can still connect to the source: {FreezeObstacles.Some(frozen.NotLockedOut)}",
                "no grant gives them that right, so none can be taken; "
                + "that the database is read-only holds for them, too, unless they switch it off", ""));
        }
    }

    private static Evidence NotOurs => new("You stopped the writes to the source", "you said so (--freeze none)");
}
