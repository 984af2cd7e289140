using Godwit.Assess;
using Godwit.Cutover;
using Godwit.Dump;
using Godwit.Journal;
using Godwit.Load;
using Godwit.Pipeline;
using Godwit.Postgres;
using Godwit.Settings;

namespace Godwit.Migration;

/// <summary>The same way with the same steps, from one moment of a source that goes on working: nothing is frozen, and
/// no application learns of it.</summary>
public abstract partial class Route
{
    private const string ThrowAwayName = "GODWIT_REHEARSAL";

    private HeldSnapshot? _moment;

    /// <summary>Of the source, where it goes on working meanwhile; null where it is frozen.</summary>
    private protected string? Snapshot => _moment?.Id;

    internal bool IsRehearsal => _parts.Settings.Rehearsal is not null;

    private IEnumerable<IStep> BuildRehearsal()
    {
        var (settings, source, clock) = (_parts.Settings, _parts.Source, _parts.Clock);
        var isAddOn = settings.Rehearsal == RehearsalKind.AddOn;
        var wishes = new TargetWishes(CreateApp: !isAddOn, settings.Plan, AcceptedByTarget(settings.Accept),
            settings.Clean)
        {
            PgVersion = settings.PgVersion,
            ThrowAwayName = isAddOn ? ThrowAwayName : null,
            PlanLike = isAddOn ? PlanOfAppAsync : null,
        };
        var target = new TargetStep(_target, wishes, source, SourceBytes, _targetLock, _memory, _made, _guard, clock);

        yield return new AssessStep(AssessParts(), _memory);
        yield return isAddOn ? new MadeStep(target, "Destroy the throw-away database", _made.RemoveAsync) : target;
        yield return new MomentStep(source, _memory, DumpMemory.FreezeKey, moment => _moment = moment, clock);
        foreach (var step in BringOver())
            yield return step;
        yield return new CarrySettingsStep(source, SettingsTargets.Of(_target), SettingsCommand(), _memory, clock);
        yield return Verification(() => _moment?.Id);
        if (settings.AcceptCommand is { } command)
            yield return new AcceptStep(command, _target.UrlAsync, _parts.EnvironmentSecrets, _parts.Processes, clock);
        foreach (var step in CleanUp())
            yield return step;
        if (isAddOn)
            yield return new RemoveStep(_made, _parts.Target.App);
    }

    /// <summary>Of the database that a migration would use.</summary>
    private async Task<string?> PlanOfAppAsync(CancellationToken ct) =>
        (await new HerokuTarget(_parts.Heroku, _parts.Target, new VolatileMemory(), RunStory.AddOnKey)
            .FindAddOnAsync(ct))?.Plan.Name;

    private async Task<IReadOnlyList<string>> FindRehearsalLeftAsync(CancellationToken ct) =>
        await _made.FindAddOnAsync(ct) is { } ordered
            ? [$"the throw-away database {ordered} of {_parts.Target.App} is there, and costs money"] : [];
}
